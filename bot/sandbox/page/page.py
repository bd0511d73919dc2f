"""The page's doors: its three files, its live events, its pictures, and what people do on it."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot.sandbox.page.cast import Phone, Sample, bubbles_of, everyone
from bot.sandbox.page.live import live
from bot.sandbox.page.switches import Switches
from bot.sandbox.phones import Event

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

JSON = dict[str, Any]

#: Nothing comes from elsewhere, nothing runs that is not ours.
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
#: Names under which a browser on this machine may come; any other is a stranger's page that points here.
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class Page:
    """See the package's docstring. Nothing here is kept from one request to the next: a reload loses nothing."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.board = sandbox.board
        self.switches = Switches(sandbox)
        self.phones: Sequence[Phone] = ()
        self.samples: Sequence[Sample] = ()
        #: Buttons that only who plays can offer; the page has words for `skip`, `hour` and `restart`.
        self.actions: Mapping[str, Callable[[], Awaitable[None]]] = {}
        #: More for the strip: `bot` (running, starting or down), `why`, and in ms `next`, the next posting time, and
        #: `leaving`, when what can still be stopped goes out.
        self.status: Callable[[], JSON] = dict
        self.time_zone = "Europe/Kyiv"
        #: Pictures that stand at addresses which do not exist outside of the play.
        self.pictures: Mapping[str, bytes] = {}
        self._doing: Mapping[str, Callable[[JSON], Awaitable[object]]] = {
            "say": self._say,
            "press": self._press,
            "forward": self._forward,
            "block": partial(self._turn, sandbox.telegram.block, sandbox.viber.unsubscribe),
            "unblock": partial(self._turn, sandbox.telegram.unblock, sandbox.viber.subscribe),
            "read": self._read,
            "sample": self._sample,
            "fault": self._fault,
            "action": self._action,
        }

    def add_routes(self, app: web.Application) -> None:
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/page/events", self._events)
        app.router.add_get("/page/picture", self._picture)
        app.router.add_post("/page/{act}", self._act)

    def cast(self) -> Sequence[Phone]:
        return self.phones or tuple(everyone(self.sandbox))

    def changed(self) -> None:
        """The strip on top has news."""
        self.board.tell(Event("stage", "", "", self.board.now()))

    # -- what the browser gets

    async def _file(self, request: web.Request) -> web.Response:
        name, kind = FILES[request.path]
        text = resources.files(__package__).joinpath(name).read_text("utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        check_local(request)
        return await live(self, request)

    async def _picture(self, request: web.Request) -> web.Response:
        """A picture by the name under which a phone shows it: never fetched from anywhere but this machine."""
        name = request.query.get("of", "")
        content = self.pictures.get(name) or self.sandbox.telegram.picture(name) or await self._fetched(name)
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
        check_local(request)
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
            await self.sandbox.telegram.say(int(phone.chat), text)
        else:
            await self._open_viber(phone.chat)
            await self.sandbox.viber.say(phone.chat, text)

    async def _open_viber(self, person: str) -> None:
        """Viber greets whoever opens the chat for the first time, if the bot says in time how."""
        offline = "viber offline" in self.switches.on()
        if not offline and not self.sandbox.viber.phone(person):
            await self.sandbox.viber.open_chat(person)

    async def _press(self, body: JSON) -> None:
        phone = self._phone(body)
        if phone.platform == "telegram":
            await self.sandbox.telegram.press(int(phone.chat), int(body["message"]), str(body["action"]))
        else:
            await self.sandbox.viber.press(phone.chat, str(body["action"]))

    async def _forward(self, body: JSON) -> None:
        """To the bot. Viber's bots are not told where a forwarded text comes from: it arrives as the person's own."""
        phone, source = self._phone(body), self._phone(body, "source")
        message = int(body["message"])
        if phone.platform == source.platform == "telegram":
            await self.sandbox.telegram.forward(int(phone.chat), int(source.chat), message)
            return
        bubble = next(bubble for bubble in bubbles_of(self.sandbox, source) if bubble.message_id == message)
        await self._say({"phone": phone.key, "text": bubble.text})

    async def _turn(
        self, on_telegram: Callable[[int], Awaitable[None]], on_viber: Callable[[str], Awaitable[None]], body: JSON
    ) -> None:
        """Block the bot, or take it back; on Viber that is whether one receives its messages."""
        phone = self._phone(body)
        await (on_telegram(int(phone.chat)) if phone.platform == "telegram" else on_viber(phone.chat))

    async def _read(self, body: JSON) -> None:
        phone = self._phone(body)
        if phone.platform == "viber" and not phone.channel:
            await self.sandbox.viber.read(phone.chat)

    async def _sample(self, body: JSON) -> None:
        """As an editor pastes it: a picture with its caption, or one long text after /queue."""
        phone = self._phone(body)
        sample = next((sample for sample in self.samples if sample.key == body["sample"]), None)
        if sample is None:
            raise LookupError(f"no sample {body['sample']}")
        if sample.picture and phone.platform == "telegram":
            await self.sandbox.telegram.send_photo(int(phone.chat), sample.text, sample.picture)
        else:
            await self._say({"phone": phone.key, "text": f"/queue {sample.text}"})

    async def _fault(self, body: JSON) -> None:
        await self.switches.set(str(body["platform"]), str(body["fault"]), bool(body["on"]))
        self.changed()

    async def _action(self, body: JSON) -> None:
        await self.actions[str(body["action"])]()

    def _phone(self, body: JSON, name: str = "phone") -> Phone:
        key = str(body[name])
        found = next((phone for phone in self.cast() if phone.key == key), None)
        if found is None:
            raise LookupError(f"no phone {key}")
        return found


def check_local(request: web.Request) -> None:
    """Only our own page, in a browser on this machine. Raises HTTP 403."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin", "")
    if host not in LOCAL_HOSTS or (origin and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="This page is only for browsers on this machine.")
