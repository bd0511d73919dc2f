"""How fast a platform is sent to, and when it or a reader is left alone."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from datetime import datetime, timedelta

from bot.errors import SendError, Wait

#: Pages of one platform that may reserve at once: while one waits for its last answers, the other goes on.
PAGES = 2
#: Readers that are reserved together, at least and at most. However few they are, a commit writes a block or two of the
#: disk; after a power cut twice as many are in doubt, and no more of them at a slow pace than at full speed. A kill
#: leaves only what was on the wire: see the flight recorder.
FEWEST, MOST = 96, 256


def windows(per_second: float) -> tuple[int, int]:
    """How many readers one commit reserves, and on how many pages that goes on at once: a quarter of a second's."""
    size = int(per_second * 0.25)
    if size <= FEWEST:
        return FEWEST, 1
    # Each page may have two windows reserved: as many pages together must not leave more than that in doubt.
    return min(MOST, size) // PAGES, PAGES


#: So many requests in a row that brought no answer, and the platform counts as down.
FAILURES = 5
#: The longest wait between two attempts at something that failed.
LONGEST = timedelta(seconds=60)


def backoff(attempt: int) -> timedelta:
    """Before try number `attempt` + 1 (`attempt` from 1): anything from 1 s to a bound that doubles to a minute."""
    bound = min(LONGEST.total_seconds(), 2.0 ** min(attempt, 10))
    return timedelta(seconds=random.uniform(1.0, bound))  # noqa: S311 - spreading, not secrecy


def pause(trips: int) -> float:
    """Seconds before try number `trips` + 1 of what concerns everybody: 1 doubling to a minute, spread by a tenth."""
    return min(LONGEST.total_seconds(), 2.0 ** min(trips - 1, 10)) * random.uniform(1.0, 1.1)  # noqa: S311


class Patience:
    """Until when a reader of a dispatch is not tried again, and how often that was so. Forgotten at a restart."""

    def __init__(self) -> None:
        self._until: dict[tuple[int, int], tuple[datetime, int]] = {}

    def __len__(self) -> int:
        return len(self._until)

    def postpone(self, dispatch_id: int, subscriber: int, until: datetime) -> None:
        self._until[dispatch_id, subscriber] = (until, self.tries(dispatch_id, subscriber) + 1)

    def set_back(self, by: timedelta) -> None:
        """The clock was."""
        self._until = {key: (until - by, tries) for key, (until, tries) in self._until.items()}

    def until(self, dispatch_id: int, subscriber: int) -> datetime | None:
        found = self._until.get((dispatch_id, subscriber))
        return found[0] if found else None

    def tries(self, dispatch_id: int, subscriber: int) -> int:
        found = self._until.get((dispatch_id, subscriber))
        return found[1] if found else 0

    def wait(self, error: SendError, dispatch_id: int, subscriber: int) -> timedelta:
        """As long as the platform says, or longer each time."""
        if isinstance(error, Wait):
            return timedelta(seconds=error.seconds)
        return backoff(self.tries(dispatch_id, subscriber) + 1)

    def forget(self, dispatch_id: int, subscriber: int) -> None:
        self._until.pop((dispatch_id, subscriber), None)


#: Of a message that others have a rejected copy is its reader's affair, until so many are rejected one after another.
IN_A_ROW = 8


class Proven:
    """Dispatches of which a reader has a copy: the platform takes this message."""

    def __init__(self) -> None:
        #: How often it has not since.
        self._rejected: dict[int, int] = {}

    def __contains__(self, dispatch_id: int) -> bool:
        return dispatch_id in self._rejected

    def taken(self, dispatch_id: int) -> None:
        self._rejected[dispatch_id] = 0

    def rejected(self, dispatch_id: int) -> bool:
        """True: that may be one reader's own affair."""
        in_a_row = self._rejected.get(dispatch_id, IN_A_ROW)
        if in_a_row < IN_A_ROW:
            self._rejected[dispatch_id] = in_a_row + 1
        return in_a_row < IN_A_ROW


