"""Days of the week, played from one seed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.domain import Platform
from tests.trials.week.affairs import Affairs
from tests.trials.week.answering import Answering
from tests.trials.week.cast import IHOR, LESIA, MONDAY, OLENA, TARAS, ZONE
from tests.trials.week.house import a_house
from tests.trials.week.looks import Looks
from tests.trials.week.record import Record
from tests.trials.week.script import stories_of
from tests.trials.week.table import Table
from tests.trials.week.week import Week
from tests.trials.week.writing import Writing

MINUTES_DOWN = 20
#: Tables whose growth is looked at.
GROWING = ("button", "shown", "inbox", "audit", "notice", "page", "reply")


@dataclass
class Played:
    """What was played, with the size of the house at the end of each day."""

    week: Week
    looks: Looks
    table: Table
    sizes: list[str] = field(default_factory=list)


@asynccontextmanager
async def played(folder: Path, days: int, seed: int, hours: range = range(7, 23)) -> AsyncIterator[Played]:
    """Play `days` from Monday on, in these hours of the day, and judge them."""
    async with a_house(folder) as house:
        week, looks, sizes = Week(house, Record(house), random.Random(seed)), Looks(), list[str]()
        writing = Writing(week)
        affairs = Affairs(week, Answering(week, writing))
        await affairs.speaks_first()
        await affairs.links(TARAS)
        await affairs.sets_duty()
        # The week begins here: nobody counts how its people came to sit at the desk.
        week.record.messages.clear()
        plan = Plan(week, writing, affairs, looks, days, hours)
        for number in range(days):
            day = MONDAY.astimezone(ZONE).replace(hour=0, minute=0) + timedelta(days=number)
            plan.day(number, day)
            await week.live_until(day + timedelta(hours=hours[-1] + 2))
            sizes.append(await _size(week))
        yield Played(week, looks, await Table.of(week, looks), sizes)


@dataclass(frozen=True)
class Plan:
    """What befalls the desk, day by day. In a short week all that happens once comes on the last day."""

    week: Week
    writing: Writing
    affairs: Affairs
    looks: Looks
    days: int
    hours: range

    def day(self, number: int, midnight: datetime) -> None:
        """Plan one day: its articles, and what befalls the desk on it."""
        week, affairs = self.week, self.affairs
        for story in stories_of(midnight, week.dice, self.hours):
            week.plan(story.at, partial(self.writing.writes, story))
        for hour in self.hours:
            week.plan(midnight + timedelta(hours=hour, minutes=40), affairs.looks_after)
            week.plan(midnight + timedelta(hours=hour, minutes=59), partial(self.looks.look, week))
        week.plan(midnight + timedelta(hours=13, minutes=30), affairs.swaps)
        if number:
            week.plan(midnight + timedelta(hours=3), week.house.restarts)
        if number % 2 == 0:
            week.plan(midnight + timedelta(hours=14, minutes=15), affairs.halts)
        if number == 0:
            week.plan(midnight + timedelta(hours=10), partial(affairs.invites, OLENA, LESIA))
        self._once(number, midnight)

    def _once(self, number: int, midnight: datetime) -> None:
        if number == min(1, self.days - 1):
            self._is_down(Platform.TELEGRAM, midnight + timedelta(hours=11))
        if number == min(2, self.days - 1):
            self._is_down(Platform.VIBER, midnight + timedelta(hours=17))
        if number == min(3, self.days - 1):
            at = midnight + timedelta(hours=18, minutes=30)
            self.week.plan(at, partial(self.affairs.removes, TARAS, IHOR))

    def _is_down(self, platform: Platform, at: datetime) -> None:
        house = self.week.house
        self.week.plan(at, partial(house.goes_down, platform))
        self.week.plan(at + timedelta(minutes=MINUTES_DOWN), partial(house.comes_back, platform))


def _resident() -> int:
    """Megabytes of bot and sandbox together."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4 // 1024


async def _size(week: Week) -> str:
    """Return the rows and the memory of bot and sandbox together."""
    rows = [(await week.house.rows(f"SELECT count(*) FROM {name}"))[0][0] for name in GROWING]
    counts = ", ".join(f"{name} {count}" for name, count in zip(GROWING, rows, strict=True))
    (size,) = (await week.house.rows("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))[0]
    return f"{_resident()} MB resident, database {size / 1e6:.1f} MB: {counts}"
