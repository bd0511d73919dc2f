"""The order of the queue: what changes places, what waits for a word, the week at a glance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from bot.domain import Address
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.times import next_slot
from bot.errors import Refused
from bot.newsroom.duplicates import ALIKE, likeness
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries

#: /week shows so many days, today first.
DAYS = 7
#: A new article is compared with so many others at most.
COMPARED = 200

#: A time of the week, and the article that has it; None: a free slot.
Place = tuple[datetime, Entry | None]


async def swap(
    newsroom: Newsroom, tx: Queries, one: int, other: int, person: Address, now: datetime
) -> tuple[Entry, Entry]:
    """Each gets the other's time; approvals were given for a time, so they are void."""
    first = await newsroom.entry_for(tx, one, Act.SWAP, now)
    second = await newsroom.entry_for(tx, other, Act.SWAP, now)
    if first.due_at == second.due_at:
        raise Refused("#{one} and #{other} have the same time already.", one=one, other=other)
    assert first.due_at is not None and second.due_at is not None
    return (
        await newsroom.set_time(tx, first, second.due_at, person, now),
        await newsroom.set_time(tx, second, first.due_at, person, now),
    )


async def pause(newsroom: Newsroom, tx: Queries, number: int, person: Address, now: datetime) -> Entry:
    """It keeps its time and does not go out until somebody lets it."""
    entry = await newsroom.entry_for(tx, number, Act.PAUSE, now)
    await tx.move(entry, EntryState.HELD, now, due_at=entry.due_at)
    await tx.draw_anew(number, person)
    await newsroom.record(tx, person, "article.paused", entry, now)
    return await newsroom.entry(tx, number)


async def go_on(newsroom: Newsroom, tx: Queries, number: int, person: Address, now: datetime) -> Entry:
    """At the time that it had: what was approved for that time is so still."""
    entry = await newsroom.entry_for(tx, number, Act.GO_ON, now)
    if entry.due_at is None:
        raise Refused("#{id} is not paused. /show {id} tells how it stands.", id=number)
    if entry.due_at <= now:
        raise Refused("The time of #{id} has passed. Name another: /at {id} 18:30, or /next {id}.", id=number)
    return await newsroom.set_time(tx, entry, entry.due_at, person, now)


async def week(newsroom: Newsroom, tx: Queries, now: datetime) -> Mapping[date, Sequence[Place]]:
    """What has a time in the days to come, and the free slots, by the newsroom's days."""
    zone = newsroom.timetable.zone
    today = now.astimezone(zone).date()
    days: dict[date, list[Place]] = {today + timedelta(days=ahead): [] for ahead in range(DAYS)}
    timed = [entry for entry in await tx.open_entries() if entry.due_at is not None]
    places: list[Place] = [(entry.due_at, entry) for entry in timed if entry.due_at is not None]
    taken = [entry.due_at for entry in timed if entry.state is EntryState.QUEUED and entry.due_at is not None]
    end = datetime.combine(today + timedelta(days=DAYS), time(), zone)
    slot = next_slot(newsroom.timetable.slots, after=now, zone=zone, taken=taken)
    while slot is not None and slot < end:
        places.append((slot, None))
        slot = next_slot(newsroom.timetable.slots, after=slot, zone=zone, taken=taken)
    for at, entry in sorted(places, key=lambda place: place[0]):
        if (day := at.astimezone(zone).date()) in days:
            days[day].append((at, entry))
    return days


async def alike(newsroom: Newsroom, tx: Queries, entry: Entry, now: datetime) -> list[tuple[Entry, int]]:
    """What waits or went out lately and tells of the same, with the likeness of 100, likest first."""
    others = [*await tx.open_entries(), *await tx.published_since(now - newsroom.similar_within, COMPARED)]
    scores = [(other, likeness(entry.article, other.article)) for other in others[:COMPARED] if other.id != entry.id]
    return sorted((pair for pair in scores if pair[1] >= ALIKE), key=lambda pair: -pair[1])
