"""The sandbox's doors: both platforms over one real socket."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import formatdate
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web

from bot.sandbox.answers import Answer, flooded, troubled
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to a platform, the instant at which it began to be read, and the fault that it meets."""

    platform: str
    method: str
    chat: str
    begun: float
    fault: Fault | None


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
            server = self._runner.server
            lines = [each.transport for each in server.connections] if server is not None else []
            await self._runner.cleanup()
            for line in lines:  # closing waits for a reader who takes the rest, and there may be none
                if isinstance(line, asyncio.WriteTransport):
                    line.abort()
        if self._session is not None:
            await self._session.close()

    def app(self) -> web.Application:
        """The application alone, to be served by other means."""
        app = web.Application(client_max_size=2 * MAX_UPLOAD, middlewares=[guarded])
        app.on_response_prepare.append(self._date)
        app.router.add_route("*", "/telegram/bot{token:[^/]*}/{method:[^/]*}", self._telegram)
        app.router.add_route("*", "/telegram/bot{token:[^/]*}/test/{method:[^/]*}", self._telegram)
        app.router.add_get("/telegram/file/bot{token:[^/]*}/{path:.*}", self._telegram_file)
        app.router.add_route("*", "/viber/pa/{method:.*}", self._viber)
        app.router.add_get("/internet", self.internet.serve)
        Control(self).add_routes(app)
        self.page.add_routes(app)
        return app

    async def _date(self, _request: web.Request, answer: web.StreamResponse) -> None:
        """Date an answer by the platforms' clock."""
        answer.headers["Date"] = formatdate(self.board.now(), usegmt=True)

    # -- Telegram

    async def _telegram(self, request: web.Request) -> web.StreamResponse:
        token, method = unquote(request.match_info["token"]), request.match_info["method"]
        begun = time.perf_counter()
        params = await _params(request)
        chat = str(params.values.get("chat_id", ""))

        async def execute() -> Answer:
            return await self._answer_telegram(token, method, params, chat)

        fault = self.faults.take("telegram", method, (chat,))
        return await self._served(request, Asked("telegram", method, chat, begun, fault), execute)

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
        return await self._served(request, Asked("viber", method, chats[0] if chats else "", begun, fault), execute)

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
        self, request: web.Request, asked: Asked, execute: Callable[[], Awaitable[Answer]]
    ) -> web.StreamResponse:
        fault = asked.fault
        self.in_flight += 1
        try:
            answer = await execute() if fault is None else await troubled(request, asked.platform, fault, execute)
        finally:
            self.in_flight -= 1
        status = answer.status if answer is not None else 0
        error = getattr(answer, "error", "") or (fault.kind if fault is not None else "")
        duration, now = time.perf_counter() - asked.begun, self.board.now()
        self.board.tell_request(Request(asked.platform, asked.method, status, duration, now, asked.chat, error))
        return answer if answer is not None else web.Response()


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
