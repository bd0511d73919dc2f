"""Erasure: a reader is forgotten, first in the tables, then wherever the store keeps what tables held before."""

from __future__ import annotations

from bot.domain import Address
from bot.errors import NotStored
from bot.readers import tips
from bot.storage import Queries, Store
from bot.worker import Worker

#: Seconds after which the store is scrubbed once more: by then the answer, which names the chat, has left.
AGAIN = (2.0, 30.0, 300.0)
#: Seconds until the next attempt while somebody reads.
RETRY = 1.0


async def erase(tx: Queries, chat: Address, *, of_desk: bool) -> None:
    """Forget the reader in this chat. What somebody needs to work at the desk stays."""
    await tx.forget_reader(chat)
    await tips.forget(tx, chat)
    await tx.forget_checks_of(chat)
    if not of_desk:
        await tx.forget_chat(chat)


class Eraser:
    """Scrubs the store after somebody was forgotten."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: list[float] = []
        self._worker = Worker("eraser", self._step)
        self.stop = self._worker.cancel

    def start(self) -> None:
        self._store.on("forgotten", self._begin)
        self._worker.start()

    def _begin(self) -> None:
        self._left = list(AGAIN)
        self._worker.wake()

    async def _step(self) -> float | None:
        if not await scrub(self._store):
            return RETRY
        return self._left.pop(0) if self._left else None


async def scrub(store: Store) -> bool:
    """Return False if not everything could be overwritten just now."""
    try:
        return await store.scrub()
    except NotStored:
        return False
