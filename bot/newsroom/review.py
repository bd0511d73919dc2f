"""Letting an article out: it is put to the desk, and somebody who did not write it approves exactly that."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.people import Person
from bot.domain.review import Review, ReviewKind, Verdict
from bot.errors import NotAllowed, Refused
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries

log = structlog.get_logger(__name__)

#: A reason is one message that a phone shows whole.
REASON_LIMIT = 1000
_ACTS = {Verdict.CHANGES: Act.ASK_CHANGES, Verdict.REJECT: Act.REJECT}


async def submit(newsroom: Newsroom, tx: Queries, number: int, person: Address, now: datetime) -> Review:
    """The desk is asked about exactly what it is now; once more when it was asked already."""
    approval, rules = newsroom.approval, newsroom.rules
    entry = await newsroom.entry_for(tx, number, Act.SUBMIT, now)
    newsroom.check_complete(entry)
    if not newsroom.need(entry).approvals:
        raise Refused(
            "newsroom.toml asks for no approval: an editor publishes it with /now {id} or /at {id} 18:30.", id=number
        )
    if not await approval.possible(tx, number, now):
        raise Refused(
            "Nobody else is on the desk who may approve #{id} yet. An owner brings somebody with /invite editor, or "
            "lets a new one begin at once in /team; or set `approvals = 0` under [desk] in newsroom.toml.",
            id=number,
        )
    binding = approval.binding(entry, now)
    before = await tx.open_review(number)
    if entry.state is EntryState.DRAFT or (entry.state is EntryState.HELD and approval.due(entry, now) is None):
        await tx.move(entry, EntryState.SUBMITTED, now)
    await tx.close_review(number, "asked_again", now)
    review = await tx.ask_review(
        entry,
        ReviewKind.BEFORE,
        binding,
        person,
        now,
        remind_at=now + rules.remind_after,
        escalate_at=now + rules.escalate_after,
    )
    await newsroom.record(tx, person, "article.submitted", entry, now, binding=binding)
    await ask_desk(tx, review, now, again=before is not None and before.binding == binding)
    return review


async def ask_desk(tx: Queries, review: Review, now: datetime, *, again: bool = False, only: int | None = None) -> None:
    """Everybody who may approve, or the member `only`. `again`: they have seen the posts."""
    asked = {"article": review.article_id, "binding": review.binding, "again": again, "only": only}
    await tx.announce("submitted", asked, now)


async def approve(newsroom: Newsroom, tx: Queries, number: int, seen: str, person: Person, now: datetime) -> int:
    """A button was pressed that came with `seen`. Returns how many approvals are missing still.

    One more than needed is kept; the desk has heard by then.
    """
    approval = newsroom.approval
    entry, review = await asked(newsroom, tx, number, seen, Act.APPROVE, now)
    await check_may_approve(newsroom, tx, entry, person, now)
    ticks = await tx.ticks(review.id, person.id)
    if unticked := [item for item in newsroom.need(entry).checklist if item not in ticks]:
        raise Refused("Tick first what you have checked in #{id}: {items}.", id=number, items="; ".join(unticked))
    before = await approval.missing(tx, entry, approval.due(entry, now), now)
    await tx.add_approval(review, person.id, person.addresses[0], ticks, now)
    missing = await approval.missing(tx, entry, approval.due(entry, now), now)
    await newsroom.record(tx, person.addresses[0], "article.approved", entry, now, binding=seen, missing=missing)
    log.info("article_approved", article=number, version=entry.version, missing=missing)
    if before and not missing:
        told = {
            "article": number,
            "by": person.id,
            "name": person.title,
            "to": await newsroom.approval.concerned(tx, number, review.asked_by),
        }
        await tx.announce("approved", told, now)
    return missing


async def tick(
    newsroom: Newsroom, tx: Queries, number: int, seen: str, item: str, person: Person, now: datetime
) -> tuple[Entry, Review]:
    """This person has checked `item`; ticked once more, they have not."""
    entry, review = await asked(newsroom, tx, number, seen, Act.APPROVE, now)
    await check_may_approve(newsroom, tx, entry, person, now)
    ticks = await tx.ticks(review.id, person.id)
    await tx.set_ticks(review.id, person.id, [t for t in ticks if t != item] if item in ticks else [*ticks, item])
    return entry, review


async def ask_later(newsroom: Newsroom, tx: Queries, number: int, seen: str, person: Person, now: datetime) -> datetime:
    """It comes back to this person, at the returned time."""
    entry, review = await asked(newsroom, tx, number, seen, Act.LATER, now)
    await check_may_approve(newsroom, tx, entry, person, now)
    at = now + newsroom.rules.remind_after
    await tx.ask_again(review.id, person.id, at)
    return at


async def check_may_decide(
    newsroom: Newsroom, tx: Queries, number: int, seen: str, verdict: Verdict, person: Person, now: datetime
) -> tuple[Entry, Review]:
    entry, review = await asked(newsroom, tx, number, seen, _ACTS[verdict], now)
    await check_may_approve(newsroom, tx, entry, person, now)
    return entry, review


async def decide(
    newsroom: Newsroom,
    tx: Queries,
    number: int,
    seen: str,
    verdict: Verdict,
    reason: str,
    person: Person,
    now: datetime,
) -> Entry:
    """Not like this, or not at all: what was approved is void, and the author learns why. A time that it has stays."""
    entry, review = await check_may_decide(newsroom, tx, number, seen, verdict, person, now)
    reason = " ".join(reason.split())
    if not 0 < len(reason) <= REASON_LIMIT:
        raise Refused("Write the reason in one message of up to {limit} characters.", limit=REASON_LIMIT)
    await tx.decide(entry, verdict, person.id, reason, now)
    await tx.close_review(number, verdict, now)
    await tx.void_approvals(number, verdict, now)
    if verdict is Verdict.REJECT:
        await tx.move(entry, EntryState.REJECTED, now)
    elif entry.state is EntryState.SUBMITTED:
        await tx.move(entry, EntryState.DRAFT, now)
    await tx.draw_anew(number)
    act = "article.rejected" if verdict is Verdict.REJECT else "article.changes_asked"
    await newsroom.record(tx, person.addresses[0], act, entry, now, reason=reason)
    told = {"verdict": verdict, "reason": reason, "article": number, "by": person.id, "name": person.title}
    await tx.announce("decided", {**told, "to": await newsroom.approval.concerned(tx, number, review.asked_by)}, now)
    return await newsroom.entry(tx, number)


async def publish_alone(newsroom: Newsroom, tx: Queries, number: int, by: Person, now: datetime) -> Entry:
    """When every minute counts an owner's word is enough; all hear of it, and somebody else looks at it afterwards."""
    approval, rules = newsroom.approval, newsroom.rules
    entry = await newsroom.entry_for(tx, number, Act.URGENT, now)
    missing = await approval.missing(tx, entry, None, now)
    await newsroom.publish_alone(tx, entry, by.addresses[0], now)
    if not missing:
        await newsroom.record(tx, by.addresses[0], "article.published_urgently", entry, now)
    else:
        await newsroom.record(tx, by.addresses[0], "article.published_alone", entry, now, missing=missing)
        await tx.announce("published_alone", {"article": number, "by": by.id, "name": by.title}, now)
        review = await tx.ask_review(
            entry,
            ReviewKind.AFTER,
            approval.binding(entry, now),
            by.addresses[0],
            now,
            remind_at=now + rules.remind_after,
            escalate_at=None,
        )
        await ask_desk(tx, review, now)
        log.warning("article_published_alone", article=number, member=by.id, missing=missing)
    return await newsroom.entry(tx, number)


