"""The hands that carry: as many as the pace allows at once, each taking one message after the other."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable

Carry = Callable[[int], Awaitable[None]]


class Crew:
    """A task for each message would cost more than the message's bookkeeping; a hand costs a task once a window."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: deque[tuple[Carry, int]] = deque()
        self._hands: set[asyncio.Task[None]] = set()

    def add(self, carry: Carry, positions: Iterable[int]) -> None:
        """`carry` must note every outcome itself, also that it was cancelled."""
        self._waiting.extend((carry, position) for position in positions)
        self._call_hands()

    def withdraw(self, carry: Carry) -> list[int]:
        """What nobody has taken up yet; returns the positions."""
        left = [position for owner, position in self._waiting if owner == carry]
        self._waiting = deque(job for job in self._waiting if job[0] != carry)
        return left

    def _call_hands(self) -> None:
        for _ in range(min(self._size - len(self._hands), len(self._waiting))):
            hand = asyncio.create_task(self._work())
            self._hands.add(hand)
            hand.add_done_callback(self._left)

    async def _work(self) -> None:
        while self._waiting:
            carry, position = self._waiting.popleft()
            await carry(position)

    def _left(self, hand: asyncio.Task[None]) -> None:
        """A hand that was stopped in the middle of one page's message leaves the others' to somebody else."""
        self._hands.discard(hand)
        if self._waiting:
            self._call_hands()
