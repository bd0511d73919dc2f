"""The watchman: tells the owners when the house does not do its work, past all that may be broken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.adapters.base import Receipt
from bot.commands import Telling
from bot.domain import Address, Screen
from bot.errors import NotStored, SendError
from bot.storage import Store
from bot.texts import Words
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between two looks, and between two alarms while it lasts.
LOOK, AGAIN = 5.0, 900.0


class Watchman:
    """News goes by the store and the alarm clock; this goes straight to the platforms. `show` shows a screen there."""

    def __init__(
        self,
        store: Store,
        workers: Callable[[], Sequence[Worker]],
        telling: Telling,
        show: Callable[[Address, Screen], Awaitable[Receipt]],
    ) -> None:
        self._store = store
        self._workers = workers
        self._telling = telling
        self._show = show
        #: Whom to tell, as the store had it when it could be asked last.
        self._owners: Mapping[Address, Words] = {}
        #: Loop time of the latest alarm.
        self._told: float | None = None
        self.worker = Worker("watchman", self._step)
        self.start = self.worker.start
        self.stop = self.worker.cancel

    async def _step(self) -> float:
        try:
            self._owners = await self._telling.owners(self._store.read)
        except NotStored:
            log.info("owners_as_before")
        ill = [worker.name for worker in self._workers() if worker.is_failing]
        if not ill:
            self._told = None
        elif not self._store.is_full and self._is_time:  # a full disk is told as such
            await self._tell(", ".join(ill))
        return LOOK

    @property
    def _is_time(self) -> bool:
        return self._told is None or asyncio.get_running_loop().time() - self._told >= AGAIN

    async def _tell(self, what: str) -> None:
        log.error("not_done", workers=what)
        self._told = asyncio.get_running_loop().time()
        for address, words in self._owners.items():
            try:
                await self._show(address, self._telling.alarm(words, what))
            except SendError as error:
                log.warning("alarm_not_shown", platform=address.platform, reason=error.reason)
