"""The clerk: writes down what a platform answered, and runs the errands that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bot.delivery.fault import tell_fault
from bot.delivery.score import Score
from bot.domain import Platform
from bot.storage import Queries, Store
from bot.worker import Worker


class Clerk:
    """Belongs to a courier, whose `worker` says when we stop and is woken when an errand is done."""

    def __init__(self, platform: Platform, worker: Worker, store: Store) -> None:
        self._platform = platform
        self._worker = worker
        self.store = store
        self.score = Score()
        #: Those that are under way.
        self.errands: set[asyncio.Task[None]] = set()

    @property
    def stopping(self) -> bool:
        """True once no further work is begun."""
        return self._worker.stopping

    async def record(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """Write down what a platform answered, however long the store takes nothing.

        To give up (at a stop, by a kill) is safe: the reservation makes it a doubt at the next start.
        """
        await self._worker.insist(lambda: self.store.write(work))

    def send(self, errand: Coroutine[Any, Any, None]) -> None:
        """Begin an errand; nobody waits for it."""
        task = asyncio.create_task(errand)
        self.errands.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self.errands.discard(task)
        self.ended(task)

    def ended(self, task: asyncio.Task[None]) -> None:
        """Tell the fault that ended a task of the courier's, if one did, and let the courier look again."""
        tell_fault(task, "delivery_failed", platform=self._platform)
        self._worker.wake()
