"""The wall clock as the house reads it: it tells when it was set back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

#: A clock that goes back by less is only being adjusted.
SLACK = timedelta(seconds=1)


class WallClock:
    """Reads `now`, and tells its listeners how far it was set back at the first look after that."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._listeners: list[Callable[[timedelta], None]] = []
        #: The wall clock's last time, and the same instant by the loop's clock, which nobody sets.
        self._latest: tuple[datetime, float] | None = None

    def when_set_back(self, listener: Callable[[timedelta], None]) -> None:
        """Call `listener` with how far the clock went back."""
        self._listeners.append(listener)

    def __call__(self) -> datetime:
        at = self._now()
        try:
            beat = asyncio.get_running_loop().time()
        except RuntimeError:  # in a thread beside the loop, whose listeners may not be called from there
            return at
        before, self._latest = self._latest, (at, beat)
        if before is not None and at < before[0] - SLACK:
            by = before[0] - at + timedelta(seconds=beat - before[1])
            for listener in self._listeners:
                listener(by)
        return at