class Throttle:
    """Holds one kind of requests that was sent away without a time: from a second up to a minute, longer in a row."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._failed = 0
        self._until = 0.0

    @property
    def held(self) -> float:
        """Seconds for which none of them may leave."""
        return max(0.0, self._until - asyncio.get_running_loop().time())

    def sent_away(self) -> float:
        """Those that were on the wire together count once. Returns the seconds."""
        if not self.held:
            self._in_a_row += 1
            self._until = asyncio.get_running_loop().time() + pause(self._in_a_row)
        return self.held

    def failed(self) -> int:
        """One was not taken for a reason of the platform's own. Returns how many in a row."""
        self._failed += 1
        return self._failed

    def answered(self) -> None:
        """One was taken; what had left before a hold says nothing about its end."""
        self._failed = 0
        if not self.held:
            self._in_a_row = 0


#: The platform means the whole bot when it sends away so many different chats within so many seconds. Within 5 s,
#: as the reference has it, single chats' waits would add up to it at 25/s already.
CHATS, WITHIN = 3, 1.0
#: While it takes others in between it means each by itself, for so many seconds; by chance alone hardly as many in a
#: row are sent away then.
MIXED, MANY = 600.0, 12


class Refusals:
    """Whom the platform means by sending chats away: each of them, or the whole bot."""

    def __init__(self) -> None:
        #: How many there were so far: whoever sends something remembers it, to tell when that was taken.
        self.count = 0
        #: The latest chats that were sent away, and when.
        self._latest: deque[tuple[str, float]] = deque()
        #: Those since something was taken, and which refusal it was.
        self.row: dict[str, int] = {}
        self._mixed_until = float("-inf")

    def add(self, chat: str, now: float) -> tuple[set[str], bool]:
        """The chats whose waits are the bot's; and whether that were many at once, whoever is meant."""
        self.count += 1
        self.row[chat] = self.count
        self._latest.append((chat, now))
        while self._latest[0][1] < now - WITHIN:
            self._latest.popleft()
        several = {each for each, _ in self._latest}
        in_a_row = several & self.row.keys()
        if len(several) >= CHATS > len(in_a_row):
            self._mixed_until = now + MIXED
        if now < self._mixed_until:
            in_a_row = set(self.row) if len(self.row) >= MANY else set()
        if len(in_a_row) < CHATS:
            return set(), len(several) >= CHATS
        self.row.clear()
        return in_a_row, True

    def taken(self, count: int) -> None:
        """Something was that left after so many refusals: those were not the bot's."""
        self.row = {chat: number for chat, number in self.row.items() if number > count}


#: A storm (429 for the whole bot) leaves us so much of the rate, at most once in so many seconds.
SLOWER, EVERY = 0.7, 10.0
#: Never slower than this share: a platform that is shut altogether is the breaker's affair.
SLOWEST = 0.1
#: Seconds after a storm until all of the rate is used again.
RECOVERY = 110.0


class Slowdown:
    """Which share of the rate is used: less after each storm, and evenly more until all of it is."""

    def __init__(self) -> None:
        self._lowest = 1.0
        self._at = float("-inf")
        self._over_at = 0.0

    def share(self, now: float) -> float:
        if self._lowest == 1.0:
            return 1.0
        risen = max(0.0, now - self._over_at) / RECOVERY
        if risen >= 1.0:
            self._lowest = 1.0
            return 1.0
        return self._lowest + (1.0 - self._lowest) * risen

    def slow(self, now: float, over_at: float) -> None:
        """The platform has had enough of us; it will listen again at `over_at`."""
        if now - self._at >= EVERY:
            self._lowest, self._at, self._over_at = max(SLOWEST, self.share(now) * SLOWER), now, over_at
        else:
            self._over_at = max(self._over_at, over_at)


#: Retries that a minute may have for its sends, and how many it may have anyhow.
BUDGET, LEAST = 0.1, 10
#: Of so many seconds.
SPAN = 60.0


class Retries:
    """Repeating what did not leave must not become what keeps a platform down."""

    def __init__(self) -> None:
        #: Per second: when, sends, retries.
        self._seconds: deque[list[int]] = deque()

    def sent(self, now: float, count: int) -> None:
        self._second(now)[1] += count

    def may_retry(self, now: float) -> bool:
        """Counts one more retry, or says that there have been too many."""
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
        # Asked before every message: without a trouble nobody looks at the clock.
        return self._trips > 0 and self.seconds_left > 0

    @property
    def is_probing(self) -> bool:
        """After a trouble, until the first success: one request at a time is risked."""
        return self._trips > 0

    @property
    def has_doubts(self) -> bool:
        """The latest request brought no answer."""
        return self._failures > 0

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
        self._open_until = asyncio.get_running_loop().time() + pause(self._trips)
        return self._trips == 1
