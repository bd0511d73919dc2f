"""The pace of sending: even turns, a limit for each chat, and less after the platform has had enough."""

from __future__ import annotations

from collections import deque

from bot.domain import Pace

#: A platform's second, as we count it: requests that we space out may arrive closer together.
SECOND = 1.015
#: A group's minute, for the same reason.
MINUTE = 60.5
#: Missed turns (a busy moment, the end of a page) are made up for within a second: at most this many seconds of them.
ARREARS = 0.05


class Even:
    """Turns at even distances: at most `per_second` of them in any second."""

    def __init__(self, per_second: float) -> None:
        self._limit = max(1, int(per_second))
        self._span = SECOND * self._limit / per_second
        self._interval = SECOND / per_second
        self._next = 0.0
        #: Instants at which the turns of the last second were given.
        self._given: deque[float] = deque()

    def due(self, now: float) -> float:
        """Return when the next turn comes."""
        given = self._given
        while given and given[0] + self._span <= now:
            given.popleft()
        return max(self._next, given[0] + self._span) if len(given) >= self._limit else self._next

    def give(self, now: float, share: float = 1.0) -> None:
        """Count a turn. `share` of the rate is used while the platform wants us slower."""
        # After a pause in which nobody asked, no turn was missed.
        begun = self._next if self._given else now
        self._given.append(now)
        self._next = max(begun + self._interval / share, now - ARREARS)


class Chats:
    """The limits of single chats: about a message a second each; groups and channels 20 in a minute."""

    def __init__(self, pace: Pace, group_marks: tuple[str, ...] = ()) -> None:
        """`group_marks`: the first characters of the ids of groups and channels."""
        self._interval = SECOND / pace.chat_per_second if pace.chat_per_second else 0.0
        self._per_minute = pace.group_per_minute if group_marks else 0
        self._marks = group_marks
        # Two generations, so that forgetting costs nothing.
        self._recent: dict[str, float] = {}
        self._older: dict[str, float] = {}
        self._turned = 0.0
        self._groups: dict[str, deque[float]] = {}

    @property
    def groups(self) -> int:
        """Return the number of groups that are remembered."""
        return len(self._groups)

    def due(self, chat: str, now: float) -> float:
        """Return when the next message may leave to `chat`."""
        last = self._recent.get(chat)
        if last is None:
            last = self._older.get(chat)
        due = 0.0 if last is None else last + self._interval
        if self._per_minute and chat[:1] in self._marks:
            given = self._groups.get(chat, ())
            if len(given) >= self._per_minute:
                due = max(due, given[-self._per_minute] + MINUTE)
        return due

    def give(self, chat: str, now: float) -> None:
        """Count a message to `chat`."""
        if self._interval:
            if now - self._turned > self._interval:
                self._older, self._recent, self._turned = self._recent, {}, now
            self._recent[chat] = now
        if self._per_minute and chat[:1] in self._marks:
            self._group(chat, now).append(now)

    def _group(self, chat: str, now: float) -> deque[float]:
        """Return when messages left to a group; those without any within a minute are forgotten as a new one comes."""
        if chat not in self._groups:
            self._groups = {each: given for each, given in self._groups.items() if given[-1] + MINUTE > now}
            self._groups[chat] = deque(maxlen=self._per_minute)
        return self._groups[chat]


#: Different chats sent away within this many seconds until the platform means the whole bot. Telegram's advice of 5 s
#: would let the waits of single chats add up to it at 25/s already.
CHATS, WITHIN = 3, 1.0
#: If other messages succeed in between, each refusal concerns its own chat: remember that for MIXED seconds, unless
#: MANY refusals come in a row, which chance alone hardly brings about.
MIXED, MANY = 600.0, 12


class Refusals:
    """Tells whom the platform means when it sends chats away: each of them, or the whole bot."""

    def __init__(self) -> None:
        #: Refusals so far. A sender remembers the number, to tell later when its message was taken.
        self.count = 0
        #: The latest chats that were sent away, and when.
        self._latest: deque[tuple[str, float]] = deque()
        #: Chats refused since something was taken, with the number of the refusal.
        self.row: dict[str, int] = {}
        self._mixed_until = float("-inf")

    def add(self, chat: str, now: float) -> tuple[set[str], bool]:
        """Count a refusal. Return the chats whose waits are the whole bot's, and whether we were too fast for anyone.

        The second is also true when several chats were sent away together and none of them stands for the bot.
        """
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
        """Note that a message was taken which left after `count` refusals: those were not meant for the bot."""
        self.row = {chat: number for chat, number in self.row.items() if number > count}


#: The share of the rate that a storm (429 for the whole bot) leaves us, and the least seconds between two such cuts.
SLOWER, EVERY = 0.7, 10.0
#: The smallest share: a platform that is shut altogether is the breaker's affair.
SLOWEST = 0.1
#: Seconds after a storm until all of the rate is used again.
RECOVERY = 110.0


class Slowdown:
    """The share of the rate that is used: smaller after each storm, then evenly growing until it is all of it."""

    def __init__(self) -> None:
        self._lowest = 1.0
        self._at = float("-inf")
        self._over_at = 0.0

    def share(self, now: float) -> float:
        """Return the share that is used now."""
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
