"""A loop whose clock goes on with the clock in hand, so that what waits by either ends together."""

from __future__ import annotations

import asyncio


class MovableLoop(asyncio.SelectorEventLoop):
    """The loop of a house whose time is moved by hours: `ahead` seconds before the machine's own."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead
