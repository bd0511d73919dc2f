"""The order of the queue: what changes places, what waits for a word, the week at a glance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.times import next_slot
from bot.errors import Refused
from bot.newsroom import timing
from bot.newsroom.desk import Desk
from bot.newsroom.duplicates import ALIKE, likeness
from bot.newsroom.readiness import check, read, read_for, read_open
from bot.newsroom.situation import Situation

#: Days that /week shows, today first.
DAYS = 7
#: Other articles that a new one is compared with, at most.
COMPARED = 200

#: A time of the week, and the article that has it; None: a free slot.
Place = tuple[datetime, Situation | None]


async def swap(desk: Desk, one: int, other: int) -> tuple[Situation, Situation]:
    """Give each article the other's time. Approvals were given for a time, so they are void."""
    first = await read(desk, one)
    second = await read(desk, other, first.people)
    its_time, other_time = first.entry.due_at, second.entry.due_at
    check(desk, first, Act.SWAP, other_time or first.earliest)
    check(desk, second, Act.SWAP, its_time or second.earliest)
    assert its_time is not None and other_time is not None
    if its_time == other_time:
        raise Refused("#{one} and #{other} have the same time already.", one=one, other=other)
    return await timing.set_time(desk, first, other_time), await timing.set_time(desk, second, its_time)


async def pause(desk: Desk, number: int) -> Situation:
    """Hold the article until somebody lets it go on; it keeps its time."""
    situation = await read_for(desk, number, Act.PAUSE)
    entry = situation.entry
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at, by=desk.address)
    await desk.record("article.paused", entry)
    return situation.after(desk.house, entry=replace(entry, state=EntryState.HELD, not_before=None))


async def go_on(desk: Desk, number: int) -> Situation:
    """Queue a paused article again for the time that it had: an approval for that time still counts."""
    situation = await read(desk, number)
    at = situation.entry.due_at
    check(desk, situation, Act.GO_ON, at)
    assert at is not None
    return await timing.set_time(desk, situation, at)


async def week(desk: Desk) -> Mapping[date, Sequence[Place]]:
    """What has a time in the days to come, and the free slots, by the newsroom's days."""
    timetable, zone = desk.house.timetable, desk.house.timetable.zone
    today = desk.now.astimezone(zone).date()
    days: dict[date, list[Place]] = {today + timedelta(days=ahead): [] for ahead in range(DAYS)}
    waiting = await read_open(desk)
    places: list[Place] = [(each.entry.due_at, each) for each in waiting if each.entry.due_at is not None]
    taken = [at for at, each in places if each is not None and each.entry.state is EntryState.QUEUED]
    end = datetime.combine(today + timedelta(days=DAYS), time(), zone)
    slot = next_slot(timetable.slots, after=desk.now, zone=zone, taken=taken)
    while slot is not None and slot < end:
        places.append((slot, None))
        slot = next_slot(timetable.slots, after=slot, zone=zone, taken=taken)
    for place in sorted(places, key=lambda place: place[0]):
        if (day := place[0].astimezone(zone).date()) in days:
            days[day].append(place)
    return days


def alike(entry: Entry, others: Iterable[Entry]) -> list[tuple[Entry, int]]:
    """Those of `others` that tell of the same, with the likeness of 100, likest first."""
    scores = [
        (other, likeness(entry.article, other.article)) for other in islice(others, COMPARED) if other.id != entry.id
    ]
    return sorted((pair for pair in scores if pair[1] >= ALIKE), key=lambda pair: -pair[1])
