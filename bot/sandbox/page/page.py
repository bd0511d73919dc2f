"""The page's doors: its three files, its live events, its pictures, and what people do on it."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from importlib import resources
from typing import Any

import aiohttp
from aiohttp import web

from bot.sandbox.both import Both
from bot.sandbox.page.cast import Phone, bubbles_of
from bot.sandbox.page.live import live
from bot.sandbox.page.playbill import Playbill
from bot.sandbox.phones import Event

JSON = dict[str, Any]

#: With these the page loads nothing from elsewhere and runs nothing but its own script.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
FILES = {
    "/": ("index.html", "text/html"),
    "/page/style.css": ("style.css", "text/css"),
    "/page/page.js": ("page.js", "text/javascript"),
}


class Page(Playbill):
    """The playbill with doors. See the package's docstring."""

    def __init__(self, both: Both) -> None:
        super().__init__(both)
        self._doing: Mapping[str, Callable[[JSON], Awaitable[object]]] = {
            "say": self._say,
            "press": self._press,
            "forward": self._forward,
            "block": partial(self._turn, both.telegram.block, both.viber.unsubscribe),
            "unblock": partial(self._turn, both.telegram.unblock, both.viber.subscribe),
            "read": self._read,
            "sample": self._sample,
            "fault": self._fault,
            "action": self._action,
            "language": self._language,
        }

    def add_routes(self, app: web.Application) -> None:
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/page/events", self._events)
        app.router.add_get("/page/picture", self._picture)
        app.router.add_post("/page/{act}", self._act)

    # -- what the browser gets

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = FILES[request.path]
        text = resources.files(__package__).joinpath(name).read_text("utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        return await live(self, request)

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture by the name under which a phone shows it: never fetched from anywhere but this machine."""
        name = request.query.get("of", "")
        content = self.both.telegram.picture(name) or await self._fetched(name)
        content = self.posters.get(hashlib.sha256(content).hexdigest(), content)
        if not content:
            raise web.HTTPNotFound
        kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
        return web.Response(body=content, content_type=kind, headers=HEADERS | {"Cache-Control": "max-age=3600"})

    async def _fetched(self, address: str) -> bytes:
        local = self.board.routed(address)
        if local == address:
            return b""
        try:
            async with aiohttp.ClientSession() as session, session.get(local) as answer:
                return await answer.read() if answer.status == 200 else b""
        except aiohttp.ClientError:
            return b""

    # -- what people do on it

    async def _act(self, request: web.Request) -> web.Response:
        act = self._doing.get(request.match_info["act"])
        if act is None:
            raise web.HTTPNotFound
        try:
            body = json.loads(await request.read())
            await act(body)
        except (LookupError, TypeError, ValueError, PermissionError) as error:
            return web.json_response({"error": str(error)}, status=400)
        if "phone" in body:
            platform, _, chat = str(body["phone"]).partition(":")
            self.board.tell(Event("person", platform, chat, self.board.now()))
        return web.json_response({})

    async def _say(self, body: JSON) -> None:
        phone, text = self._phone(body), str(body["text"])
        if phone.platform == "telegram":
            await self.both.telegram.say(int(phone.chat), text)
        else:
            await self._open_viber(phone.chat)
            await self.both.viber.say(phone.chat, text)

    async def _open_viber(self, person: str) -> None:
        """Open the chat: the first time Viber shows a greeting, if the bot sends one in time."""
        offline = "viber offline" in self.switches.on()
        if not offline and not self.both.viber.phone(person):
            await self.both.viber.open_chat(person)

    async def _press(self, body: JSON) -> None:
        phone = self._phone(body)
        if phone.platform == "telegram":
            await self.both.telegram.press(int(phone.chat), int(body["message"]), str(body["action"]))
        else:
            await self.both.viber.press(phone.chat, str(body["action"]))

    async def _forward(self, body: JSON) -> None:
        """Forward a message to the bot. On Viber it arrives as the person's own: bots are not told of an origin."""
        phone, source = self._phone(body), self._phone(body, "source")
        message = int(body["message"])
        if phone.platform == source.platform == "telegram":
            await self.both.telegram.forward(int(phone.chat), int(source.chat), message)
            return
        bubble = next(bubble for bubble in bubbles_of(self.both, source) if bubble.message_id == message)
        await self._say({"phone": phone.key, "text": bubble.text})

    async def _turn(
        self, on_telegram: Callable[[int], Awaitable[None]], on_viber: Callable[[str], Awaitable[None]], body: JSON
    ) -> None:
        """Block or unblock the bot; on Viber that turns its messages off or on."""
        phone = self._phone(body)
        await (on_telegram(int(phone.chat)) if phone.platform == "telegram" else on_viber(phone.chat))

    async def _read(self, body: JSON) -> None:
        phone = self._phone(body)
        if phone.platform == "viber" and not phone.channel:
            await self.both.viber.read(phone.chat)

    async def _sample(self, body: JSON) -> None:
        """Send a sample as an editor pastes it: a picture with its caption, or one long text after /queue."""
        phone = self._phone(body)
        sample = next((sample for sample in self.samples if sample.key == body["sample"]), None)
        if sample is None:
            raise LookupError(f"no sample {body['sample']}")
        if sample.does:
            await self.actions[sample.does]()
        elif sample.picture and phone.platform == "telegram":
            await self.both.telegram.send_photo(int(phone.chat), sample.text, sample.picture)
        else:
            await self._say({"phone": phone.key, "text": f"/queue {sample.text}"})

    async def _fault(self, body: JSON) -> None:
        await self.switches.set(str(body["platform"]), str(body["fault"]), bool(body["on"]))
        self.changed()

    async def _action(self, body: JSON) -> None:
        await self.actions[str(body["action"])]()

    async def _language(self, body: JSON) -> None:
        await self.turn(str(body["language"]))

    def _phone(self, body: JSON, name: str = "phone") -> Phone:
        key = str(body[name])
        found = next((phone for phone in self.cast() if phone.key == key), None)
        if found is None:
            raise LookupError(f"no phone {key}")
        return found
