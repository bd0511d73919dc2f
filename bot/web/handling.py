"""Handling: what is kept in the inbox is done once, each chat's in its order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from datetime import datetime

import structlog

from bot.commands import Answer, Commands
from bot.domain import Incoming, Platform, Pressed
from bot.domain.entry import Waiting
from bot.errors import LogAltered, NotStored
from bot.storage import Queries, Store
from bot.web.albums import Heard, together
from bot.web.beside import Beside
from bot.web.gallery import Gallery
from bot.web.parsing import Parsing
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Rows taken at once. Rows of different chats are handled side by side and share commits.
BATCH = 100
#: Chats of readers that are handled at once: what somebody of the desk says waits for no more.
PUBLIC = 32
#: Attempts to handle a row whose handler breaks.
TRIES = 3


class Handling:
    def __init__(
        self,
        store: Store,
        platforms: Collection[Platform],
        commands: Commands,
        parsing: Parsing,
        beside: Beside,
        gallery: Gallery,
        *,
        now: Callable[[], datetime],
    ) -> None:
        """`platforms`: those that are on. What is kept of another one is put aside."""
        self._store = store
        self._platforms = platforms
        self._commands = commands
        self._parsing = parsing
        self._beside = beside
        self._gallery = gallery
        self._now = now
        self.worker = Worker("inbox", self._step)
        self.stop = self.worker.cancel

    def start(self) -> None:
        self._parsing.forget_all()
        self._store.on("inbox", self.worker.wake)
        self._gallery.when_done(self.worker.wake)
        self.worker.start()

    def look(self) -> None:
        """Look again, because the clock was moved."""
        self.worker.wake()

    async def _step(self) -> float | None:
        while rows := await self._store.read.waiting(BATCH):
            chains = self._chains(rows)
            now = self._now()
            due = [chain for chain in chains if self._may_be_handled(chain[0], now)]
            if not due:
                waits = [wait.total_seconds() for chain in chains if (wait := chain[0].waits(now))]
                return min(waits, default=None)
            desk = [chain for chain in due if chain[0].rows[0].from_desk]
            await self._handle_all(desk or due[:PUBLIC])
        return None

    def _may_be_handled(self, heard: Heard, now: datetime) -> bool:
        """False while its album may not be whole, or the pictures that it names are being fetched."""
        return not heard.waits(now) and self._gallery.has(heard)

    def _chains(self, rows: Sequence[Waiting]) -> list[list[Heard]]:
        """Return the updates of each chat, in their order."""
        chains: dict[str, list[tuple[Waiting, Incoming | None]]] = {}
        for row in rows:
            incoming = self._incoming(row)
            chains.setdefault(str(incoming.chat) if incoming else "", []).append((row, incoming))
        return [list(together(chain)) for chain in chains.values()]

    async def _handle_all(self, chains: Sequence[Sequence[Heard]]) -> None:
        ends = await asyncio.gather(*(self._chain(chain) for chain in chains), return_exceptions=True)
        for error in ends:
            if isinstance(error, BaseException):
                raise error

    def _incoming(self, row: Waiting) -> Incoming | None:
        """Return what the row says; None also for a platform that is off or that no version of ours knows."""
        platform = self._platform(row)
        return self._parsing.parse(platform, row.body) if platform is not None else None

    def _platform(self, row: Waiting) -> Platform | None:
        return next((platform for platform in self._platforms if platform == row.platform), None)

    async def _chain(self, chain: Sequence[Heard]) -> None:
        """Handle one chat's updates in order. One that must be tried again, or waits, is overtaken by none of them."""
        for heard in chain:
            if not self._may_be_handled(heard, self._now()) or not await self._handle(heard):
                return
            self._gallery.handled(heard)
            for row in heard.rows:
                self._parsing.forget(row.platform, row.body)

    async def _handle(self, heard: Heard) -> bool:
        """Return False if it broke and is tried again."""
        incoming, first = heard.incoming, heard.rows[0]
        answer = await self._read(incoming) if incoming is not None else None
        try:
            await self._store.write(lambda tx: self._act(tx, heard, answer))
        except NotStored:
            self._beside.ask_for_patience(f"row {first.id}", incoming)
            raise
        except LogAltered:
            await self._store.write(lambda tx: self._refused_by_the_log(tx, heard))
            return True
        except Exception as fault:
            # The one broad catch: whatever goes wrong in a handler, the next update must be handled.
            log.exception("handler_broke", platform=first.platform, attempt=first.attempts + 1)
            error = type(fault).__name__
            return await self._store.write(lambda tx: self._failed(tx, heard, error))
        if incoming is not None and isinstance(incoming.event, Pressed) and incoming.event.answer_to:
            self._beside.acknowledge(incoming.chat.platform, incoming.event.answer_to)
        return True

    async def _read(self, incoming: Incoming) -> Answer | None:
        """Answer a question from the reading side, so that a thousand readers keep no editor waiting."""
        try:
            return await self._commands.read(self._store.read, incoming, self._now())
        except Exception:
            # What was read may have changed between two looks: the writer sees all of it at one instant.
            log.warning("read_again_by_the_writer", platform=incoming.chat.platform, exc_info=True)
            return None

    async def _act(self, tx: Queries, heard: Heard, answer: Answer | None) -> None:
        if not await self._done(tx, heard) or heard.incoming is None:
            return
        if answer is not None:
            await answer.give(tx)
        else:
            await self._commands.handle(tx, heard.incoming, self._now(), arrived=heard.rows[0].received_at)

    async def _failed(self, tx: Queries, heard: Heard, error: str) -> bool:
        """True when it is given up."""
        given_up = [await tx.failed(row.id, error, TRIES, self._now()) for row in heard.rows]
        if all(given_up) and heard.incoming is not None:
            await self._commands.apologise(tx, heard.incoming, self._now())
        return all(given_up)

    async def _refused_by_the_log(self, tx: Queries, heard: Heard) -> None:
        """Mark the row as done, because another attempt would fail in the same way."""
        if await self._done(tx, heard) and heard.incoming is not None:
            await self._commands.nothing_recorded(tx, heard.incoming, self._now())

    async def _done(self, tx: Queries, heard: Heard) -> bool:
        """Mark as handled. False: somebody was faster."""
        return all([await tx.done(row.id, self._now()) for row in heard.rows])
