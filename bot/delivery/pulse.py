"""The pulse: while it beats, work under way is being looked after; it also notices a clock that was set back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.storage import Store
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between two beats while something is under way.
EVERY = 60.0


class Pulse:
    def __init__(self, store: Store, set_back: Callable[[timedelta], None], *, now: Callable[[], datetime]) -> None:
        """`set_back` is called when the clock went back, with how far."""
        self._store = store
        self._tell = set_back
        #: Time by which the clock went back, as somebody noticed.
        self._back = timedelta(0)
        self._now = now
        self.worker = Worker("pulse", self._step)
        self.start = self.worker.start
        self.wake = self.worker.wake
        self.stop = self.worker.finish

    def set_back(self, by: timedelta) -> None:
        """Note that the clock went back by `by`."""
        self._back += by
        self.worker.wake()

    async def _step(self) -> float | None:
        if back := self._back:
            await self._store.write(lambda tx: tx.set_back(back, self._now()))
            self._back -= back
            self._went_back(back)
        if await self._store.read.last_beat() is not None:
            found = await self._store.write(lambda tx: tx.beat(self._now()))
            if found is not None:
                self._went_back(found)
        return EVERY

    def _went_back(self, by: timedelta) -> None:
        log.warning("clock_was_set_back", seconds=round(by.total_seconds()))
        self._tell(by)
