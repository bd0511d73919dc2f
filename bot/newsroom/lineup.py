"""The order of the queue: what changes places, what waits for a word, the week at a glance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.entry import EntryState
from bot.domain.life import Act
from bot.domain.times import free_slots
from bot.errors import Refused
from bot.newsroom import timing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import check, read, read_for, read_planned
from bot.newsroom.situation import Situation

#: Days that /week shows, today first.
DAYS = 7

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """One of the newsroom's days: the number of articles that have a time in it, and the posting times left free."""

    on: date
    planned: int
    free: tuple[datetime, ...]


async def swap(desk: Desk, one: int, other: int) -> tuple[Situation, Situation]:
    """Give each article the other's time. Approvals were given for a time, so they are void."""
    first = await read(desk, one)
    second = await read(desk, other, first.people)
    its_time, other_time = first.entry.due_at, second.entry.due_at
    check(desk, first, Act.SWAP, other_time or first.earliest)
    check(desk, second, Act.SWAP, its_time or second.earliest)
    assert its_time is not None and other_time is not None
    if its_time == other_time:
        raise Refused("#{one} and #{other} already have the same time.", one=one, other=other)
    return await timing.set_time(desk, first, other_time), await timing.set_time(desk, second, its_time)


async def pause(desk: Desk, number: int) -> Situation:
    """Hold the article until somebody lets it go on; it keeps its time."""
    situation = await read_for(desk, number, Act.PAUSE)
    entry = situation.entry
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at)
    await desk.record("article.paused", entry)
    return situation.after(desk.house, entry=replace(entry, state=EntryState.HELD, not_before=None))


async def go_on(desk: Desk, number: int) -> Situation:
    """Queue a paused article again for the time that it had: an approval for that time still counts."""
    situation = await read(desk, number)
    at = situation.entry.due_at
    check(desk, situation, Act.GO_ON, at)
    assert at is not None
    return await timing.set_time(desk, situation, at)


async def week(desk: Desk) -> list[Day]:
    """Return today and the days after it."""
    return await _days(desk, desk.now.astimezone(desk.house.timetable.zone).date(), DAYS)


async def day(desk: Desk, on: date) -> Day:
    [found] = await _days(desk, on, 1)
    return found


async def planned(desk: Desk, days: Sequence[Day], most: int, skip: int = 0) -> list[Situation]:
    """Return the first articles of these days, which follow each other, by their times, after `skip` of them."""
    zone = desk.house.timetable.zone
    period = (_midnight(days[0].on, zone), _midnight(days[-1].on + ONE_DAY, zone))
    return await read_planned(desk, period, most, skip)


async def _days(desk: Desk, first: date, count: int) -> list[Day]:
    timetable, zone = desk.house.timetable, desk.house.timetable.zone
    times = await desk.tx.planned_times(_midnight(first, zone), _midnight(first + count * ONE_DAY, zone))
    taken = {at for at, state in times if state is EntryState.QUEUED}
    planned = Counter(at.astimezone(zone).date() for at, _ in times)
    return [
        Day(each, planned[each], tuple(free_slots(timetable.slots, each, after=desk.now, zone=zone, taken=taken)))
        for each in (first + ahead * ONE_DAY for ahead in range(count))
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
