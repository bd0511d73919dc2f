"""When an article goes out: at a time, at the next posting time, and how fast its readers get it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.times import next_slot
from bot.errors import Refused
from bot.newsroom import approval
from bot.newsroom.desk import Desk
from bot.newsroom.gap import spaced_time
from bot.newsroom.stages import entry_for


async def schedule(desk: Desk, number: int, at: datetime) -> Entry:
    """Give the article the time `at`, or one later where a post of its channels is too near."""
    entry = await entry_for(desk, number, Act.TIME)
    return await set_time(desk, entry, await spaced_time(desk, entry, at))


async def set_time(desk: Desk, entry: Entry, at: datetime) -> Entry:
    """Give the article exactly this time. Approvals that were given for another are void."""
    desk.house.check_complete(entry)
    desk.house.gate.check_hold(entry, at)
    if entry.expires_at is not None and at >= entry.expires_at:
        raise Refused("#{id} expires before that. Change it first: /edit {id} expires: -", id=entry.id)
    await desk.record("article.scheduled", entry, due=at.isoformat())
    if at != entry.due_at:
        await approval.void(desk, entry, "changed")
    await desk.tx.move(entry, EntryState.QUEUED, desk.now, due_at=at)
    await desk.tx.draw_anew(entry.id, desk.address)
    return await desk.entry(entry.id)


async def take_slot(desk: Desk, number: int) -> Entry:
    """Give the article the next free posting time."""
    entry = await entry_for(desk, number, Act.TIME)
    desk.house.check_complete(entry)
    at = await free_slot(desk, entry)
    if at is None:
        raise Refused("newsroom.toml names no posting times. Name a time yourself: /at {id} 18:30", id=number)
    return await schedule(desk, number, at)


async def free_slot(desk: Desk, entry: Entry) -> datetime | None:
    """The next posting time that no queued article has and that this one may take."""
    timetable = desk.house.timetable
    opens = desk.house.gate.opens_at(entry)
    # A slot at that very minute is one of those after the minute before.
    after = desk.now if opens is None else max(desk.now, opens - timedelta(minutes=1))
    return next_slot(timetable.slots, after=after, zone=timetable.zone, taken=await desk.tx.taken_times())


async def set_pace(desk: Desk, number: int, *, paid: bool) -> Entry:
    """Choose how fast readers get the article: at the free pace, or at the one that is paid for."""
    entry = await entry_for(desk, number, Act.TIME)
    if paid and not desk.house.priced(entry.article):
        raise Refused("Nothing is paid for here: `paid` under [pace.telegram] in newsroom.toml is off.")
    await desk.tx.set_paid(entry.id, paid)
    await desk.record("article.pace_set", entry, paid=paid)
    return await desk.entry(entry.id)


async def stars(desk: Desk, entry: Entry) -> int:
    """About how many Stars the paid pace costs for all readers of an article; 0: it is not on offer."""
    house = desk.house
    return sum(
        [house.paces[platform].stars(await desk.tx.count_readers(platform)) for platform in house.priced(entry.article)]
    )
