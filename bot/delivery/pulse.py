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
        self._set_back = set_back
        self._now = now
        self.worker = Worker("pulse", self._step)
        self.start = self.worker.start
        self.wake = self.worker.wake
        self.stop = self.worker.finish

    async def _step(self) -> float | None:
        if await self._store.read.last_beat() is not None:
            back = await self._store.write(lambda tx: tx.beat(self._now()))
            if back is not None:
                log.warning("clock_was_set_back", seconds=round(back.total_seconds()))
                self._set_back(back)
        return EVERY
