"""The alarm clock. APScheduler only rings; what is due stands in the store."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.errors import NotStored
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between looks when nothing rings, by a clock that nobody sets: the wall clock may have been set, or the
#: machine may have slept.
LOOK_EVERY = 15.0
#: Seconds between two rounds of housekeeping.
HOUSEKEEPING_EVERY = 3600
_ALARM = "next"


class Scheduler:
    """Does the `duties` at the instant that `next_instant` returns, and every so often. A failure stops no other.

    Those in `later` wait until `may_begin` is set: after a start, what people said meanwhile is read first.
    """

    def __init__(
        self,
        next_instant: Callable[[], Awaitable[datetime | None]],
        duties: Mapping[str, Callable[[], Awaitable[object]]],
        housekeeping: Callable[[], Awaitable[None]],
        *,
        now: Callable[[], datetime],
        later: Collection[str] = (),
        may_begin: asyncio.Event | None = None,
    ) -> None:
        self._next_instant = next_instant
        self._housekeeping = housekeeping
        self._now = now
        self._may_begin = may_begin
        self._workers = [Worker(name, partial(self._do, duty, waits=name in later)) for name, duty in duties.items()]
        self._workers.append(Worker("alarm", self._set_alarm))
        self._lookout = Worker("look", self._look)
        self._clock = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        self._clock.add_job(self._keep_house, "interval", seconds=HOUSEKEEPING_EVERY)
        self._clock.start()
        for worker in (*self._workers, self._lookout):
            worker.start()

    @property
    def workers(self) -> list[Worker]:
        """One for each duty, and those that look at the clock."""
        return [*self._workers, self._lookout]

    def wake(self) -> None:
        """Look now, because something got a time or the clock was moved."""
        for worker in self._workers:
            worker.wake()

    async def stop(self) -> None:
        for worker in (self._lookout, *self._workers):
            await worker.cancel()
        self._clock.shutdown(wait=False)

    async def _do(self, duty: Callable[[], Awaitable[object]], *, waits: bool) -> float | None:
        if waits and self._may_begin is not None:
            await self._may_begin.wait()
        await duty()
        return None

    async def _look(self) -> float | None:
        self.wake()
        # APScheduler measured its sleep before the clock was set.
        self._clock.wakeup()
        return LOOK_EVERY

    async def _set_alarm(self) -> float | None:
        at = await self._next_instant()
        wait = at - self._now() if at is not None else None
        if wait is not None and wait > timedelta(0):
            # Our clock may differ from the wall clock (demo, tests), but the distance is the same.
            self._clock.add_job(self.wake, "date", run_date=datetime.now(UTC) + wait, id=_ALARM, replace_existing=True)
        elif self._clock.get_job(_ALARM):
            self._clock.remove_job(_ALARM)
        # If something is due already, the duties were woken with us, and their commit rings again.
        return None

    async def _keep_house(self) -> None:
        try:
            await self._housekeeping()
        except NotStored:
            log.warning("housekeeping_postponed")
