"""The health of a platform, and the times at which failed requests are tried again."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from datetime import timedelta

#: The longest wait between two attempts at something that failed.
LONGEST = timedelta(seconds=60)


def backoff(attempt: int) -> timedelta:
    """Return the wait after failed try number `attempt` (from 1): from 1 s to a bound that doubles to a minute."""
    bound = min(LONGEST.total_seconds(), 2.0 ** min(attempt, 10))
    return timedelta(seconds=random.uniform(1.0, bound))  # noqa: S311 - spreading, not secrecy


def pause(trips: int) -> float:
    """Return the seconds after failed try number `trips` of what concerns everybody.

    They double from 1 to a minute, spread by a tenth.
    """
    return min(LONGEST.total_seconds(), 2.0 ** min(trips - 1, 10)) * random.uniform(1.0, 1.1)  # noqa: S311


class Throttle:
    """Holds one kind of request that was sent away without a time: from a second up to a minute, longer in a row."""

    def __init__(self, parallel: int = 1) -> None:
        #: Entered by each request: that many of them may be on the wire together.
        self.parallel = asyncio.Semaphore(parallel)
        self._in_a_row = 0
        self._failed = 0
        self._until = 0.0
        #: How many brought no answer, and up to which of them one that had begun later was answered.
        self.unanswered = 0
        self._trusted = 0

    @property
    def has_doubts(self) -> bool:
        """True from one that brought no answer until another, which began after it, is answered."""
        return self.unanswered > self._trusted

    @property
    def held(self) -> float:
        """Seconds for which none of them may leave."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    def sent_away(self) -> float:
        """Begin a hold and return its seconds. Requests that were on the wire together count once."""
        if not self.held:
            self._in_a_row += 1
            self._until = asyncio.get_running_loop().time() + pause(self._in_a_row)
        return self.held

    def failed(self) -> int:
        """Count a request that was not taken for a reason of the platform's own; return how many in a row."""
        self._failed += 1
        return self._failed

    def answered(self, before: int) -> None:
        """Note that one was taken; what had left before a hold or a silence says nothing about its end.

        `before`: how many were unanswered when it left.
        """
        self._trusted = max(self._trusted, before)
        self._failed = 0
        if not self.held:
            self._in_a_row = 0


#: Retries allowed as a share of the sends within SPAN, and the number that is always allowed.
BUDGET, LEAST = 0.1, 10
#: Seconds over which sends and retries are counted.
SPAN = 60.0


class Retries:
    """Keeps repetitions of what did not leave from being what keeps a platform down."""

    def __init__(self) -> None:
        #: Per second: when, sends, retries.
        self._seconds: deque[list[int]] = deque()

    def sent(self, now: float, count: int) -> None:
        """Count `count` sends."""
        self._second(now)[1] += count

    def may_retry(self, now: float) -> bool:
        """Count one more retry, or return False if there have been too many."""
        second = self._second(now)
        sends, retries = (sum(each[place] for each in self._seconds) for place in (1, 2))
        if retries >= max(LEAST, BUDGET * sends):
            return False
        second[2] += 1
        return True

    def _second(self, now: float) -> list[int]:
        seconds = self._seconds
        while seconds and seconds[0][0] <= now - SPAN:
            seconds.popleft()
        if not seconds or seconds[-1][0] != int(now):
            seconds.append([int(now), 0, 0])
        return seconds[-1]


#: Requests in a row without an answer until the platform counts as down.
FAILURES = 5


class Breaker:
    """Stops reservations while a platform is down or turned off, so that no doubt is created meanwhile."""

    def __init__(self) -> None:
        self._failures = 0
        self._trips = 0
        self._open_until = 0.0

    @property
    def seconds_left(self) -> float:
        """Seconds until requests may leave."""
        return max(0.0, self._open_until - asyncio.get_running_loop().time())

    @property
    def is_open(self) -> bool:
        """True while nothing may leave."""
        # Asked before every message: without a trouble nobody looks at the clock.
        return self._trips > 0 and self.seconds_left > 0

    @property
    def is_probing(self) -> bool:
        """True after a trouble, until the first success: one request at a time is risked."""
        return self._trips > 0

    def success(self) -> bool:
        """Note that a request was answered. Return True if that ends a trouble."""
        recovered = self._trips > 0 and not self.is_open
        self._failures = 0
        if recovered:
            self._trips = 0
        return recovered

    def close(self) -> None:
        """Note that all is well with the platform."""
        self._failures = self._trips = 0
        self._open_until = 0.0

    def failure(self) -> bool:
        """Note that a request brought no answer. Return True if that begins a trouble."""
        self._failures += 1
        return (self.is_probing or self._failures >= FAILURES) and self.trip()

    def trip(self) -> bool:
        """Open at once. Return True if that begins a trouble."""
        if self.is_open:
            return False
        self._trips += 1
        self._failures = 0
        self._open_until = asyncio.get_running_loop().time() + pause(self._trips)
        return self._trips == 1
