"""A wall clock that can be moved ahead."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class MovableClock:
    """Runs as the wall clock does, `ahead` seconds before it."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead

    def seconds(self) -> float:
        return time.time() + self.ahead

    def __call__(self) -> datetime:
        return datetime.fromtimestamp(self.seconds(), UTC)
