"""Timing: an article goes out at a time or at the next posting time, and its readers get it at a pace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.times import as_typed, next_slot
from bot.errors import Refused
from bot.newsroom import approval
from bot.newsroom.desk import Desk
from bot.newsroom.gap import spaced_time
from bot.newsroom.readiness import check, read, read_for
from bot.newsroom.situation import Situation


async def schedule(desk: Desk, number: int, at: datetime) -> Situation:
    """Give the article the time `at`, or one later where a post of its channels is too near."""
    situation = await read(desk, number)
    at = await spaced_time(desk, situation.entry, at)
    check(desk, situation, Act.TIME, at)
    return await set_time(desk, situation, at)


async def set_time(desk: Desk, situation: Situation, at: datetime) -> Situation:
    """Give the article exactly this time. Approvals that were given for another are void, unless it is near enough."""
    entry, timed_by = situation.entry, str(desk.by.recorded)
    queued = replace(entry, state=EntryState.QUEUED, due_at=at, not_before=None)
    if at != entry.due_at and approval.holds_for(desk, situation, at):
        situation = await approval.keep(desk, situation, queued)
    else:
        await desk.record("article.scheduled", entry, due=at.isoformat())
        if at != entry.due_at:
            await approval.void(desk, situation, "changed")
            situation = situation.after(desk.house, asked=None, approvals=())
    await _keep_time(desk, entry, at)
    return situation.after(desk.house, entry=queued, timed_by=timed_by)


async def retime(desk: Desk, situation: Situation, at: datetime) -> Situation:
    """Give the article this time in the act of somebody who answers for it: what was approved for another is void, and
    the question that the desk was asked is about this time from now on.
    """
    entry, asked = situation.entry, situation.asked
    if asked is None or (at == entry.due_at and entry.state is EntryState.QUEUED):
        return situation
    queued = replace(entry, state=EntryState.QUEUED, due_at=at, not_before=None)
    moved = situation.after(desk.house, entry=queued, approvals=(), timed_by=str(desk.by.recorded))
    binding = moved.readiness.binding
    await desk.record("article.scheduled", entry, due=at.isoformat(), was=asked.binding, binding=binding)
    if await desk.tx.void_approvals(entry.id, "changed", desk.now):
        await desk.by_itself().record("article.approvals_voided", entry)
    await desk.tx.ask_instead(asked.id, binding)
    await _keep_time(desk, entry, at)
    return moved.after(desk.house, asked=replace(asked, binding=binding))


async def _keep_time(desk: Desk, entry: Entry, at: datetime) -> None:
    """Queue the article for this time, also as the newsroom's clocks show it."""
    await desk.tx.move(entry, EntryState.QUEUED, desk.now, due_at=at)
    zone = desk.house.timetable.zone
    await desk.tx.keep_wall(entry.id, as_typed(at, zone), zone.key)


async def take_slot(desk: Desk, situation: Situation) -> Situation:
    """Give the article the next free posting time."""
    slot = free_slot(desk, situation, await desk.tx.taken_times())
    check(desk, situation, Act.TIME, slot or situation.earliest)
    if slot is None:
        raise Refused("newsroom.toml has no posting times. Set a time yourself: /at {id} 18:30", id=situation.entry.id)
    at = await spaced_time(desk, situation.entry, slot)
    check(desk, situation, Act.TIME, at)
    return await set_time(desk, situation, at)


async def is_free(desk: Desk, situation: Situation, slot: datetime) -> bool:
    """True if the article can have exactly this posting time."""
    if slot <= desk.now or slot in await desk.tx.taken_times():
        return False
    return await spaced_time(desk, situation.entry, slot) == slot


def free_slot(desk: Desk, situation: Situation, taken: Collection[datetime]) -> datetime | None:
    """The next posting time that no queued article has (`taken`) and that this one may take."""
    timetable, opens = desk.house.timetable, situation.readiness.times.opens_at
    # A slot at that very minute is one of those after the minute before.
    after = desk.now if opens is None else max(desk.now, opens - timedelta(minutes=1))
    return next_slot(timetable.slots, after=after, zone=timetable.zone, taken=taken)


async def set_pace(desk: Desk, number: int, *, paid: bool) -> Situation:
    """Choose how fast readers get the article: at the free pace, or at the one that is paid for."""
    situation = await read_for(desk, number, Act.PACE)
    entry = situation.entry
    if paid and not desk.house.priced(entry.article):
        raise Refused("Paid sending is off here: see `paid` under [pace.telegram] in newsroom.toml.")
    await desk.tx.set_paid(entry.id, paid)
    await desk.record("article.pace_set", entry, paid=paid)
    return situation.after(desk.house, entry=replace(entry, paid=paid))


async def stars(desk: Desk, situation: Situation) -> int:
    """About how many Stars the paid pace costs for all readers of an article; 0: it is not on offer."""
    house, priced = desk.house, desk.house.priced(situation.entry.article)
    return sum([house.paces[platform].stars(await desk.tx.count_readers(platform)) for platform in priced])
