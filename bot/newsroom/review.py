"""Letting an article out: it is put to the desk, and somebody who did not write it approves exactly that."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.news import Approved, Decided, PublishedAlone, Reviewed, Submitted
from bot.domain.review import Review, ReviewKind, Verdict
from bot.errors import NotAllowed, Refused
from bot.newsroom import approval, publishing
from bot.newsroom.desk import Desk
from bot.newsroom.stages import entry_for

log = structlog.get_logger(__name__)

#: A reason is one message that a phone shows whole.
REASON_LIMIT = 1000
_ACTS = {Verdict.CHANGES: Act.ASK_CHANGES, Verdict.REJECT: Act.REJECT}


async def submit(desk: Desk, number: int) -> Review:
    """The desk is asked about exactly what it is now; once more when it was asked already."""
    entry = await entry_for(desk, number, Act.SUBMIT)
    desk.house.check_complete(entry)
    if not desk.house.need(entry).approvals:
        raise Refused(
            "newsroom.toml asks for no approval: an editor publishes it with /now {id} or /at {id} 18:30.", id=number
        )
    if not await approval.possible(desk, number):
        raise Refused(
            "Nobody else is on the desk who may approve #{id} yet. An owner brings somebody with /invite editor, or "
            "lets a new one begin at once in /team; or set `approvals = 0` under [desk] in newsroom.toml.",
            id=number,
        )
    binding = approval.binding_of(desk, entry)
    before = await desk.tx.open_review(number)
    if entry.state is EntryState.DRAFT or (entry.state is EntryState.HELD and approval.due(desk, entry) is None):
        await desk.tx.move(entry, EntryState.SUBMITTED, desk.now)
    await desk.tx.close_review(number, "asked_again", desk.now)
    review = await desk.tx.ask_review(
        entry,
        ReviewKind.BEFORE,
        binding,
        desk.address,
        desk.now,
        remind_at=desk.now + desk.house.rules.remind_after,
        escalate_at=desk.now + desk.house.rules.escalate_after,
    )
    await desk.record("article.submitted", entry, binding=binding)
    await ask_desk(desk, review, again=before is not None and before.binding == binding)
    return review


async def ask_desk(desk: Desk, review: Review, *, again: bool = False, only: int | None = None) -> None:
    """Everybody who may approve, or the member `only`. `again`: they have seen the posts."""
    await desk.announce(Submitted(review.article_id, review.binding, again=again, only=only))


async def approve(desk: Desk, number: int, seen: str) -> int:
    """A button was pressed that came with `seen`. Returns how many approvals are missing still.

    One more than needed is kept; the desk has heard by then.
    """
    entry, review = await asked(desk, number, seen, Act.APPROVE)
    await check_may_approve(desk, entry)
    ticks = await desk.tx.ticks(review.id, desk.me.id)
    if unticked := [item for item in desk.house.need(entry).checklist if item not in ticks]:
        raise Refused("Tick first what you have checked in #{id}: {items}.", id=number, items="; ".join(unticked))
    before = await approval.missing(desk, entry, approval.due(desk, entry))
    await desk.tx.add_approval(review, desk.me.id, desk.address, ticks, desk.now)
    missing = await approval.missing(desk, entry, approval.due(desk, entry))
    await desk.record("article.approved", entry, binding=seen, missing=missing)
    log.info("article_approved", article=number, version=entry.version, missing=missing)
    if before and not missing:
        to = await approval.concerned(desk, number, review.asked_by)
        await desk.announce(Approved(number, desk.me.id, desk.me.title, to))
    return missing


async def tick(desk: Desk, number: int, seen: str, item: str) -> tuple[Entry, Review]:
    """This person has checked `item`; ticked once more, they have not."""
    entry, review = await asked(desk, number, seen, Act.APPROVE)
    await check_may_approve(desk, entry)
    ticks = await desk.tx.ticks(review.id, desk.me.id)
    await desk.tx.set_ticks(review.id, desk.me.id, [t for t in ticks if t != item] if item in ticks else [*ticks, item])
    return entry, review


async def ask_later(desk: Desk, number: int, seen: str) -> datetime:
    """It comes back to this person, at the returned time."""
    entry, review = await asked(desk, number, seen, Act.LATER)
    await check_may_approve(desk, entry)
    at = desk.now + desk.house.rules.remind_after
    await desk.tx.ask_again(review.id, desk.me.id, at)
    return at


async def check_may_decide(desk: Desk, number: int, seen: str, verdict: Verdict) -> tuple[Entry, Review]:
    entry, review = await asked(desk, number, seen, _ACTS[verdict])
    await check_may_approve(desk, entry)
    return entry, review


async def decide(desk: Desk, number: int, seen: str, verdict: Verdict, reason: str) -> Entry:
    """Not like this, or not at all: what was approved is void, and the author learns why. A time that it has stays."""
    entry, review = await check_may_decide(desk, number, seen, verdict)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= REASON_LIMIT:
        raise Refused("Write the reason in one message of up to {limit} characters.", limit=REASON_LIMIT)
    await desk.tx.decide(entry, verdict, desk.me.id, reason, desk.now)
    await desk.tx.close_review(number, verdict, desk.now)
    await desk.tx.void_approvals(number, verdict, desk.now)
    if verdict is Verdict.REJECT:
        await desk.tx.move(entry, EntryState.REJECTED, desk.now)
    elif entry.state is EntryState.SUBMITTED:
        await desk.tx.move(entry, EntryState.DRAFT, desk.now)
    await desk.tx.draw_anew(number)
    act = "article.rejected" if verdict is Verdict.REJECT else "article.changes_asked"
    await desk.record(act, entry, reason=reason)
    to = await approval.concerned(desk, number, review.asked_by)
    await desk.announce(Decided(number, desk.me.id, desk.me.title, to, verdict, reason))
    return await desk.entry(number)


async def publish_alone(desk: Desk, number: int) -> Entry:
    """When every minute counts an owner's word is enough; all hear of it, and somebody else looks at it afterwards."""
    entry = await entry_for(desk, number, Act.URGENT)
    missing = await approval.missing(desk, entry, None)
    await publishing.publish_alone(desk, entry)
    if not missing:
        await desk.record("article.published_urgently", entry)
    else:
        await desk.record("article.published_alone", entry, missing=missing)
        await desk.announce(PublishedAlone(number, desk.me.id, desk.me.title))
        review = await desk.tx.ask_review(
            entry,
            ReviewKind.AFTER,
            approval.binding_of(desk, entry),
            desk.address,
            desk.now,
            remind_at=desk.now + desk.house.rules.remind_after,
            escalate_at=None,
        )
        await ask_desk(desk, review)
        log.warning("article_published_alone", article=number, member=desk.me.id, missing=missing)
    return await desk.entry(number)


