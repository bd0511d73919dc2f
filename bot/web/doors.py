"""The doors: what the platforms call, and what an operator looks at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from bot.adapters.base import Messenger
from bot.commands import Commands
from bot.domain import Opened, Platform
from bot.errors import CannotStart, NotStored
from bot.storage import Store
from bot.web.inbox import Inbox
from bot.web.media import Pictures

log = structlog.get_logger(__name__)

#: Largest body of a call, in bytes; the platforms' own have a few kilobytes.
LARGEST_BODY = 1024 * 1024
#: Seconds without an answered poll before we are not ready. One poll lasts up to 30 s.
POLL_AGE = 120


class Doors:
    def __init__(
        self,
        messengers: Mapping[Platform, Messenger],
        inbox: Inbox,
        commands: Commands,
        store: Store,
        pictures: Pictures,
    ) -> None:
        self._messengers = messengers
        self._inbox = inbox
        self._commands = commands
        self._store = store
        self._pictures = pictures
        self._registry = CollectorRegistry()
        self._calls = Counter(
            "visnyk_webhook_calls", "Calls at the doors", ["platform", "outcome"], registry=self._registry
        )
        self._amounts = Gauge("visnyk_waiting", "What waits in the store", ["what"], registry=self._registry)
        self._readers = Gauge("visnyk_readers", "Active direct readers", ["platform"], registry=self._registry)
        self._runner: web.AppRunner | None = None

    async def open(self, host: str, port: int) -> int:
        """Listen and return the port, which for 0 is any free one. Raises `CannotStart`."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.add_routes(
            [
                web.post("/telegram/webhook", self._telegram),
                web.post("/viber/webhook", self._viber),
                web.post("/viber/channel/webhook", self._viber_channel),
                web.get("/media/{sign}/{file}.jpg", self._picture),
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._metrics),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise CannotStart(
                f"Port {port} on {host} can't be opened ({error.strerror}). Another program may use it: "
                "stop that one, or name another port in PORT."
            ) from error
        return int(self._runner.addresses[0][1])

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _telegram(self, request: web.Request) -> web.Response:
        # The secret is in a header, so the body of a stranger is not even read.
        messenger = self._on(Platform.TELEGRAM)
        if not messenger.verify(request.headers, b""):
            return self._turned_away(Platform.TELEGRAM)
        return await self._keep(Platform.TELEGRAM, await request.read())

    async def _viber(self, request: web.Request) -> web.Response:
        messenger = self._on(Platform.VIBER)
        body = await request.read()
        if not messenger.verify(request.headers, body):
            return self._turned_away(Platform.VIBER)
        incoming = messenger.parse(body)
        if incoming is not None and isinstance(incoming.event, Opened):
            # The answer itself is the welcome message, and it must come quickly.
            welcome = messenger.welcome(self._commands.welcome(incoming.sender.language, incoming.event.context))
            return web.Response(body=welcome, content_type="application/json")
        return await self._keep(Platform.VIBER, body)

    async def _viber_channel(self, request: web.Request) -> web.Response:
        """Answer a Viber channel, whose calls concern nobody: it has a webhook only because posting needs one."""
        body = await request.read()
        if not self._on(Platform.VIBER).verify(request.headers, body, "channel"):
            return self._turned_away(Platform.VIBER)
        return web.Response()

    def _on(self, platform: Platform) -> Messenger:
        if platform not in self._messengers:
            raise web.HTTPNotFound
        return self._messengers[platform]

    def _turned_away(self, platform: Platform) -> web.Response:
        self._calls.labels(platform, "forbidden").inc()
        log.warning("call_turned_away", platform=platform)
        return web.Response(status=403)

    async def _keep(self, platform: Platform, body: bytes) -> web.Response:
        try:
            await self._inbox.call(platform, body)
        except NotStored:
            self._calls.labels(platform, "not_stored").inc()
            return web.Response(status=503, headers={"Retry-After": "5"})
        self._calls.labels(platform, "kept").inc()
        return web.Response()

    async def _picture(self, request: web.Request) -> web.Response:
        """Serve an editor's photo that only Telegram holds, for Viber's phones."""
        return await self._pictures.serve(request, self._on(Platform.TELEGRAM))

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Say whether we are ready: the store reads and writes, and no poll is overdue."""
        try:
            await self._store.read.waiting(1)
        except NotStored as error:
            return web.Response(status=503, text=f"the database does not answer: {error}\n")
        if self._store.trouble:
            text = f"the database takes nothing, so nothing leaves: {self._store.trouble}\n"
            return web.Response(status=503, text=text)
        now = asyncio.get_running_loop().time()
        overdue = [platform for platform, at in self._inbox.polled.items() if now - at > POLL_AGE]
        if overdue:
            return web.Response(status=503, text=f"no answer from {', '.join(overdue)}\n")
        return web.Response(text="ready\n")

    async def _metrics(self, _request: web.Request) -> web.Response:
        for what, amount in (await self._store.read.amounts()).items():
            self._amounts.labels(what).set(amount)
        for platform in self._messengers:
            self._readers.labels(platform).set(await self._store.read.count_readers(platform))
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})
