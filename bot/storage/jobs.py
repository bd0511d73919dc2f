"""The writes that wait for the one writer, and which of them goes next."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

#: The most waiting writes that share one commit.
GROUP = 200
#: Seconds without a write of others before a write behind begins: one step of a command follows another.
QUIET = 0.01
#: The most commits of others for which a write behind waits.
SHARE = 32


@dataclass(slots=True)
class Job:
    work: Callable[[Any], Awaitable[Any]]
    answer: asyncio.Future[Any]
    signals: set[str] = field(default_factory=set)
    result: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        """Give the caller the result or the error, unless the caller has left."""
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.result)
            return
        self.answer.set_exception(self.error)
        self.answer.exception()  # read here, so that a caller who left makes no noise


class Jobs:
    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        #: Writes that nobody waits for.
        self._behind: deque[Job] = deque()
        #: Commits of others while something stands behind, and the loop time of the latest.
        self._others = 0
        self._wrote_at = 0.0
        self._clock = asyncio.get_running_loop().time
        self._bell = asyncio.Event()
        self.is_closed = False

    def add(self, job: Job, *, behind: bool) -> None:
        (self._behind if behind else self._waiting).append(job)
        self._bell.set()

    def close(self) -> None:
        """Take nothing more; what waits is still given out."""
        self.is_closed = True
        self._bell.set()

    async def next(self) -> tuple[Job, bool] | None:
        """Return the next job, and whether others may share its commit; None once all is done after `close`."""
        while not self.is_closed or self._waiting or self._behind:
            if self._waiting and self._others < SHARE:
                self._others += bool(self._behind)
                return self._waiting.popleft(), True
            if not self._behind:
                await self._ring(None)
            elif (rest := self._wrote_at + QUIET - self._clock()) > 0 and self._others < SHARE and not self.is_closed:
                await self._ring(rest)
            else:
                self._others = 0
                return self._behind.popleft(), False
        return None

    def join(self, group: list[Job]) -> list[Job]:
        """Add to a group those who came meanwhile, up to `GROUP`."""
        while len(group) < GROUP and self._waiting:
            group.append(self._waiting.popleft())
        return group

    def wrote(self) -> None:
        """A shared commit is over: what stands behind waits for quiet from here."""
        self._wrote_at = self._clock()

    async def _ring(self, seconds: float | None) -> None:
        """Wait until somebody asks, or for that long."""
        self._bell.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()
