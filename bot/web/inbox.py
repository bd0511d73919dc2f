"""The inbox: each update is kept, then acknowledged, then handled, once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.adapters.base import Messenger
from bot.commands import Commands
from bot.domain import Incoming, Platform
from bot.storage import Store
from bot.web.arrivals import Arrivals
from bot.web.beside import Beside, Turns
from bot.web.gallery import Gallery
from bot.web.handling import Handling
from bot.web.haste import Haste
from bot.web.parsing import Parsing
from bot.web.polling import Polling
from bot.worker import Worker


class Inbox:
    """Joins its parts: arrivals are kept, whether we are called or poll, and then handled."""

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        commands: Commands,
        turns: Turns,
        gallery: Gallery,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._messengers = messengers
        self._now = now
        self._parsing = Parsing(messengers)
        self._beside = Beside(messengers, commands, turns)
        haste = Haste(commands, self._beside, now=now)
        self._arrivals = Arrivals(store, messengers, self._parsing, self._beside, haste, turns, now=now)
        self._handling = Handling(store, messengers.keys(), commands, self._parsing, self._beside, gallery, now=now)
        self._polling = Polling(store, messengers, self._arrivals, now=now)
        #: Refusals of strangers since the start, by kind.
        self.refused: Mapping[str, int] = commands.refused
        self.call = self._arrivals.call
        self.look = self._handling.look
        self.start_polling = self._polling.start

    async def open(self) -> None:
        """Learn who is of the desk, before anybody is heard."""
        await self._arrivals.lanes.open()

    def start(self) -> None:
        self._arrivals.start()
        self._handling.start()

    async def stop(self) -> None:
        """Stop at once. An update that was being handled is either committed or waits for the next start."""
        await self._polling.stop()
        await self._arrivals.stop()
        await self._handling.stop()
        await self._beside.stop()

    def parse(self, platform: Platform, body: bytes) -> Incoming | None:
        return self._parsing.parse(platform, body)

    @property
    def workers(self) -> list[Worker]:
        """Return the workers that keep updates, fetch them and handle them."""
        workers = (self._handling.worker, self._arrivals.worker, self._polling.worker)
        return [worker for worker in workers if worker is not None]

    def is_replayed(self, platform: Platform, body: bytes) -> bool:
        """True for a call that the platform made long ago, and that somebody makes again."""
        return self._messengers[platform].calls.is_replayed(body, self._now())

    def polls(self, platform: Platform) -> bool:
        """True if we fetch what is said there, and are not called."""
        return platform in self.polled

    @property
    def polled(self) -> Mapping[Platform, float]:
        """Loop time of the last answered poll, by platform."""
        return self._polling.polled

    @property
    def fetched(self) -> asyncio.Event:
        """Set once a poll brought nothing: all that was said before is kept."""
        return self._polling.fetched
