"""The doors: what the platforms call, and what an operator looks at."""

from __future__ import annotations

import asyncio
import re
import resource
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.adapters.base import Messenger
from bot.commands import Commands
from bot.domain import Opened, Platform
from bot.errors import CannotStart, NotStored
from bot.web.api import Api
from bot.web.bodies import Bodies
from bot.web.connections import Connections
from bot.web.health import Health
from bot.web.inbox import Inbox
from bot.web.media import Pictures
from bot.web.record import RecordDoor
from bot.web.refusals import Refusals

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
#: Seconds that a body which nobody reads may still take; then its connection ends.
LINGER = 1.0


class Doors:
    def __init__(
        self,
        messengers: Mapping[Platform, Messenger],
        inbox: Inbox,
        commands: Commands,
        pictures: Pictures,
        health: Health,
        refusals: Refusals,
        api: Api,
        record: RecordDoor,
    ) -> None:
        self._messengers = messengers
        self._inbox = inbox
        self._commands = commands
        self._pictures = pictures
        self._health = health
        self._refusals = refusals
        self._api = api
        self._record = record
        self._bodies = Bodies()
        self._connections: Connections | None = None
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen and return the port, which for 0 is any free one. Raises `CannotStart`."""
        app = web.Application(middlewares=[self._answer])
        app.on_response_prepare.append(_say_no_versions)
        app.add_routes(
            [
                web.post("/telegram/webhook", self._telegram),
                web.post("/viber/webhook", self._viber),
                web.post("/viber/channel/webhook", self._viber_channel),
                web.get("/media/{sign}/{digest:[0-9a-f]{64}}.{form:jpg|png|gif|webp|mp4}", self._pictures.serve_kept),
                web.get("/media/{sign}/{file}.jpg", self._picture),
                web.route("*", "/api/{rest:.*}", self._system),
                *self._record.routes(),
                *self._health.routes(),
            ]
        )
        # Nothing is unpacked: packed zeros of a stranger would cost more than everything else that we do.
        self._runner = web.AppRunner(
            app, access_log=None, shutdown_timeout=1.0, auto_decompress=False, lingering_time=LINGER
        )
        await self._runner.setup()
        assert self._runner.server is not None
        most = connections_for(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        self._health.most.set(most)
        self._connections = Connections(self._runner.server, most)
        try:
            self._server = await asyncio.get_running_loop().create_server(self._connections, host, port, backlog=512)
        except OSError as error:
            await self._runner.cleanup()
            raise CannotStart(
                f"Port {port} on {host} can't be opened ({error.strerror}). Another program may use it: "
                "stop that one, or name another port in PORT."
            ) from error
        return int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Take no further connection, and let what is being answered end."""
        if self._server is not None:
            self._server.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count what is turned away, and end its connection: a body that nobody wants is not waited for."""
        assert self._connections is not None
        self._health.connections.set(len(self._connections))
        if not request.can_read_body:
            self._connections.heard(request.transport)
        try:
            answer = await handler(request)
        except web.HTTPException as refused:
            answer = refused
        finally:
            self._connections.answered(request.transport)
        if answer.status >= 400:
            answer.force_close()
            self._refusals.note(request.remote or "", request.path, answer.status)
        if isinstance(answer, web.HTTPException):
            raise answer
        return answer

    async def _telegram(self, request: web.Request) -> web.Response:
        # The secret is in a header, so the body of a stranger is not even read.
        messenger = self._on(Platform.TELEGRAM)
        if not messenger.calls.verify(request.headers, b""):
            return self._turned_away(Platform.TELEGRAM)
        return await self._keep(Platform.TELEGRAM, await self._body(request))

    async def _viber(self, request: web.Request) -> web.Response:
        messenger = self._on(Platform.VIBER)
        _check_signed(request)
        body = await self._body(request)
        if not messenger.calls.verify(request.headers, body):
            return self._turned_away(Platform.VIBER)
        if self._inbox.is_replayed(Platform.VIBER, body):
            return self._turned_away(Platform.VIBER, "replayed")
        incoming = self._inbox.parse(Platform.VIBER, body)
        if incoming is not None and isinstance(incoming.event, Opened):
            # The answer itself is the welcome message, and it must come quickly.
            welcome = messenger.calls.welcome(self._commands.welcome(incoming.sender.language, incoming.event.context))
            return web.Response(body=welcome, content_type="application/json")
        return await self._keep(Platform.VIBER, body)

    async def _viber_channel(self, request: web.Request) -> web.Response:
        """Answer a Viber channel, whose calls concern nobody: it has a webhook only because posting needs one."""
        _check_signed(request)
        body = await self._body(request)
        if not self._on(Platform.VIBER).calls.verify(request.headers, body, "channel"):
            return self._turned_away(Platform.VIBER)
        return web.Response()

    async def _system(self, request: web.Request) -> web.Response:
        """Answer one of the newsroom's own systems."""
        return await self._api.answer(request, self._body)

    def _on(self, platform: Platform) -> Messenger:
        if platform not in self._messengers:
            raise web.HTTPNotFound
        return self._messengers[platform]

    def _turned_away(self, platform: Platform, why: str = "forbidden") -> web.Response:
        self._health.calls.labels(platform, why).inc()
        return web.Response(status=403)

    async def _body(self, request: web.Request) -> bytes:
        assert self._connections is not None
        body = await self._bodies.read(request)
        self._connections.heard(request.transport)
        return body

    async def _keep(self, platform: Platform, body: bytes) -> web.Response:
        if self._inbox.is_replayed(platform, body):
            return self._turned_away(platform, "replayed")
        try:
            await self._inbox.call(platform, body)
        except NotStored:
            self._health.calls.labels(platform, "not_stored").inc()
            return web.Response(status=503, headers={"Retry-After": "5"})
        self._health.calls.labels(platform, "kept").inc()
        return web.Response()

    async def _picture(self, request: web.Request) -> web.Response:
        """Serve an editor's photo that only Telegram holds, for Viber's phones."""
        return await self._pictures.serve(request, self._on(Platform.TELEGRAM))


def _check_signed(request: web.Request) -> None:
    """A call that does not even look signed is refused before its body is read."""
    if not re.fullmatch(r"[0-9a-f]{64}", request.headers.get("X-Viber-Content-Signature", "")):
        raise web.HTTPForbidden


def connections_for(files: int) -> int:
    """Return the number of connections that may come in if `files` may be open: the other half is for sending."""
    return max(16, files // 2)


async def _say_no_versions(_request: web.Request, answer: web.StreamResponse) -> None:
    answer.headers["Server"] = "Visnyk"
