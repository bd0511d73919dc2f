"""The backlog: what was said while nobody listened, before which nothing leaves after a start."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import Messenger
from bot.app.lines import Line
from bot.domain import Platform
from bot.errors import NotStored, SendError
from bot.storage import Store
from bot.web import Inbox

log = structlog.get_logger(__name__)

#: Seconds after which what is due leaves even if somebody's words may still be on their way.
BOUND = 15.0
#: Seconds for a platform that can't tell what it still holds for us: it calls again by itself.
GRACE = 3.0
#: Seconds between two looks at what still waits.
LOOK_AGAIN = 0.1


class Backlog:
    """Reads it and then lets everything go. `let_go` lets what goes to one platform leave.

    `heard` is called once it is read: from then on words are heard as they are said.
    """

    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        inbox: Inbox,
        lines: Sequence[Line],
        *,
        now: Callable[[], datetime],
        let_go: Callable[[Platform], None],
        heard: Callable[[], None],
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._inbox = inbox
        self._lines = lines
        self._now = now
        self._let_go = let_go
        self._heard = heard
        self._tasks: list[asyncio.Task[None]] = []
        #: Set once it is read, or once it has been waited for long enough.
        self.is_read = asyncio.Event()

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._read_all(), name="backlog")]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read_all(self) -> None:
        reading = {asyncio.create_task(self._read(line)): line.platform for line in self._lines}
        self._tasks += reading
        _, waiting = await asyncio.wait(reading, timeout=BOUND)
        if waiting:
            log.warning("backlog_not_read", platforms=[str(reading[task]) for task in waiting], seconds=BOUND)
        self.is_read.set()
        self._heard()
        # What goes to a platform that could not be asked waits until it could.
        while reading:
            done, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self._let_go(reading.pop(task))

    async def _read(self, line: Line) -> None:
        clock = asyncio.get_running_loop().time
        begun, could_leave = clock(), await self._could_leave()
        await line.stands.wait()
        if clock() - begun > GRACE:  # what was said meanwhile to this platform is still on its way
            could_leave = await self._could_leave()
        try:
            async with asyncio.timeout(BOUND):
                await self._fetched(line.platform, could_leave=could_leave)
                await self._handled()
        except TimeoutError:
            log.warning("backlog_not_read", platforms=[str(line.platform)], seconds=BOUND)

    async def _fetched(self, platform: Platform, *, could_leave: bool) -> None:
        """Wait until the platform holds nothing for us that was said before.

        `could_leave`: as it was at the start. What gets a time after that is of people who are heard as they speak.
        """
        if self._inbox.polls(platform):
            await self._inbox.fetched.wait()
            return
        while (held := await self._held(self._messengers[platform])) is not None:
            if held == 0:
                return
            await asyncio.sleep(LOOK_AGAIN)
        if could_leave:
            await asyncio.sleep(GRACE)

    async def _held(self, messenger: Messenger) -> int | None:
        try:
            return (await messenger.way_in()).held
        except SendError:
            return 1  # not known, so it is asked again

    async def _handled(self) -> None:
        while True:
            try:
                if not await self._store.read.waiting(1):
                    return
            except NotStored:
                pass
            await asyncio.sleep(LOOK_AGAIN)

    async def _could_leave(self) -> bool:
        """True if something leaves soon, which a word that is still on its way might have stopped."""
        at = await self._store.read.next_at_a_word()
        is_due = at is not None and at <= self._now() + timedelta(seconds=BOUND)
        return is_due or (await self._store.read.amounts())["dispatches"] > 0
