"""The alarm clock: APScheduler rings; it remembers nothing. What is due stands in the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import NotStored

log = structlog.get_logger(__name__)

#: A look even when nothing rang: the wall clock may have been set, the machine may have slept.
LOOK_EVERY = 15
HOUSEKEEPING_EVERY = 3600
_ALARM = "next"


class Scheduler:
    """Calls `ring` at the instant that `next_instant` names, and from time to time."""

    def __init__(
        self,
        next_instant: Callable[[], Awaitable[datetime | None]],
        ring: Callable[[], Awaitable[None]],
        housekeeping: Callable[[], Awaitable[None]],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._next_instant = next_instant
        self._ring = ring
        self._housekeeping = housekeeping
        self._now = now
        self._bell = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None
        self._clock = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        self._clock.add_job(self.wake, "interval", seconds=LOOK_EVERY)
        self._clock.add_job(self._keep_house, "interval", seconds=HOUSEKEEPING_EVERY)
        self._clock.start()
        self._worker = asyncio.create_task(self._run(), name="scheduler")
        self.wake()

    def wake(self) -> None:
        """Look now: something was timed, or the clock was moved."""
        self._bell.set()

    async def stop(self) -> None:
        self._clock.shutdown(wait=False)
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._ring()
                await self._set_alarm()
            except NotStored:
                log.warning("store_busy", retry_seconds=1)
                self._alarm_in(timedelta(seconds=1))

    async def _set_alarm(self) -> None:
        at = await self._next_instant()
        if at is None:
            if self._clock.get_job(_ALARM):
                self._clock.remove_job(_ALARM)
            return
        # Our clock may run apart from the wall clock (demo, tests); the distance is the same.
        self._alarm_in(max(timedelta(0), at - self._now()))

    def _alarm_in(self, wait: timedelta) -> None:
        self._clock.add_job(self.wake, "date", run_date=datetime.now(UTC) + wait, id=_ALARM, replace_existing=True)

    async def _keep_house(self) -> None:
        try:
            await self._housekeeping()
        except NotStored:
            log.warning("housekeeping_postponed")
