"""Our own limits: turns for a bot's requests, in lanes, never more than the platform allows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import IntEnum

from bot.delivery.pace import Refusals, Slowdown
from bot.domain import PAID_PER_SECOND, Pace
from bot.errors import Wait

#: A platform's second, as we count it: requests that we space out may arrive closer together.
SECOND = 1.015
#: A group's minute, for the same reason.
MINUTE = 60.5
#: Turns that were missed (a busy moment, a page's end) are made up for within a second, this many seconds of them.
ARREARS = 0.05
#: Below this, in seconds, a timer costs more than it is worth.
TICK = 0.002
#: After so many turns in a row the next lane gets one, so that a long broadcast starves nobody.
SHARE = 4
#: Who has to wait longer than this, in seconds, waits in the store: what has started is lost or in doubt at a crash.
SHORT = 2.0

#: A hold that is over before we could be up again, in seconds, need not be remembered.
RESTART = 0.5


class Lane(IntEnum):
    """Whose request goes first."""

    #: A post in a channel: one request, and a whole channel waits for it.
    CHANNEL = 0
    #: An answer or a question to the desk: whoever stops or corrects something must not stand behind readers.
    DESK = 1
    URGENT = 2
    #: An answer to a reader.
    REPLY = 3
    ORDINARY = 4
    #: How far a sending is, redrawn every few seconds: nobody waits for it.
    PROGRESS = 5


#: Asked when a turn could be given: is there something to be sent that may be paid for?
MayPay = Callable[[], bool]


def never() -> bool:
    return False


class Even:
    """Turns at even distances: at most `per_second` of them in any second."""

    def __init__(self, per_second: float) -> None:
        self._limit = max(1, int(per_second))
        self._span = SECOND * self._limit / per_second
        self._interval = SECOND / per_second
        self._next = 0.0
        #: When the turns of the last second were given.
        self._given: deque[float] = deque()

    def due(self, now: float) -> float:
        """When the next turn comes."""
        given = self._given
        while given and given[0] + self._span <= now:
            given.popleft()
        return max(self._next, given[0] + self._span) if len(given) >= self._limit else self._next

    def give(self, now: float, share: float = 1.0) -> None:
        """`share`: of the rate, while the platform wants us slower."""
        # Who has asked for nothing for a while has missed nothing.
        begun = self._next if self._given else now
        self._given.append(now)
        self._next = max(begun + self._interval / share, now - ARREARS)


class Chats:
    """What single chats bear: about a message a second each, groups and channels 20 in a minute."""

    def __init__(self, pace: Pace) -> None:
        self._interval = SECOND / pace.chat_per_second if pace.chat_per_second else 0.0
        self._per_minute = pace.group_per_minute
        # Two generations, so that forgetting costs nothing.
        self._recent: dict[str, float] = {}
        self._older: dict[str, float] = {}
        self._turned = 0.0
        self._groups: dict[str, deque[float]] = {}

    def due(self, chat: str, now: float) -> float:
        last = self._recent.get(chat)
        if last is None:
            last = self._older.get(chat)
        due = 0.0 if last is None else last + self._interval
        if self._per_minute and chat[:1] in ("-", "@"):
            given = self._groups.get(chat, ())
            if len(given) >= self._per_minute:
                due = max(due, given[-self._per_minute] + MINUTE)
        return due

    def give(self, chat: str, now: float) -> None:
        if self._interval:
            if now - self._turned > self._interval:
                self._older, self._recent, self._turned = self._recent, {}, now
            self._recent[chat] = now
        if self._per_minute and chat[:1] in ("-", "@"):
            self._groups.setdefault(chat, deque(maxlen=self._per_minute)).append(now)


class Limiter:
    """All requests of one bot ask here. `now` is the wall clock, by which a chat's wait may end too.

    `keep_hold` is told until when the platform wants nothing of the bot.
    """

    def __init__(
        self,
        pace: Pace,
        *,
        now: Callable[[], datetime],
        keep_hold: Callable[[datetime], None] = lambda _until: None,
    ) -> None:
        self._keep_hold = keep_hold
        self._ceiling = pace.per_second
        self._free = Even(pace.per_second)
        self._paid = Even(PAID_PER_SECOND - pace.per_second) if pace.paid else None
        self._chats = Chats(pace)
        self._now = now
        self._slowdown = Slowdown()
        self._held_until = 0.0
        #: Chats that the platform sent away: until when, by the loop's clock and by the wall's.
        self._sent_away: dict[str, tuple[float, datetime]] = {}
        #: Those of them whose wait ends when they write to us.
        self._personal: set[str] = set()
        self.refusals = Refusals()
        self._lanes: dict[Lane, deque[tuple[asyncio.Future[bool], MayPay]]] = {lane: deque() for lane in Lane}
        self._waiting = 0
        self._passed_over = 0
        self._timer: asyncio.TimerHandle | None = None

    def per_second(self, *, paid: bool) -> float:
        """Turns in a second at present: more where they are `paid` for, fewer after a storm."""
        ceiling = PAID_PER_SECOND if paid and self._paid is not None else self._ceiling
        return ceiling * self._slowdown.share(asyncio.get_running_loop().time())

    @property
    def held(self) -> float:
        """Seconds for which nothing of this bot may leave."""
        return max(0.0, self._held_until - asyncio.get_running_loop().time())

    async def turn(self, lane: Lane, may_pay: MayPay = never) -> bool:
        """Returns when one more request may leave; True: it must be paid for, as `may_pay` says that it may be."""
        loop = asyncio.get_running_loop()
        if not self._waiting and self._due(now := loop.time(), may_pay) <= now:
            return self._give(now)
        mine: asyncio.Future[bool] = loop.create_future()
        self._lanes[lane].append((mine, may_pay))
        self._waiting += 1
        self._set_timer(loop)
        return await mine

    def look(self) -> None:
        """Who waits may pay now."""
        if self._paid is not None:
            self._set_timer(asyncio.get_running_loop())

    async def turn_to(self, lane: Lane, chat: str, *, patience: float = SHORT) -> None:
        """A turn for a message to `chat`. Raises `Wait` when that is more than `patience` seconds away."""
        while True:
            while wait := max(self.held, self.wait_of(chat)):
                if wait > patience:
                    raise Wait(wait, "our own limits")
                # A wait shorter than the loop's clock can tell would be asked for again and again.
                await asyncio.sleep(max(wait, TICK))
            await self.turn(lane)
            if not self.claim(chat):
                return

    def wait_of(self, chat: str) -> float:
        """Seconds until `chat` may be written to."""
        now = asyncio.get_running_loop().time()
        wait = max(0.0, self._chats.due(chat, now) - now)
        return max(wait, self._patience(chat, now)) if self._sent_away else wait

    def claim(self, chat: str) -> float:
        """0: a message may leave to `chat` and is counted; else the seconds until it may."""
        now = asyncio.get_running_loop().time()
        due = self._chats.due(chat, now)
        if due > now:
            return due - now
        if self._sent_away and (wait := self._patience(chat, now)):
            return wait
        self._chats.give(chat, now)
        return 0.0

    def sent_away(self, chat: str, wait: Wait) -> None:
        """The platform asked for patience (429). One chat's wait is its own; several chats' are the bot's, unless
        others were taken meanwhile."""
        now, seconds = asyncio.get_running_loop().time(), wait.seconds
        self._sent_away = {each: until for each, until in self._sent_away.items() if until[0] > now}
        self._sent_away[chat] = (now + seconds, self._now() + timedelta(seconds=seconds))
        if wait.personal:
            self._personal.add(chat)
            return
        meant, too_fast = self.refusals.add(chat, now)
        if meant:
            self.hold(max(self._sent_away[each][0] for each in meant if each in self._sent_away) - now)
        elif too_fast:
            self._slowdown.slow(now, now)

    def hold(self, seconds: float) -> None:
        """Nobody's turn comes for so long, also of those who wait for it already; and more slowly afterwards."""
        now = asyncio.get_running_loop().time()
        if now + seconds > self._held_until + RESTART:
            self._keep_hold(self._now() + timedelta(seconds=seconds))
        self._held_until = max(self._held_until, now + seconds)
        self._slowdown.slow(now, self._held_until)

    def heard(self, chat: str) -> bool:
        """They wrote: Viber's hour, in which a person gets no more than a hundred messages, begins anew. True: it was
        what they waited for."""
        if chat not in self._personal:
            return False
        self._personal.discard(chat)
        return self._sent_away.pop(chat, None) is not None

    def set_back(self, by: timedelta) -> None:
        """The wall clock was."""
        self._sent_away = {chat: (until, wall - by) for chat, (until, wall) in self._sent_away.items()}

    def stop_paying(self) -> bool:
        """From now on only what is free. True: until now it was otherwise."""
        paying, self._paid = self._paid is not None, None
        return paying

    def _patience(self, chat: str, now: float) -> float:
        until = self._sent_away.get(chat)
        if until is None:
            return 0.0
        wait = min(until[0] - now, (until[1] - self._now()).total_seconds())
        if wait <= 0:
            del self._sent_away[chat]
            self._personal.discard(chat)
        return max(0.0, wait)

    def _due(self, now: float, may_pay: MayPay) -> float:
        due = self._free.due(now)
        if self._paid is not None and may_pay():
            due = min(due, self._paid.due(now))
        return max(due, self._held_until)

    def _give(self, now: float) -> bool:
        """What is free is used first. True: this one is paid for."""
        paid = self._free.due(now) > now
        gate = self._paid if paid and self._paid is not None else self._free
        gate.give(now, self._slowdown.share(now))
        return paid

    def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        self._timer = None
        now = loop.time()
        while lane := self._next_lane(now):
            mine, _ = lane.popleft()
            self._waiting -= 1
            mine.set_result(self._give(now))
        if self._waiting:
            self._set_timer(loop)

    def _next_lane(self, now: float) -> deque[tuple[asyncio.Future[bool], MayPay]] | None:
        """The lane whose first has its turn now."""
        waiting = self._in_order()
        if len(waiting) > 1 and self._passed_over >= SHARE:
            waiting[0], waiting[1] = waiting[1], waiting[0]
        for place, lane in enumerate(waiting):
            if self._due(now, lane[0][1]) <= now:
                is_first = place == 0 and self._passed_over < SHARE and len(waiting) > 1
                self._passed_over = self._passed_over + 1 if is_first else 0
                return lane
        return None

    def _in_order(self) -> list[deque[tuple[asyncio.Future[bool], MayPay]]]:
        """Lanes in which somebody waits, the most important first."""
        for lane in self._lanes.values():
            while lane and lane[0][0].done():  # its asker was cancelled
                lane.popleft()
                self._waiting -= 1
        return [lane for lane in self._lanes.values() if lane]

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        """The paying ones' turn may come before that of those who asked earlier."""
        if not (waiting := self._in_order()):
            return
        now = loop.time()
        at = max(now + TICK, min(self._due(now, lane[0][1]) for lane in waiting))
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._tick)
