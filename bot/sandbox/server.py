"""The sandbox's doors: both platforms over one real socket."""

import asyncio
import json
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from bot.sandbox.both import Both
from bot.sandbox.control import Control
from bot.sandbox.faults import Fault
from bot.sandbox.guard import guarded
from bot.sandbox.page import Page
from bot.sandbox.phones import Request
from bot.sandbox.telegram import weight
from bot.sandbox.telegram_params import MAX_UPLOAD, Params, Upload
from bot.sandbox.viber import parsed, refused
from bot.sandbox.viber_rules import ViberRefusal

JSON = dict[str, Any]

_HTML = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n</body>\r\n</html>\r\n"


class Answer(web.Response):
    """A response that remembers what was wrong, for the list of requests."""

    error = ""

    @classmethod
    def of(cls, body: JSON, status: int = 200, headers: dict[str, str] | None = None, error: str = "") -> "Answer":
        answer = cls(
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
            status=status,
            headers=headers,
            content_type="application/json",
        )
        answer.error = error
        return answer


class Sandbox(Both):
    """Both platforms at a real address, with people on them. See the package's docstring."""

    #: Requests that have come in and are not answered yet.
    in_flight = 0
    _runner: web.AppRunner | None = None
    _session: aiohttp.ClientSession | None = None

    @cached_property
    def page(self) -> Page:
        return Page(self)

    # -- life

    async def __aenter__(self) -> "Sandbox":
        await self.start()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self.stop()

    async def start(self) -> None:
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port, backlog=1024)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.telegram.open(self._session)
        self.viber.open(self._session)

    async def stop(self) -> None:
        for wire in self.wires.values():
            wire.cut()
        await self.telegram.close()
        await self.viber.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    def app(self) -> web.Application:
        """The application alone, to be served by other means."""
        app = web.Application(client_max_size=2 * MAX_UPLOAD, middlewares=[guarded])
        app.router.add_route("*", "/telegram/bot{token:[^/]*}/{method:[^/]*}", self._telegram)
        app.router.add_route("*", "/telegram/bot{token:[^/]*}/test/{method:[^/]*}", self._telegram)
        app.router.add_get("/telegram/file/bot{token:[^/]*}/{path:.*}", self._telegram_file)
        app.router.add_route("*", "/viber/pa/{method:.*}", self._viber)
        Control(self).add_routes(app)
        self.page.add_routes(app)
        return app

    # -- Telegram

    async def _telegram(self, request: web.Request) -> web.StreamResponse:
        token, method = unquote(request.match_info["token"]), request.match_info["method"]
        begun = time.perf_counter()
        params = await _params(request)
        chat = str(params.values.get("chat_id", ""))

        async def execute() -> Answer:
            return await self._answer_telegram(token, method, params, chat)

        fault = self.faults.take("telegram", method, (chat,))
        return await self._served(request, "telegram", method, chat, begun, fault, execute)

    async def _answer_telegram(self, token: str, method: str, params: Params, chat: str) -> Answer:
        units = weight(method, params) if self.pace.on else 0
        if units:
            known = self.telegram.world.find_chat(chat)
            place = str(known.id) if known is not None else chat
            if wait := self.pace.telegram(token, place, units, paid=params.flag("allow_paid_broadcast")):
                return flooded("telegram", wait)
        status, body = await self.telegram.answer(token, method, params)
        return Answer.of(body, status, error=str(body.get("description", "")))

    async def _telegram_file(self, request: web.Request) -> web.StreamResponse:
        content = self.telegram.file(unquote(request.match_info["token"]), request.match_info["path"])
        if content is None:
            return Answer.of({"ok": False, "error_code": 404, "description": "Not Found"}, 404)
        return web.Response(body=content, content_type="application/octet-stream")

    # -- Viber

    async def _viber(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        begun = time.perf_counter()
        raw = await request.read()
        body: JSON = {}
        wrong: ViberRefusal | None = None
        try:
            body = parsed(raw)
        except ViberRefusal as refusal:
            wrong = refusal
        receivers = body.get("broadcast_list")
        single = [body["receiver"]] if body.get("receiver") else []
        chats = [*map(str, single), *map(str, receivers if isinstance(receivers, list) else ())]
        token = request.headers.get("X-Viber-Auth-Token", "")

        async def execute() -> Answer:
            if wrong is not None:
                return Answer.of(refused(wrong.status, str(wrong)), error=f"{wrong.status} {wrong}")
            return await self._answer_viber(method, token, body)

        fault = self.faults.take("viber", method, chats)
        return await self._served(request, "viber", method, chats[0] if chats else "", begun, fault, execute)

    async def _answer_viber(self, method: str, token: str, body: JSON) -> Answer:
        if method.startswith(("send", "broadcast", "post")) and self.pace.viber(token or str(body.get("auth_token"))):
            return flooded("viber", 1)
        result = await self.viber.answer(method, token, body)
        if result is None:
            return Answer.of({"status": 404, "status_message": "Not Found"}, 404, error="Not Found")
        status = result["status"]
        return Answer.of(result, error=f"{status} {result['status_message']}" if status else "")

    # -- both

    async def _served(
        self,
        request: web.Request,
        platform: str,
        method: str,
        chat: str,
        begun: float,
        fault: Fault | None,
        execute: Callable[[], Any],
    ) -> web.StreamResponse:
        self.in_flight += 1
        try:
            answer = await execute() if fault is None else await troubled(request, platform, fault, execute)
        finally:
            self.in_flight -= 1
        status = answer.status if answer is not None else 0
        error = getattr(answer, "error", "") or (fault.kind if fault is not None else "")
        duration = time.perf_counter() - begun
        self.board.tell_request(Request(platform, method, status, duration, self.board.now(), chat, error))
        return answer if answer is not None else web.Response()


async def troubled(
    request: web.Request, platform: str, fault: Fault, execute: Callable[[], Any]
) -> web.StreamResponse | None:
    """Answer a request that met a fault; None when the connection is gone."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.delay)
    answer: Answer | None = await execute() if fault.execute else None
    if fault.kind != "slow" and fault.delay:
        await asyncio.sleep(fault.delay)
    match fault.kind:
        case "drop_before" | "drop_after":
            hang_up(request)
            return None
        case "500" | "502":
            title = "500 Internal Server Error" if fault.kind == "500" else "502 Bad Gateway"
            return web.Response(status=int(fault.kind), text=_HTML.format(title), content_type="text/html")
        case "html200":
            return web.Response(text=_HTML.format("One moment"), content_type="text/html")
        case "429":
            return flooded(platform, fault.retry_after)
        case "refuse":
            return refusing(platform, fault)
        case "http429":
            return web.Response(status=429, text=_HTML.format("429 Too Many Requests"), content_type="text/html")
        case "half":
            half(request, answer)
            return None
        case _:
            return answer


def hang_up(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def half(request: web.Request, answer: Answer | None) -> None:
    """Promise a whole body, send half of it, hang up."""
    body = bytes(answer.body or b"{}") if answer is not None and isinstance(answer.body, bytes) else b"{}"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    if request.transport is not None and not request.transport.is_closing():
        transport = cast("asyncio.WriteTransport", request.transport)  # which uvloop's only looks like
        transport.write(head + body[: len(body) // 2])
        transport.close()


def refusing(platform: str, fault: Fault) -> Answer:
    """The refusal that the fault names, as the platform words it."""
    if platform == "viber":
        body = refused(fault.code, fault.text)
        return Answer.of(body, error=f"{fault.code} {body['status_message']}")
    return Answer.of({"ok": False, "error_code": fault.code, "description": fault.text}, fault.code, error=fault.text)


def flooded(platform: str, wait: int) -> Answer:
    """The answer to a request that comes too fast, as the platform words it."""
    if platform == "viber":
        return Answer.of(refused(12, "Too many requests"), error="12 Too many requests")
    description = f"Too Many Requests: retry after {wait}"
    body = {"ok": False, "error_code": 429, "description": description, "parameters": {"retry_after": wait}}
    return Answer.of(body, 429, {"Retry-After": str(wait)}, error=description)


async def _params(request: web.Request) -> Params:
    """Parameters from a query, a form, JSON or multipart, whichever the client sent."""
    values: JSON = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw or b"{}")
        except ValueError:
            body = {}
        values |= body if isinstance(body, dict) else {}
    elif request.content_type == "multipart/form-data":
        await _multipart(request, values, files)
    elif request.can_read_body:
        values |= dict(await request.post())
    return Params(values, files)


async def _multipart(request: web.Request, values: JSON, files: dict[str, Upload]) -> None:
    async for part in await request.multipart():
        assert isinstance(part, aiohttp.BodyPartReader)
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            values[part.name or ""] = content.decode()
        else:
            files[part.name or ""] = Upload(part.filename, content)
