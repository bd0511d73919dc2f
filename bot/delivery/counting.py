"""Counts large audiences in, a batch of readers at a time, while the first of them already get the article; and lets
changes take readers over in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.delivery.reports import tell_changes, tell_if_complete
from bot.storage import Queries, Store
from bot.worker import Worker


class Counting:
    """Writes each batch in a commit of its own, behind everybody else's writes."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self.worker = Worker("counting", self._step)
        self.start = self.worker.start
        self.wake = self.worker.wake
        self.stop = self.worker.finish

    async def _step(self) -> float | None:
        if not self._store.is_full and await self._store.read.is_handing_over():
            await self._store.write(self._hand_over, behind=True)
            return 0.0
        dispatch_id = await self._store.read.counting()
        if self._store.is_full:
            return None
        if dispatch_id is None:
            return await self._end_change()
        await self._store.write(lambda tx: self._count(tx, dispatch_id), behind=True)
        return 0.0

    async def _count(self, tx: Queries, dispatch_id: int) -> None:
        now = self._now()
        if not await tx.count_in(dispatch_id, now) or not await tx.finish_if_done(dispatch_id, now):
            return
        # All readers of earlier batches have it already, and the last batch added nobody.
        dispatch = await tx.dispatch(dispatch_id)
        assert dispatch is not None
        await tell_if_complete(tx, dispatch, now)

    async def _end_change(self) -> float | None:
        """End a change that nothing carries any longer; there may be no copy that it could reach."""
        article_id = await self._store.read.idle_change()
        if article_id is None:
            return None
        await self._store.write(lambda tx: tell_changes(tx, article_id, self._now()))
        return 0.0

    async def _hand_over(self, tx: Queries) -> None:
        now = self._now()
        for ended in await tx.hand_over(now):
            await tell_if_complete(tx, ended, now)
