"""An article goes out: on somebody's word, after the time for undo, or when its time has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain import Address, Platform
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import EntryState
from bot.domain.finding import weights
from bot.domain.ledger import Cause
from bot.domain.life import Act
from bot.domain.news import Cancelled, KeptBack
from bot.domain.people import People
from bot.domain.readiness import obstacles
from bot.errors import Refused
from bot.newsroom import countdown, imprint, leaving
from bot.newsroom.desk import Desk
from bot.newsroom.gap import free_at
from bot.newsroom.holding import hold, put_aside
from bot.newsroom.public_record import put_on_record
from bot.newsroom.readiness import read, read_for
from bot.newsroom.situation import Situation, publisher_of

log = structlog.get_logger(__name__)

#: The span after a countdown in which what was said before its end is waited for, and the time between two looks.
HEARD_WITHIN, LISTEN = timedelta(seconds=15), timedelta(milliseconds=200)


async def publish(desk: Desk, number: int, chat: Address | None = None) -> Situation:
    """Publish after the time for undo; without one, or when the article is urgent, at once: then the dispatches are
    made in this transaction, and delivery hears of them at its commit. `chat`: where it was asked for.
    """
    situation = await read_for(desk, number, Act.NOW)
    undo = desk.house.rules.undo
    if not undo or situation.entry.article.urgent:
        return await leave(desk, situation)
    ends_at = desk.now + undo
    await countdown.begin(desk, situation.entry, chat or desk.address, ends_at)
    return situation.after(desk.house, entry=replace(situation.entry, state=EntryState.COUNTING, due_at=ends_at))


async def undo(desk: Desk, number: int) -> Situation:
    """Stop the countdown before anything left: the article returns to the state it was in.

    If that was said in time and is read too late, what has not left yet stays in the house.
    """
    situation = await read_for(desk, number, Act.UNDO)
    running = situation.dossier.countdown
    if running is None:  # said in time, and read when it had begun to leave
        await leaving.stop(desk, situation.entry, Cause.UNDONE)
        return await read(desk, number, situation.people)
    await countdown.stop(desk, running, desk.me.title)
    await desk.record("article.undone", situation.entry)
    return await read(desk, number, situation.people)


async def cancel(desk: Desk, number: int) -> Situation:
    situation = await read_for(desk, number, Act.CANCEL)
    entry, authors = situation.entry, tuple(sorted(situation.readiness.authors))
    await desk.tx.close_review(number, "cancelled", desk.now)
    await desk.tx.end_countdown(number, Ended.STOPPED, desk.title, desk.now)
    await desk.tx.void_approvals(number, "cancelled", desk.now)
    await desk.tx.move(entry, EntryState.CANCELLED, desk.now)
    await desk.record("article.cancelled", entry)
    await desk.announce(Cancelled(number, desk.writer.member_id or 0, desk.title, authors))
    cancelled = replace(entry, state=EntryState.CANCELLED, due_at=None, not_before=None)
    return situation.after(desk.house, entry=cancelled, asked=None, countdown=None, approvals=())


async def revive(desk: Desk, number: int) -> Situation:
    """Take a cancelled article back: it is a draft, without a time and without approvals."""
    situation = await read_for(desk, number, Act.EDIT)
    entry = situation.entry
    if entry.state is not EntryState.CANCELLED:
        raise Refused("#{id} is not cancelled. /show {id} shows how it stands.", id=number)
    await desk.tx.move(entry, EntryState.DRAFT, desk.now)
    await desk.record("article.revived", entry)
    return situation.after(desk.house, entry=replace(entry, state=EntryState.DRAFT, due_at=None, not_before=None))


async def publish_due(desk: Desk) -> int:
    """Publish together all that is due, and hold what must not go out. Returns how many articles left.

    Each article stands alone: one that can't be read is held, and the others go out.
    """
    if await desk.tx.is_halted():
        return 0
    numbers, published = await desk.tx.due(desk.now), 0
    people = await desk.tx.everyone() if numbers else People(())
    for number in numbers:
        try:
            async with desk.tx.undone_by(Refused):
                published += await _let_out(desk, number, people)
        except Refused:  # its text or its row is damaged, or a part of it is gone
            await put_aside(desk, number)
    return published


async def _let_out(desk: Desk, number: int, people: People) -> bool:
    """True when the article left; it may be held, or kept back by the gap between a channel's posts."""
    situation = await read(desk, number, people)
    if found := obstacles(situation.readiness, Act.GO_OUT):
        await hold(desk, situation, found[0])
        return False
    if (free := await _free_at(desk, situation)) > desk.now:
        await _keep_back(desk, situation, free)
        return False
    counted = situation.dossier.countdown
    if counted is not None and await _may_be_undone(desk, counted):
        await desk.tx.keep_back(number, desk.now + LISTEN)
        return False
    if counted is not None:
        desk = desk.acting_for(counted.person, publisher_of(counted, people))
    await leave(desk, situation)
    return True


