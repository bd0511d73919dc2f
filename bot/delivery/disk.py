"""Looks for room when the disk is full; then everything goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.domain.news import DiskFull
from bot.storage import FULL, Queries, Store
from bot.worker import Worker

#: Seconds between two looks.
EVERY = 5.0
_KEY = "disk:full"


class Disk:
    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.worker = Worker("disk", self._step)
        self.stop = self.worker.finish

    def start(self) -> None:
        self._store.on(FULL, self.worker.wake)
        self.worker.start()

    async def _step(self) -> float | None:
        if self._store.is_full and not self._store.find_room():
            await self._store.write(lambda tx: tx.tell_desk(_KEY, DiskFull(), self._now()))
            return EVERY
        await self._store.write(self._over)
        return None

    async def _over(self, tx: Queries) -> None:
        if await tx.trouble_gone(_KEY, self._now()):
            tx.signal("dispatch")
