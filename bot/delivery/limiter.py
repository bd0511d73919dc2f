"""Our own limits: turns for a bot's requests, in lanes, never more than the platform allows."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import IntEnum

from bot.delivery.pace import Chats, Even, Refusals, Slowdown
from bot.domain import PAID_PER_SECOND, Pace
from bot.domain.ledger import Dispatch
from bot.errors import Wait

#: Below this, in seconds, a timer costs more than it is worth.
TICK = 0.002
#: Turns in a row for the first lane before the next one gets a turn, so that a long broadcast starves nobody.
SHARE = 4
#: Longer waits, in seconds, are spent in the store: at a crash, what has started is lost or in doubt.
SHORT = 2.0
#: Shorter holds, in seconds, end before a restart would, so they are not stored.
RESTART = 0.5
#: Seconds of a hold after which one message may try whether it still stands; after each try twice as long, up to LAST.
PROBE, LAST = 60.0, 900.0


class Lane(IntEnum):
    """The order in which requests get their turns."""

    #: A post in a channel: one request, and a whole channel waits for it.
    CHANNEL = 0
    #: An answer or a question to the desk: whoever stops or corrects something must not stand behind readers.
    DESK = 1
    URGENT = 2
    #: An answer to a reader.
    REPLY = 3
    ORDINARY = 4
    #: The progress of a broadcast, redrawn every few seconds: nobody waits for it.
    PROGRESS = 5


def lane_of(dispatch: Dispatch) -> Lane:
    """Return the lane in which a dispatch goes out."""
    if dispatch.channel is not None:
        return Lane.CHANNEL
    return Lane.URGENT if dispatch.urgent else Lane.ORDINARY


#: Asked when a turn could be given: is there something to be sent that may be paid for?
MayPay = Callable[[], bool]


def never() -> bool:
    return False


class Hold:
    """A time in which nothing leaves but a message now and then that tries whether it still stands; by the loop's
    clock."""

    def __init__(self) -> None:
        self.until = 0.0
        self.probe_at = 0.0
        self._rest = PROBE

    def begin(self, now: float) -> None:
        """Note that a hold begins: for a minute nobody tries."""
        self.probe_at, self._rest = now + PROBE, PROBE

    def may_probe(self, now: float) -> bool:
        """Return True if a message may try now, and put off the next."""
        if now < self.probe_at:
            return False
        self._rest = min(LAST, self._rest * 2)
        self.probe_at = now + self._rest
        return True


class Limiter:
    """Gives every request of one bot its turn. `now` is the wall clock, by which a chat's wait may end too.

    `group_marks` are the first characters of the ids of groups and channels; `keep_hold` is told until when the
    platform wants nothing of the bot.
    """

    def __init__(
        self,
        pace: Pace,
        *,
        group_marks: tuple[str, ...] = (),
        now: Callable[[], datetime],
        keep_hold: Callable[[datetime], None] = lambda _until: None,
    ) -> None:
        self._keep_hold = keep_hold
        self._ceiling = pace.per_second
        self._free = Even(pace.per_second)
        self._paid = Even(PAID_PER_SECOND - pace.per_second) if pace.paid else None
        self._chats = Chats(pace, group_marks)
        self._now = now
        self._slowdown = Slowdown()
        self._hold = Hold()
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
        """Return the turns in a second at present: more where they are `paid` for, fewer after a storm."""
        ceiling = PAID_PER_SECOND if paid and self._paid is not None else self._ceiling
        return ceiling * self._slowdown.share(asyncio.get_running_loop().time())

    @property
    def held(self) -> float:
        """Seconds for which nothing of this bot may leave."""
        return max(0.0, self._hold.until - asyncio.get_running_loop().time())

    async def turn(self, lane: Lane, may_pay: MayPay = never) -> bool:
        """Return when one more request may leave; True if it must be paid for, which `may_pay` allowed."""
        loop = asyncio.get_running_loop()
        if not self._waiting and self._due(now := loop.time(), may_pay) <= now:
            return self._give(now)
        mine: asyncio.Future[bool] = loop.create_future()
        self._lanes[lane].append((mine, may_pay))
        self._waiting += 1
        self._set_timer(loop)
        return await mine

    def look(self) -> None:
        """Look again: a request that waits may be paid for now."""
        if self._paid is not None:
            self._set_timer(asyncio.get_running_loop())

    async def turn_to(self, lane: Lane, chat: str, *, patience: float = SHORT) -> None:
        """Return when a message may leave to `chat`. Raises `Wait` if that is more than `patience` seconds away."""
        while True:
            while wait := max(self.held, self.wait_of(chat)):
                if wait > patience:
                    raise Wait(wait, "our own limits")
                # The loop's clock cannot tell a shorter wait: we would ask again and again.
                await asyncio.sleep(max(wait, TICK))
            await self.turn(lane)
            if not self.claim(chat):
                return

    def wait_of(self, chat: str) -> float:
        """Return the seconds until `chat` may be written to."""
        now = asyncio.get_running_loop().time()
        wait = max(0.0, self._chats.due(chat, now) - now)
        return max(wait, self._patience(chat, now)) if self._sent_away else wait

    def claim(self, chat: str) -> float:
        """Count a message to `chat` and return 0, or return the seconds until one may leave."""
        now = asyncio.get_running_loop().time()
        due = self._chats.due(chat, now)
        if due > now:
            return due - now
        if self._sent_away and (wait := self._patience(chat, now)):
            return wait
        self._chats.give(chat, now)
        return 0.0

    def sent_away(self, chat: str, wait: Wait) -> None:
        """Note that the platform asked for patience (429).

        One chat's wait is its own; the waits of several chats are the bot's, unless others were taken meanwhile.
        """
        now, seconds = asyncio.get_running_loop().time(), wait.seconds
        self._sent_away = {each: until for each, until in self._sent_away.items() if until[0] > now}
        self._personal &= self._sent_away.keys()
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
        """Give no turns for this long, not even to requests that already wait; afterwards give them more slowly."""
        now = asyncio.get_running_loop().time()
        if not self.held:
            self._hold.begin(now)
        if now + seconds > self._hold.until + RESTART:
            self._keep_hold(self._now() + timedelta(seconds=seconds))
        self._hold.until = max(self._hold.until, now + seconds)
        self._slowdown.slow(now, self._hold.until)

    def may_probe(self) -> bool:
        """Return True if one message may leave although all are held, to learn whether they must be. Counts it."""
        return self.held > 0 and self._hold.may_probe(asyncio.get_running_loop().time())

    @property
    def next_probe(self) -> float:
        """Seconds until a message may leave: the next probe, or the end of the hold."""
        return min(self.held, max(0.0, self._hold.probe_at - asyncio.get_running_loop().time()))

    def release(self) -> None:
        """End a hold: the platform took a message. From here on they leave more slowly."""
        if self.held:
            self._hold.until = now = asyncio.get_running_loop().time()
            self._slowdown.slow(now, now)
            self._keep_hold(self._now())
            self._set_timer(asyncio.get_running_loop())

    def heard(self, chat: str) -> bool:
        """Note that a person wrote to us. Return True if their messages waited for that.

        Viber allows a person a hundred messages an hour, and starts the hour again when they write.
        """
        if chat not in self._personal:
            return False
        self._personal.discard(chat)
        return self._sent_away.pop(chat, None) is not None

    def set_back(self, by: timedelta) -> None:
        """The wall clock went back by `by`: shift every deadline."""
        self._sent_away = {chat: (until, wall - by) for chat, (until, wall) in self._sent_away.items()}

    def stop_paying(self) -> bool:
        """Use only free turns from now on. Return True if others were used until now."""
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
        return max(due, self._hold.until)

    def _give(self, now: float) -> bool:
        """Use up a turn, a free one first. Return True if it is paid for."""
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
        """Return the lane whose first request has its turn now."""
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
        """Return the lanes in which somebody waits, the most important first."""
        for lane in self._lanes.values():
            while lane and lane[0][0].done():  # its asker was cancelled
                lane.popleft()
                self._waiting -= 1
        return [lane for lane in self._lanes.values() if lane]

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake up for the next turn: a paid one may come before those that were asked for earlier."""
        if not (waiting := self._in_order()):
            return
        now = loop.time()
        at = max(now + TICK, min(self._due(now, lane[0][1]) for lane in waiting))
        if self._timer is not None:
            if self._timer.when() <= at:
                return
            self._timer.cancel()
        self._timer = loop.call_at(at, self._tick)
