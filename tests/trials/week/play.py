"""Days of the week, played from one seed."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain import Platform
from tests.trials.week.cast import IHOR, LESIA, MONDAY, OLENA, TARAS, ZONE
from tests.trials.week.house import a_house
from tests.trials.week.looks import Looks
from tests.trials.week.people import Week
from tests.trials.week.record import Record
from tests.trials.week.script import stories_of
from tests.trials.week.table import Table

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
        await week.speaks_first()
        await week.links(TARAS)
        await week.sets_duty()
        # The week begins here: nobody counts how its people came to sit at the desk.
        week.record.messages.clear()
        for number in range(days):
            day = MONDAY.astimezone(ZONE).replace(hour=0, minute=0) + timedelta(days=number)
            _plan(week, looks, day, number, days, hours)
            await week.live_until(day + timedelta(hours=hours[-1] + 2))
            sizes.append(await _size(week))
        yield Played(week, looks, await Table(week, looks).read(), sizes)


def _plan(week: Week, looks: Looks, day: datetime, number: int, days: int, hours: range) -> None:
    """Plan one day: the articles, and what befalls the desk on it."""
    for story in stories_of(day, week.dice, hours):
        week.plan(story.at, lambda story=story: week.writes(story))  # type: ignore[misc]
    for hour in hours:
        week.plan(day + timedelta(hours=hour, minutes=40), week.looks_after)
        week.plan(day + timedelta(hours=hour, minutes=59), lambda: looks.look(week))
    week.plan(day + timedelta(hours=13, minutes=30), week.swaps)
    if number:
        week.plan(day + timedelta(hours=3), week.house.restarts)
    if number % 2 == 0:
        week.plan(day + timedelta(hours=14, minutes=15), week.halts)
    if number == 0:
        week.plan(day + timedelta(hours=10), lambda: week.invites(OLENA, LESIA))
    # In a short week all of it comes on the last day.
    if number == min(1, days - 1):
        _is_down(week, Platform.TELEGRAM, day + timedelta(hours=11))
    if number == min(2, days - 1):
        _is_down(week, Platform.VIBER, day + timedelta(hours=17))
    if number == min(3, days - 1):
        week.plan(day + timedelta(hours=18, minutes=30), lambda: week.removes(TARAS, IHOR))


def _is_down(week: Week, platform: Platform, at: datetime) -> None:
    week.plan(at, lambda: week.house.goes_down(platform))
    week.plan(at + timedelta(minutes=MINUTES_DOWN), lambda: week.house.comes_back(platform))


def _resident() -> int:
    """Megabytes of bot and sandbox together."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4 // 1024


async def _size(week: Week) -> str:
    """Return the rows and the memory of bot and sandbox together."""
    rows = [(await week.house.rows(f"SELECT count(*) FROM {name}"))[0][0] for name in GROWING]
    counts = ", ".join(f"{name} {count}" for name, count in zip(GROWING, rows, strict=True))
    (size,) = (await week.house.rows("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))[0]
    return f"{_resident()} MB resident, database {size / 1e6:.1f} MB: {counts}"
