"""The order of the queue: what changes places, what waits for a word, the week at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.times import next_slot
from bot.errors import Refused
from bot.newsroom import timing
from bot.newsroom.desk import Desk
from bot.newsroom.duplicates import ALIKE, likeness
from bot.newsroom.stages import entry_for

#: Days that /week shows, today first.
DAYS = 7
#: Other articles that a new one is compared with, at most.
COMPARED = 200

#: A time of the week, and the article that has it; None: a free slot.
Place = tuple[datetime, Entry | None]


async def swap(desk: Desk, one: int, other: int) -> tuple[Entry, Entry]:
    """Give each article the other's time. Approvals were given for a time, so they are void."""
    first = await entry_for(desk, one, Act.SWAP)
    second = await entry_for(desk, other, Act.SWAP)
    if first.due_at == second.due_at:
        raise Refused("#{one} and #{other} have the same time already.", one=one, other=other)
    assert first.due_at is not None and second.due_at is not None
    return (
        await timing.set_time(desk, first, second.due_at),
        await timing.set_time(desk, second, first.due_at),
    )


async def pause(desk: Desk, number: int) -> Entry:
    """Hold the article until somebody lets it go on; it keeps its time."""
    entry = await entry_for(desk, number, Act.PAUSE)
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at)
    await desk.tx.draw_anew(number, desk.address)
    await desk.record("article.paused", entry)
    return await desk.entry(number)


async def go_on(desk: Desk, number: int) -> Entry:
    """Queue a paused article again for the time that it had: an approval for that time still counts."""
    entry = await entry_for(desk, number, Act.GO_ON)
    if entry.due_at is None:
        raise Refused("#{id} is not paused. /show {id} tells how it stands.", id=number)
    if entry.due_at <= desk.now:
        raise Refused("The time of #{id} has passed. Name another: /at {id} 18:30, or /next {id}.", id=number)
    return await timing.set_time(desk, entry, entry.due_at)


async def week(desk: Desk) -> Mapping[date, Sequence[Place]]:
    """What has a time in the days to come, and the free slots, by the newsroom's days."""
    timetable, zone = desk.house.timetable, desk.house.timetable.zone
    today = desk.now.astimezone(zone).date()
    days: dict[date, list[Place]] = {today + timedelta(days=ahead): [] for ahead in range(DAYS)}
    timed = [entry for entry in await desk.tx.open_entries() if entry.due_at is not None]
    places: list[Place] = [(entry.due_at, entry) for entry in timed if entry.due_at is not None]
    taken = [entry.due_at for entry in timed if entry.state is EntryState.QUEUED and entry.due_at is not None]
    end = datetime.combine(today + timedelta(days=DAYS), time(), zone)
    slot = next_slot(timetable.slots, after=desk.now, zone=zone, taken=taken)
    while slot is not None and slot < end:
        places.append((slot, None))
        slot = next_slot(timetable.slots, after=slot, zone=zone, taken=taken)
    for at, entry in sorted(places, key=lambda place: place[0]):
        if (day := at.astimezone(zone).date()) in days:
            days[day].append((at, entry))
    return days


async def alike(desk: Desk, entry: Entry) -> list[tuple[Entry, int]]:
    """What waits or went out lately and tells of the same, with the likeness of 100, likest first."""
    since = desk.now - desk.house.similar_within
    others = [*await desk.tx.open_entries(), *await desk.tx.published_since(since, COMPARED)]
    scores = [(other, likeness(entry.article, other.article)) for other in others[:COMPARED] if other.id != entry.id]
    return sorted((pair for pair in scores if pair[1] >= ALIKE), key=lambda pair: -pair[1])
