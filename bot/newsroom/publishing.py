"""An article goes out: on somebody's word, after the time for undo, or when its time has come."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.news import HELD, Cancelled, KeptBack
from bot.domain.people import Role, allowed
from bot.errors import Refused
from bot.newsroom import approval, countdown
from bot.newsroom.desk import Desk
from bot.newsroom.gap import free_at
from bot.newsroom.stages import entry_for

log = structlog.get_logger(__name__)


async def publish(desk: Desk, number: int, chat: Address | None = None) -> Entry:
    """Publish after the time for undo; without one, or when the article is urgent, at once: then the dispatches are
    made in this transaction, and delivery hears of them at its commit. `chat`: where it was asked for.
    """
    entry = await entry_for(desk, number, Act.NOW)
    await _check_can_leave(desk, entry)
    desk.house.gate.check_hold(entry, desk.now)
    if missing := await approval.missing(desk, entry, None):
        raise Refused(
            "#{id} may not go out at once: approvals missing: {n}. /submit {id} asks the desk; "
            "an approval for a time holds for that time only.",
            id=number,
            n=missing,
        )
    undo = desk.house.rules.undo
    if undo and not entry.article.urgent:
        await countdown.begin(desk, entry, chat or desk.address, desk.now + undo)
        await desk.record("article.counting", entry)
    else:
        await _publish(desk, entry)
    return await desk.entry(number)


async def publish_alone(desk: Desk, entry: Entry) -> None:
    """Publish on one person's word: without approval and without a time for undo."""
    await _check_can_leave(desk, entry)
    await _publish(desk, entry)


async def _check_can_leave(desk: Desk, entry: Entry) -> None:
    if await desk.tx.is_halted():
        raise Refused("Everything is halted: nothing goes out. /resume first, or time it: /at {id} 18:30", id=entry.id)
    desk.house.check_complete(entry)
    if entry.expires_at is not None and desk.now >= entry.expires_at:
        raise Refused("#{id} has expired. Change it first: /edit {id} expires: -", id=entry.id)


async def undo(desk: Desk, number: int) -> Entry:
    """Stop the countdown before anything left: the article returns to the state it was in."""
    entry = await entry_for(desk, number, Act.UNDO)
    running = await desk.tx.countdown(number)
    assert running is not None
    await countdown.stop(desk, running, desk.me.title)
    await desk.record("article.undone", entry)
    return await desk.entry(number)


async def cancel(desk: Desk, number: int) -> Entry:
    entry = await entry_for(desk, number, Act.CANCEL)
    await desk.tx.close_review(number, "cancelled", desk.now)
    await desk.tx.end_countdown(number, Ended.STOPPED, desk.me.title, desk.now)
    await desk.tx.void_approvals(number, "cancelled", desk.now)
    await desk.tx.move(entry, EntryState.CANCELLED, desk.now)
    await desk.tx.draw_anew(number, desk.address)
    await desk.record("article.cancelled", entry)
    await desk.announce(Cancelled(number, desk.me.id, desk.me.title, await approval.concerned(desk, number)))
    return await desk.entry(number)


async def publish_due(desk: Desk) -> int:
    """Publish together all that is due; the desk is asked about what is too late or has nowhere to go. Returns how
    many articles left.
    """
    published = 0
    if await desk.tx.is_halted():
        return published
    for entry in await desk.tx.due(desk.now):
        counted = await desk.tx.countdown(entry.id)
        if why := await _obstacle(desk, entry, counted):
            await hold(desk, entry, why)
        elif (free := await _free_at(desk, entry)) > desk.now:
            await _keep_back(desk, entry, free)
        else:
            await _publish(desk.acting_for(counted.person) if counted is not None else desk, entry)
            published += 1
    return published


async def _obstacle(desk: Desk, entry: Entry, counted: Countdown | None) -> str:
    """Why an article that is due does not go out now; empty: nothing is in its way."""
    house, now = desk.house, desk.now
    assert entry.due_at is not None
    if entry.expires_at is not None and now >= entry.expires_at:
        return "expired"
    if now - max(entry.due_at, entry.not_before or entry.due_at) > house.timetable.stale_after:
        return "stale"
    if not house.outlets(entry.article):
        return "nowhere"
    if why := house.gate.obstacle(entry, now):
        return why
    if counted is not None and not allowed(await desk.tx.person_at(counted.person), Role.EDITOR):
        return "unauthorised"
    if await approval.missing(desk, entry, None if counted is not None else entry.due_at):
        return "unapproved"
    if counted is None and not await approval.stands(desk, entry, entry.due_at):
        return "orphaned"
    return ""


async def _free_at(desk: Desk, entry: Entry) -> datetime:
    """The person who says "publish" means it: only what was timed before keeps the gap."""
    return desk.now if entry.state is EntryState.COUNTING else await free_at(desk, entry)


async def _keep_back(desk: Desk, entry: Entry, until: datetime) -> None:
    """Its time is what was approved and stays; it just does not leave before `until`."""
    await desk.tx.keep_back(entry.id, until)
    await desk.announce(KeptBack(entry.id, until.timestamp()))
    log.info("article_kept_back", article=entry.id, seconds=round((until - desk.now).total_seconds()))


async def hold(desk: Desk, entry: Entry, kind: str) -> None:
    """Keep in the house what has a time, and tell the desk why."""
    assert entry.due_at is not None
    await desk.tx.move(entry, EntryState.HELD, desk.now, due_at=entry.due_at)
    await desk.tx.close_review(entry.id, "held", desk.now)
    await desk.tx.end_countdown(entry.id, Ended.HELD, "", desk.now)
    late = round((desk.now - entry.due_at).total_seconds())
    await desk.tx.tell_desk(f"{kind}:{entry.id}:{entry.due_at}", HELD[kind](entry.id, late), desk.now)
    await desk.by_itself().record("article.held", entry, why=kind)
    log.warning("article_held", article=entry.id, why=kind, late_seconds=late)


async def _publish(desk: Desk, entry: Entry) -> None:
    house, now = desk.house, desk.now
    silent = not entry.article.urgent and house.timetable.is_quiet(now)
    for channel in house.channels_of(entry.article):
        await desk.tx.add_channel_dispatch(entry, channel.platform, channel.key, now, silent=silent)
    for platform in house.reader_platforms(entry.article):
        size = house.traits[platform].page_size
        await desk.tx.add_audience_dispatch(entry, platform, now, silent=silent, page_size=size)
    await desk.tx.move(entry, EntryState.PUBLISHED, now)
    await desk.tx.close_review(entry.id, "published", now)
    await desk.tx.end_countdown(entry.id, Ended.PUBLISHED, "", now)
    await desk.record("article.published", entry, outlets=house.outlets(entry.article))
    log.info("article_published", article=entry.id, version=entry.version)
