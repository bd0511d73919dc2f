"""The sandbox's control over HTTP, for people in other processes."""

import asyncio
import dataclasses
import inspect
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from bot.sandbox.server import Sandbox

_TELEGRAM = (
    "add_bot", "add_person", "add_channel", "add_group", "set_admin", "add_bot_to", "remove_bot", "set_member",
    "migrate", "deactivate", "say", "send_photo", "send_video", "send_album", "forward", "press", "block", "unblock",
    "revoke", "post", "edit", "delete", "finish_encoding", "phone", "commands", "toasts", "age",
    "topics", "close_topic", "delete_topic",
)  # fmt: skip
_VIBER = (
    "add_bot", "add_channel", "add_person", "revoke", "unregister", "fail_next", "open_chat", "say", "send_picture",
    "send_video", "press", "subscribe", "unsubscribe", "read", "delete_post", "phone", "channel_phone", "keyboard",
)  # fmt: skip
_SWITCHES = {"telegram": ("reencode_videos", "open_house"), "viber": ("open_house", "swap_webhook_fields")}


class Control:
    """POST /control/{who}/{what} with a JSON object of arguments; GET looks, with arguments in the query."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self.actions: dict[str, Callable[..., Any]] = {
            **{f"telegram/{name}": getattr(sandbox.telegram, name) for name in _TELEGRAM},
            **{f"viber/{name}": getattr(sandbox.viber, name) for name in _VIBER},
            "faults/add": sandbox.faults.add,
            "faults/clear": sandbox.faults.clear,
            "pace/strict": sandbox.pace.strict,
            "pace/off": sandbox.pace.off,
            "telegram/switch": self._switch("telegram"),
            "viber/switch": self._switch("viber"),
        }

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/control", self._index)
        app.router.add_get("/control/requests", self._requests)
        app.router.add_get("/control/story", self._story)
        app.router.add_get("/control/watch", self._watch)
        app.router.add_route("*", "/control/{action:.+}", self._act)

    def _switch(self, platform: str) -> Callable[..., None]:
        def switch(**switches: bool) -> None:
            for name, on in switches.items():
                if name not in _SWITCHES[platform]:
                    raise LookupError(f"no switch {name}; there are {', '.join(_SWITCHES[platform])}")
                setattr(getattr(self.sandbox, platform), name, on)

        return switch

    async def _index(self, request: web.Request) -> web.Response:
        urls = {"telegram": self.sandbox.telegram_url, "viber": self.sandbox.viber_url}
        return _answer({"urls": urls, "actions": sorted(self.actions)})

    async def _act(self, request: web.Request) -> web.Response:
        action = self.actions.get(request.match_info["action"])
        if action is None:
            return _answer("no such action; GET /control lists them", 404)
        try:
            result = action(**await _arguments(request))
            return _answer(await result if inspect.isawaitable(result) else result)
        except (LookupError, TypeError, ValueError, PermissionError) as error:
            return _answer(str(error), 400)

    async def _requests(self, request: web.Request) -> web.Response:
        last = int(request.query.get("last", "100"))
        return _answer(list(self.sandbox.requests)[-last:])

    async def _story(self, request: web.Request) -> web.Response:
        return web.Response(text=self.sandbox.story())

    async def _watch(self, request: web.Request) -> web.StreamResponse:
        """Events as lines of JSON, until the client leaves or the sandbox closes."""
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        watch = self.sandbox.watch()
        await response.prepare(request)
        try:
            async for event in watch:
                await response.write(json.dumps(_plain(event), ensure_ascii=False).encode() + b"\n")
        except (ConnectionError, asyncio.CancelledError):
            return response
        return response


async def _arguments(request: web.Request) -> dict[str, Any]:
    if request.method == "GET":
        # Viber's ids are text even when they look like numbers.
        guess = str if "/viber/" in request.path else _guess
        return {name: guess(value) for name, value in request.query.items()}
    raw = await request.read()
    arguments = json.loads(raw or b"{}")
    if not isinstance(arguments, dict):
        raise TypeError("arguments must be a JSON object")
    return arguments


def _guess(value: str) -> Any:
    """A query's numbers and true/false are meant as such."""
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


def _answer(result: Any, status: int = 200) -> web.Response:
    body = {"ok": True, "result": _plain(result)} if status == 200 else {"ok": False, "error": result}
    return web.json_response(body, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