async def look_back(newsroom: Newsroom, tx: Queries, number: int, seen: str, person: Person, now: datetime) -> None:
    """Somebody who neither wrote it nor sent it out has read what went out with one person."""
    entry = await newsroom.entry_for(tx, number, Act.LOOK_BACK, now)
    review = await tx.open_review(number)
    if review is None or review.binding != seen:
        raise Refused("#{id} has been looked at already. /history {id} tells by whom.", id=number)
    if review.asked_by in person.addresses:
        raise Refused("You sent #{id} out: somebody else must look at it.", id=number)
    await check_may_approve(newsroom, tx, entry, person, now)
    await tx.close_review(number, "reviewed", now)
    await newsroom.record(tx, person.addresses[0], "article.reviewed", entry, now)
    told = {
        "article": number,
        "by": person.id,
        "name": person.title,
        "to": await newsroom.approval.concerned(tx, number, review.asked_by),
    }
    await tx.announce("reviewed", told, now)


async def asked(
    newsroom: Newsroom, tx: Queries, number: int, seen: str, act: Act, now: datetime
) -> tuple[Entry, Review]:
    """The article and what the desk is asked about it, if that is still what was `seen`."""
    entry = await newsroom.entry_for(tx, number, act, now)
    review = await tx.open_review(number)
    if review is None or not seen == review.binding == newsroom.approval.binding(entry, now):
        raise Refused("#{id} has changed since you saw it. /submit {id} shows it as it is now.", id=number)
    return entry, review


async def check_may_approve(newsroom: Newsroom, tx: Queries, entry: Entry, person: Person, now: datetime) -> None:
    if person.id in await newsroom.approval.authors(tx, entry.id):
        raise Refused("You wrote in #{id}: somebody else must approve it.", id=entry.id)
    if not person.may_approve(now):
        raise NotAllowed("You are new here: you may approve later. An owner can waive that in /team.")
