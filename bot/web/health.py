"""Health for operators: whether we are up, whether we are ready, and the figures."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from bot.domain import Platform
from bot.errors import NotStored
from bot.storage import Store
from bot.web.figures import Figures, Vitals
from bot.web.inbox import Inbox
from bot.worker import Worker

#: Seconds without an answered poll before we are not ready. One poll lasts up to 30 s.
POLL_AGE = 120
#: Seconds after which what waits and does not move makes us not ready. Even 10,000 readers are heard within a minute.
STILL = 300.0
#: Headers that a proxy adds: then the caller is somebody behind it, wherever the proxy is.
FORWARDED = ("Forwarded", "X-Forwarded-For", "Via", "X-Real-IP")


class Health:
    """`token`: who shows it may look at the figures; without one only callers on this machine may."""

    def __init__(
        self,
        platforms: Iterable[Platform],
        store: Store,
        inbox: Inbox,
        token: str,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._platforms = tuple(platforms)
        self._store = store
        self._inbox = inbox
        self._token = token
        self._now = now
        self._vitals: Vitals | None = None
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
        self._figures = Figures(self._registry)
        #: Returns the age of the latest backup in seconds; None if there is none.
        self.backup_age: Callable[[], float | None] = lambda: None

    def watch(self, vitals: Vitals) -> None:
        """Look at these from now on."""
        self._vitals = vitals

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
        """Say whether we are ready; why not, and how old what waits is, are the operator's affair."""
        why = await self._trouble()
        if not self._is_operator(request):
            return web.Response(status=503 if why else 200, text="not ready\n" if why else "ready\n")
        details = [] if not self.is_settled else await self._details()
        return web.Response(status=503 if why else 200, text="\n".join([why or "ready", *details]) + "\n")

    async def _trouble(self) -> str:
        """Return why we are not ready, empty if we are."""
        if not self._store.lead.is_ours:
            return f"stands by: {self._store.lead.why}"
        if not self.is_settled:
            return "starting"
        try:
            ages = await self._ages()
        except NotStored as error:
            return f"the database does not answer: {error}"
        if self._store.trouble:
            return f"the database takes nothing, so nothing leaves: {self._store.trouble}"
        if ill := [worker for worker in self._workers if worker.is_ill]:
            return f"not done: {', '.join(f'{worker.name} ({illness(worker)})' for worker in ill)}"
        if still := [f"{what} (for {age:.0f} s)" for what, age in ages.items() if self._is_still(what, age)]:
            return f"does not move: {', '.join(still)}"
        now = asyncio.get_running_loop().time()
        overdue = [platform for platform, at in self._inbox.polled.items() if now - at > POLL_AGE]
        return f"no answer from {', '.join(overdue)}" if overdue else ""

    @property
    def _workers(self) -> Sequence[Worker]:
        return self._vitals.workers() if self._vitals is not None else ()

    async def _ages(self) -> dict[str, float]:
        """Return the ages in seconds of the oldest update, due article and reply to the desk that should have moved."""
        now, read = self._now(), self._store.read
        found = dict.fromkeys(("updates", "articles"), now) | await read.oldest(now)
        for platform in self._platforms:
            found[f"replies on {platform}"] = await read.oldest_reply(platform, now) or now
        return {what: max(0.0, (now - at).total_seconds()) for what, at in found.items()}

    def _is_still(self, what: str, age: float) -> bool:
        """True if it should have moved. What goes to a platform that takes nothing waits for that."""
        quiet = [each for each in self._platforms if self._vitals is not None and self._vitals.is_quiet(each)]
        return age > STILL and not any(what == f"replies on {platform}" for platform in quiet)

    async def _details(self) -> list[str]:
        try:
            ages = await self._ages()
        except NotStored:
            ages = {}
        waits = [f"oldest of {what}: {age:.0f} s" for what, age in ages.items()]
        held = self._vitals.held() if self._vitals is not None else {}
        waits += [f"{account} is held for {seconds:.0f} s" for account, seconds in held.items() if seconds]
        return waits + [f"{worker.name}: good {worker.age:.0f} s ago" for worker in self._workers]

    async def _metrics(self, request: web.Request) -> web.Response:
        if not self._is_operator(request):
            return web.Response(status=403, text="Set METRICS_TOKEN and send it as “Authorization: Bearer …”.\n")
        for what, amount in (await self._store.read.amounts()).items():
            self._amounts.labels(what).set(amount)
        for platform in self._platforms:
            self._readers.labels(platform).set(await self._store.read.count_readers(platform))
        for what, amount in self._inbox.refused.items():
            self._figures.refused.labels(what).set(amount)
        self._figures.take_feeds(await self._store.read.feeds())
        age = await asyncio.to_thread(self.backup_age)
        self._figures.backup_age.set(-1 if age is None else age)
        self._figures.ready.set(not await self._trouble())
        self._figures.halted.set(await self._store.read.is_halted())
        if self._vitals is not None:
            self._figures.take(await self._ages(), self._vitals)
        return web.Response(body=generate_latest(self._registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _is_operator(self, request: web.Request) -> bool:
        if self._token:
            shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return hmac.compare_digest(shown.encode(), self._token.encode())
        return is_here(request.remote or "") and not any(name in request.headers for name in FORWARDED)


def illness(worker: Worker) -> str:
    """Return the fault of a worker that is ill."""
    if worker.is_dead:
        return "it ended"
    return f"failed {worker.failures} times in a row" if worker.failures else f"stuck for {worker.stuck:.0f} s"


def is_here(peer: str) -> bool:
    """True for an address of this very machine."""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