async def look_back(desk: Desk, number: int, seen: str) -> None:
    """Somebody who neither wrote it nor sent it out has read what went out with one person."""
    entry = await entry_for(desk, number, Act.LOOK_BACK)
    review = await desk.tx.open_review(number)
    if review is None or review.binding != seen:
        raise Refused("#{id} has been looked at already. /history {id} tells by whom.", id=number)
    if review.asked_by in desk.me.addresses:
        raise Refused("You sent #{id} out: somebody else must look at it.", id=number)
    await check_may_approve(desk, entry)
    await desk.tx.close_review(number, "reviewed", desk.now)
    await desk.record("article.reviewed", entry)
    to = await approval.concerned(desk, number, review.asked_by)
    await desk.announce(Reviewed(number, desk.me.id, desk.me.title, to))


async def asked(desk: Desk, number: int, seen: str, act: Act) -> tuple[Entry, Review]:
    """The article and what the desk is asked about it, if that is still what was `seen`."""
    entry = await entry_for(desk, number, act)
    review = await desk.tx.open_review(number)
    if review is None or not seen == review.binding == approval.binding_of(desk, entry):
        raise Refused("#{id} has changed since you saw it. /submit {id} shows it as it is now.", id=number)
    return entry, review


async def check_may_approve(desk: Desk, entry: Entry) -> None:
    if desk.me.id in await approval.authors(desk, entry.id):
        raise Refused("You wrote in #{id}: somebody else must approve it.", id=entry.id)
    if not desk.me.may_approve(desk.now):
        raise NotAllowed("You are new here: you may approve later. An owner can waive that in /team.")
