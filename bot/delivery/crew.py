"""The hands that carry single messages: as many as the pace allows at once, each one message after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from bot.delivery.fault import tell_fault
from bot.delivery.limiter import SHORT, Lane, Limiter


class Load(Protocol):
    """A page's messages that are carried singly."""

    lane: Lane
    #: Its messages may go above the free rate.
    pays: bool

    def chat(self, position: int) -> str: ...

    async def carry(self, position: int, hand: asyncio.Task[None], *, paid: bool) -> None:
        """Send to one reader. `hand` is the task that does it. Must note every outcome itself, also its cancelling."""
        ...

    def put_off(self, position: int, seconds: float) -> None:
        """Note that it has not left: its chat may not be written to for this long."""
        ...


class Crew:
    """Gives messages to hands: a task for each message would cost more than the message's bookkeeping.

    A hand first waits for a turn and only then takes a message, the most important one: what comes in meanwhile
    need not stand behind what came before.
    """

    def __init__(self, size: int, limiter: Limiter) -> None:
        self._size = size
        self._limiter = limiter
        #: In the order of importance; messages that may not be paid for have only the free turns.
        self._lanes: dict[tuple[Lane, bool], deque[tuple[Load, int]]] = {
            (lane, pays): deque() for lane in (Lane.URGENT, Lane.ORDINARY) for pays in (False, True)
        }
        # Asked before each message; looking them up by two keys would cost a microsecond.
        self._urgent = [self._lanes[Lane.URGENT, pays] for pays in (False, True)]
        self._paying = [self._lanes[lane, True] for lane in (Lane.URGENT, Lane.ORDINARY)]
        #: Messages that wait a moment until their chat may be written to.
        self._aside: dict[tuple[Load, int], asyncio.TimerHandle] = {}
        self._waiting = 0
        self._asking = 0
        self._hands: set[asyncio.Task[None]] = set()

    def add(self, load: Load, positions: Iterable[int]) -> None:
        lane = self._lanes[load.lane, load.pays]
        before = len(lane)
        lane.extend((load, position) for position in positions)
        self._waiting += len(lane) - before
        if load.pays:
            self._limiter.look()
        self._call_hands()

    def withdraw(self, load: Load) -> list[int]:
        """Take back what no hand has begun; return the positions."""
        lane = self._lanes[load.lane, load.pays]
        left = [position for owner, position in lane if owner is load]
        others = [job for job in lane if job[0] is not load]
        lane.clear()
        lane.extend(others)
        self._waiting -= len(left)
        for owner, position in [job for job in self._aside if job[0] is load]:
            self._aside.pop((owner, position)).cancel()
            left.append(position)
        return left

    async def stop(self) -> None:
        hands = list(self._hands)
        for hand in hands:
            hand.cancel()
        await asyncio.gather(*hands, return_exceptions=True)

    def _call_hands(self) -> None:
        for _ in range(min(self._size - len(self._hands), self._waiting - self._asking)):
            hand = asyncio.create_task(self._work())
            self._hands.add(hand)
            hand.add_done_callback(self._left)

    async def _work(self) -> None:
        me = asyncio.current_task()
        assert me is not None
        # A turn that nobody uses is lost: no more of them than there are messages.
        while self._waiting > self._asking:
            self._asking += 1
            lane = Lane.URGENT if any(self._urgent) else Lane.ORDINARY
            try:
                paid = await self._limiter.turn(lane, self._may_pay)
            finally:
                self._asking -= 1
            if (job := self._next(paid=paid)) is not None:
                load, position = job
                await load.carry(position, me, paid=paid)

    def _may_pay(self) -> bool:
        return any(self._paying)

    def _next(self, *, paid: bool) -> tuple[Load, int] | None:
        for (_, pays), lane in self._lanes.items():
            while lane and (pays or not paid):
                load, position = lane.popleft()
                self._waiting -= 1
                wait = self._limiter.claim(load.chat(position))
                if not wait:
                    return load, position
                if wait > SHORT:
                    load.put_off(position, wait)
                else:
                    self._set_aside(load, position, wait)
        return None

    def _set_aside(self, load: Load, position: int, wait: float) -> None:
        def back() -> None:
            del self._aside[load, position]
            self.add(load, [position])

        self._aside[load, position] = asyncio.get_running_loop().call_later(wait, back)

    def _left(self, hand: asyncio.Task[None]) -> None:
        """Replace a hand that was stopped, or that a fault ended, in the middle of one message."""
        self._hands.discard(hand)
        tell_fault(hand, "sending_broke")
        self._call_hands()
