"""How fast a platform is sent to, and when it is left alone."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

#: So many requests in a row that brought no answer, and the platform counts as down.
FAILURES = 5
#: The longest wait between two attempts at something that failed.
LONGEST = timedelta(seconds=60)


def backoff(attempt: int) -> timedelta:
    """Before try number `attempt` + 1 (`attempt` from 1): 1 s doubling to a minute, spread by a tenth."""
    seconds = min(LONGEST.total_seconds(), 2.0 ** min(attempt - 1, 10))
    return timedelta(seconds=seconds * random.uniform(1.0, 1.1))  # noqa: S311 - spreading, not secrecy


class Limiter:
    """Turns at an even rate for the whole bot. A late turn is not made up for: no burst after a pause."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1.0 / per_second
        self._next = 0.0
        self._held_until = 0.0

    async def turn(self) -> None:
        """Returns when one more request may leave."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        mine = max(self._next, self._held_until, now)
        self._next = mine + self._interval
        # Below a millisecond the timer costs more than it is worth.
        # `hold` may make it longer while we sleep.
        while (wait := max(mine, self._held_until) - loop.time()) > 0.001:  # noqa: ASYNC110
            await asyncio.sleep(wait)

    def hold(self, seconds: float) -> None:
        """Nobody's turn comes for so long (429), also of those who wait for it already."""
        self._held_until = max(self._held_until, asyncio.get_running_loop().time() + seconds)


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
