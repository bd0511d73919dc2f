"""The platforms' clocks beside ours: a clock that goes wrong posts at the wrong time and has calls refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.domain import Platform
from bot.domain.news import ClockWrong
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: A difference that an answer's way to us and whole seconds do not explain.
SLACK = timedelta(minutes=1)


def is_wrong(behind: timedelta) -> bool:
    """True if a clock that is that far behind, or ahead if negative, must be put right."""
    return abs(behind) > SLACK


class Clocks:
    """The distance of our clock to each platform's, as its latest answer showed."""

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._behind: dict[Platform, timedelta] = {}

    async def compare(self, platform: Platform, at: datetime | None) -> bool:
        """Note that it was `at` when the platform answered just now, and tell the desk what is wrong or right again.

        True: it looks wrong and did not before, so that it must be seen once more. An answer may have been held up.
        """
        if at is None:
            return False
        before, behind = self._behind.get(platform, timedelta(0)), at - self._now()
        self._behind[platform] = behind
        if is_wrong(behind):
            log.warning("clock_is_wrong", platform=platform, behind=round(behind.total_seconds()))
            if not is_wrong(before):
                return True
        await self._store.write(self._tell)
        return False

    async def _tell(self, tx: Queries) -> None:
        platform = max(self._behind, key=lambda each: abs(self._behind[each]))
        wrong = ClockWrong(platform, round(self._behind[platform].total_seconds()))
        if is_wrong(self._behind[platform]):
            await tx.tell_desk(wrong.key, wrong, self._now())
        else:
            await tx.trouble_gone(wrong.key, self._now())
