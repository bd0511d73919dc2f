"""The sandbox's control API over HTTP, for other processes."""

import asyncio
import dataclasses
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from aiohttp import web

from bot.sandbox.both import Both

#: Acts of people and owners, which take POST.
_ACTS = {
    "telegram": (
        "add_bot", "add_person", "add_channel", "add_group", "set_admin", "add_bot_to", "remove_bot", "set_member",
        "migrate", "deactivate", "say", "send_photo", "send_video", "send_album", "forward", "press", "block",
        "unblock", "revoke", "post", "edit", "delete", "finish_encoding", "age", "close_topic", "delete_topic",
    ),
    "viber": (
        "add_bot", "add_channel", "add_person", "revoke", "unregister", "fail_next", "open_chat", "say",
        "send_picture", "send_video", "press", "subscribe", "unsubscribe", "read", "delete_post",
    ),
    "faults": ("add", "clear"),
    "pace": ("strict", "off"),
}  # fmt: skip
#: Looks, which change nothing and may be asked for with GET, too.
_LOOKS = {
    "telegram": ("phone", "commands", "toasts", "topics"),
    "viber": ("phone", "channel_phone", "keyboard"),
}
_SWITCHES = {
    "telegram": ("reencode_videos", "open_house", "presses_carry"),
    "viber": ("open_house", "swap_webhook_fields"),
}


class Control:
    """POST /control/{who}/{what} with a JSON object of arguments; GET looks, with arguments in the query."""

    def __init__(self, both: Both) -> None:
        self.both = both
        self.looks = _named(both, _LOOKS)
        self.actions = {
            **self.looks,
            **_named(both, _ACTS),
            "telegram/switch": self._switch("telegram"),
            "viber/switch": self._switch("viber"),
        }

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/control", self._index)
        app.router.add_get("/control/requests", self._requests)
        app.router.add_get("/control/story", self._story)
        app.router.add_get("/control/watch", self._watch)
        app.router.add_get("/control/{action:.+}", self._look)
        app.router.add_post("/control/{action:.+}", self._act)

    def _switch(self, platform: str) -> Callable[..., None]:
        def switch(**switches: bool | str) -> None:
            for name, on in switches.items():
                if name not in _SWITCHES[platform]:
                    raise LookupError(f"no switch {name}; there are {', '.join(_SWITCHES[platform])}")
                setattr(getattr(self.both, platform), name, on)

        return switch

    async def _index(self, request: web.Request) -> web.Response:
        urls = {"telegram": self.both.telegram_url, "viber": self.both.viber_url}
        return _answer({"urls": urls, "actions": sorted(self.actions)})

    async def _look(self, request: web.Request) -> web.Response:
        name = request.match_info["action"]
        if name in self.actions and name not in self.looks:
            return _answer("this acts; POST it with a JSON object of its arguments", 405, {"Allow": "POST"})
        # Viber's ids are text even when they look like numbers.
        guess = str if name.startswith("viber/") else _guess
        return await self._run(name, {key: guess(value) for key, value in request.query.items()})

    async def _act(self, request: web.Request) -> web.Response:
        try:
            arguments = json.loads(await request.read() or b"{}")
        except ValueError:
            return _answer("the request is not JSON", 400)
        if not isinstance(arguments, dict):
            return _answer("arguments must be a JSON object", 400)
        return await self._run(request.match_info["action"], arguments)

    async def _run(self, name: str, arguments: dict[str, Any]) -> web.Response:
        action = self.actions.get(name)
        if action is None:
            return _answer("no such action; GET /control lists them", 404)
        try:
            result = action(**arguments)
            return _answer(await result if inspect.isawaitable(result) else result)
        except (AttributeError, LookupError, TypeError, ValueError, PermissionError) as error:
            return _answer(str(error), 400)

    async def _requests(self, request: web.Request) -> web.Response:
        try:
            last = int(request.query.get("last", "100"))
        except ValueError:
            return _answer("last must be a whole number", 400)
        kept = self.both.requests
        return _answer(list(islice(kept, max(0, len(kept) - max(0, last)), None)))

    async def _story(self, request: web.Request) -> web.Response:
        return web.Response(text=self.both.story())

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        """Events as lines of JSON, until the client leaves or the sandbox closes."""
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        watch = self.both.watch()
        await response.prepare(request)
        try:
            async for event in watch:
                await response.write(json.dumps(_plain(event), ensure_ascii=False).encode() + b"\n")
        except (ConnectionError, asyncio.CancelledError):
            return response
        return response


def _named(both: Both, names: Mapping[str, Sequence[str]]) -> dict[str, Callable[..., Any]]:
    """The methods of both platforms, of the faults and of the pace by the names under which they are called."""
    return {f"{part}/{name}": getattr(getattr(both, part), name) for part in names for name in names[part]}


def _guess(value: str) -> Any:
    """The value as JSON reads it, if it can: a query's numbers, true and false are meant as such."""
    try:
        return json.loads(value)
    except ValueError:
        return value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _answer(result: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    body = {"ok": True, "result": _plain(result)} if status == 200 else {"ok": False, "error": result}
    dumps = partial(json.dumps, ensure_ascii=False)
    return web.json_response(body, status=status, headers=headers, dumps=dumps)