async def _may_be_undone(desk: Desk, counted: Countdown) -> bool:
    """True while something that the desk said in time was not heard yet: it may be an /undo, or a /halt."""
    return desk.now < counted.ends_at + HEARD_WITHIN and await desk.tx.has_unheard(counted.ends_at)


async def _free_at(desk: Desk, situation: Situation) -> datetime:
    """Return when the article may leave. The person who says "publish" means it: only what was timed keeps the gap."""
    entry = situation.entry
    return desk.now if entry.state is EntryState.COUNTING else await free_at(desk, entry)


async def _keep_back(desk: Desk, situation: Situation, until: datetime) -> None:
    """Let the article leave no earlier than `until`. Its time is what was approved, and stays."""
    number = situation.entry.id
    await desk.tx.keep_back(number, until)
    await desk.announce(KeptBack(number, until.timestamp()))
    log.info("article_kept_back", article=number, seconds=round((until - desk.now).total_seconds()))


async def leave(desk: Desk, situation: Situation, *, alone: bool = False) -> Situation:
    """Make the dispatches of an article that nothing stands in the way of. `alone`: on an owner's word."""
    house, entry, now = desk.house, situation.entry, desk.now
    silent = not entry.article.urgent and house.timetable.is_quiet(now)
    channels = [(channel.platform, channel.key) for channel in house.channels_of(entry.article)]
    readers = {each: house.traits[each].page_size for each in house.reader_platforms(entry.article)}
    whose, pins = house.audience(entry.article), [each for each in Platform if house.traits[each].pins]
    await desk.tx.add_dispatches(entry, channels, readers, now, silent=silent, audience=whose, pins=pins)
    await desk.tx.move(entry, EntryState.PUBLISHED, now)
    if entry.article.after is not None and entry.expires_at is not None:
        await desk.tx.end_at(entry.id, entry.expires_at)
    await desk.tx.make_findable(entry.id, weights(entry.article))
    await imprint.make(desk.tx, house, entry.id, entry.version, entry.article, now)
    await desk.tx.close_review(entry.id, "published", now)
    await desk.tx.end_countdown(entry.id, Ended.PUBLISHED, "", now)
    counted = situation.readiness.approvers
    approvers = sorted({person.id for person in (*counted.in_time, *counted.at_once)})
    # By this it is looked at again, as long as it is on its way.
    await desk.record(
        "article.published",
        entry,
        outlets=house.outlets(entry.article),
        approvers=approvers,
        alone=alone,
        recorded=await put_on_record(desk, entry),
    )
    log.info("article_published", article=entry.id, version=entry.version)
    out = replace(entry, state=EntryState.PUBLISHED, due_at=None, not_before=None, published_at=now)
    return situation.after(house, entry=out, asked=None, countdown=None, is_leaving=True)
