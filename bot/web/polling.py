"""Polling: fetches what was said where nobody calls us."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

import structlog

from bot.adapters.base import Messenger
from bot.domain import Platform
from bot.domain.news import PlatformDown, PlatformMisconfigured, TokenShared
from bot.errors import HookInTheWay, Misconfigured, SendError, TokenTaken, Wait
from bot.storage import Queries, Store
from bot.web.arrivals import Arrivals, Arrived
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Failed polls in a row before the desk is told.
POLL_FAILURES = 5
#: Shortest and longest rest after a failed poll, in seconds.
POLL_PAUSE = (1.0, 30.0)


class Polling:
    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        arrivals: Arrivals,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._arrivals = arrivals
        self._now = now
        self.worker: Worker | None = None
        self._failures = 0
        self._unkept: Arrived | None = None
        #: Loop time of the last answered poll, by platform; for the health page.
        self.polled: dict[Platform, float] = {}
        #: Set once a poll brought nothing: all that was said before is kept.
        self.fetched = asyncio.Event()

    def start(self, platform: Platform) -> None:
        self.polled[platform] = asyncio.get_running_loop().time()
        self.worker = Worker(f"poll-{platform}", partial(self._poll, platform))
        self.worker.start()

    async def stop(self) -> None:
        if self.worker is not None:
            await self.worker.cancel()

    async def _poll(self, platform: Platform) -> float | None:
        if self._unkept is None:
            try:
                bodies = await self._messengers[platform].poll(wait=self.fetched.is_set())
                if not bodies:
                    self.fetched.set()
                self._unkept = await self._arrivals.arrived(platform, bodies)
            except Wait as wait:
                return wait.seconds
            except SendError as error:
                return await self._failed(platform, error)
        # The next poll confirms these updates, so they must be kept before it, however many attempts that takes.
        await self._arrivals.keep(self._unkept)
        self._unkept = None
        self.polled[platform] = asyncio.get_running_loop().time()
        if self._failures:
            self._failures = 0
            await self._store.write(lambda tx: self._well(tx, platform))
        return 0.0

    async def _well(self, tx: Queries, platform: Platform) -> None:
        for trouble in (PlatformDown(platform, ""), TokenShared(platform, "")):
            await tx.trouble_gone(trouble.key, self._now())

    async def _failed(self, platform: Platform, error: SendError) -> float:
        """Return the seconds until the next attempt. The desk is told if our set-up is wrong or the trouble lasts."""
        self._failures = failures = self._failures + 1
        log.warning("poll_failed", platform=platform, error=type(error).__name__, reason=error.reason)
        await self._store.write(lambda tx: self._tell(tx, platform, error))
        return min(POLL_PAUSE[0] * 2.0 ** (min(failures, 10) - 1), POLL_PAUSE[1])

    async def _tell(self, tx: Queries, platform: Platform, error: SendError) -> None:
        match error:
            case HookInTheWay():
                await tx.way_in_is_blocked()
            case TokenTaken():
                await tx.platform_fails(TokenShared(platform, error.reason), self._now())
            case Misconfigured():
                await tx.platform_fails(PlatformMisconfigured(platform, error.reason), self._now())
            case _ if self._failures == POLL_FAILURES:
                await tx.platform_fails(PlatformDown(platform, error.reason), self._now())
