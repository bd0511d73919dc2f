"""What an operator looks at: whether we are up, whether we are ready, and the figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Iterable

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from bot.domain import Platform
from bot.errors import NotStored
from bot.storage import Store
from bot.web.inbox import Inbox

#: Seconds without an answered poll before we are not ready. One poll lasts up to 30 s.
POLL_AGE = 120
#: What a proxy adds: then the caller is somebody behind it, wherever the proxy is.
FORWARDED = ("Forwarded", "X-Forwarded-For", "Via", "X-Real-IP")


class Health:
    """`token`: who shows it may look at the figures; without one only callers on this machine may."""

    def __init__(self, platforms: Iterable[Platform], store: Store, inbox: Inbox, token: str) -> None:
        self._platforms = tuple(platforms)
        self._store = store
        self._inbox = inbox
        self._token = token
        #: True once the start is over and everything is under way.
        self.is_settled = False
        self._registry = CollectorRegistry()
        self.calls = Counter(
            "visnyk_webhook_calls", "Calls at the doors", ["platform", "outcome"], registry=self._registry
        )
        self.connections = Gauge("visnyk_connections", "Open connections at the doors", registry=self._registry)
        self.most = Gauge("visnyk_connections_most", "Most connections at the doors", registry=self._registry)
        self._amounts = Gauge("visnyk_waiting", "What waits in the store", ["what"], registry=self._registry)
        self._readers = Gauge("visnyk_readers", "Active direct readers", ["platform"], registry=self._registry)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._healthz),
            web.get("/healthz", self._healthz),
            web.get("/readyz", self._readyz),
            web.get("/metrics", self._metrics),
        ]

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, request: web.Request) -> web.Response:
        """Say whether we are ready; why not is the operator's affair."""
        if not (why := await self._trouble()):
            return web.Response(text="ready\n")
        return web.Response(status=503, text=f"{why if self._is_operator(request) else 'not ready'}\n")

    async def _trouble(self) -> str:
        if not self.is_settled:
            return "starting"
        try:
            await self._store.read.waiting(1)
        except NotStored as error:
            return f"the database does not answer: {error}"
        if self._store.trouble:
            return f"the database takes nothing, so nothing leaves: {self._store.trouble}"
        now = asyncio.get_running_loop().time()
        overdue = [platform for platform, at in self._inbox.polled.items() if now - at > POLL_AGE]
        return f"no answer from {', '.join(overdue)}" if overdue else ""

    async def _metrics(self, request: web.Request) -> web.Response:
        if not self._is_operator(request):
            return web.Response(status=403, text="Set METRICS_TOKEN and send it as “Authorization: Bearer …”.\n")
        for what, amount in (await self._store.read.amounts()).items():
            self._amounts.labels(what).set(amount)
        for platform in self._platforms:
            self._readers.labels(platform).set(await self._store.read.count_readers(platform))
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _is_operator(self, request: web.Request) -> bool:
        if self._token:
            shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(shown.encode(), self._token.encode())
        return is_here(request.remote or "") and not any(name in request.headers for name in FORWARDED)


def is_here(peer: str) -> bool:
    """True for an address of this very machine."""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
