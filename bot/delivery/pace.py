"""How fast a platform is sent to, and when it is left alone."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from datetime import timedelta

#: So many requests in a row that brought no answer, and the platform counts as down.
FAILURES = 5
#: The longest wait between two attempts at something that failed.
LONGEST = timedelta(seconds=60)


def backoff(attempt: int) -> timedelta:
    """Before try number `attempt` + 1 (`attempt` from 1): 1 s doubling to a minute, spread by a tenth."""
    seconds = min(LONGEST.total_seconds(), 2.0 ** min(attempt - 1, 10))
    return timedelta(seconds=seconds * random.uniform(1.0, 1.1))  # noqa: S311 - spreading, not secrecy


#: A platform's second, as we count it: requests that we space out may arrive closer together.
SECOND = 1.015
#: Turns that were missed (a busy moment, a page's end) are made up for within a second, this many seconds of them.
ARREARS = 0.05
#: Below this, in seconds, a timer costs more than it is worth.
TICK = 0.002


class Limiter:
    """Turns for the whole bot in the order of asking: evenly, and never more than the rate in any second."""

    def __init__(self, per_second: float) -> None:
        #: Turns in a second at present.
        self.per_second = per_second
        self._limit = max(1, int(per_second))
        self._span = SECOND * self._limit / per_second
        self._interval = SECOND / per_second
        self._next = 0.0
        self._held_until = 0.0
        #: When the turns of the last second were given.
        self._given: deque[float] = deque()
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self) -> None:
        """Returns when one more request may leave."""
        loop = asyncio.get_running_loop()
        if not self._waiting and self._due(now := loop.time()) <= now:
            self._give(now)
            return
        mine = loop.create_future()
        self._waiting.append(mine)
        self._set_timer(loop)
        await mine

    def hold(self, seconds: float) -> None:
        """Nobody's turn comes for so long (429), also of those who wait for it already."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)

    def _due(self, now: float) -> float:
        """When the next turn comes."""
        given = self._given
        while given and given[0] <= now - self._span:
            given.popleft()
        free_at = given[0] + self._span if len(given) >= self._limit else 0.0
        return max(self._next, self._held_until, free_at)

    def _give(self, now: float) -> None:
        # Who has asked for nothing for a while has missed nothing.
        begun = self._next if self._given else now
        self._given.append(now)
        self._next = max(begun + self._interval, now - ARREARS)

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        now = loop.time()
        while self._waiting and self._due(now) <= now:
            mine = self._waiting.popleft()
            if not mine.done():  # its asker was cancelled
                mine.set_result(None)
                self._give(now)
        if self._waiting:
            self._set_timer(loop)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None:
            now = loop.time()
            self._timer = loop.call_at(max(self._due(now), now + TICK), self._tick)


class Breaker:
    """Stops reservations while a platform is down or turned off, so that no doubt is created meanwhile."""

    def __init__(self) -> None:
        self._failures = 0
        self._trips = 0
        self._open_until = 0.0

    @property
    def seconds_left(self) -> float:
        """0: requests may leave."""
        return max(0.0, self._open_until - asyncio.get_running_loop().time())

    @property
    def is_open(self) -> bool:
        return self.seconds_left > 0

    @property
    def is_probing(self) -> bool:
        """After a trouble, until the first success: one request at a time is risked."""
        return self._trips > 0

    def success(self) -> bool:
        """A request was answered. True when that ends a trouble."""
        recovered = self._trips > 0 and not self.is_open
        self._failures = 0
        if recovered:
            self._trips = 0
        return recovered

    def failure(self) -> bool:
        """A request brought no answer. True when that opens the breaker for the first time in a row."""
        self._failures += 1
        return (self.is_probing or self._failures >= FAILURES) and self.trip()

    def trip(self) -> bool:
        """Open at once. True at the first time in a row."""
        if self.is_open:
            return False
        self._trips += 1
        self._failures = 0
        self._open_until = asyncio.get_running_loop().time() + backoff(self._trips).total_seconds()
        return self._trips == 1
