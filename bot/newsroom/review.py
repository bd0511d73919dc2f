"""Letting an article out: it is put to the desk, and somebody who did not write it approves exactly that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain.dossier import Approval, has_approved
from bot.domain.entry import EntryState
from bot.domain.life import Act
from bot.domain.news import Approved, Decided, PublishedAlone, Reviewed, Submitted
from bot.domain.review import Review, ReviewKind, Verdict
from bot.errors import Refused
from bot.newsroom.desk import Desk
from bot.newsroom.publishing import leave
from bot.newsroom.readiness import check, read, read_for
from bot.newsroom.situation import Situation, approved_time

log = structlog.get_logger(__name__)

#: Characters of a reason: one message that a phone shows whole.
REASON_LIMIT = 1000
#: Articles of one person that may wait for approval at once.
WAITING = 5
_ACTS = {Verdict.CHANGES: Act.ASK_CHANGES, Verdict.REJECT: Act.REJECT}


async def submit(desk: Desk, number: int) -> Situation:
    """Ask the desk about exactly what the article is now; once more when it was asked already."""
    situation, rules = await read_for(desk, number, Act.SUBMIT), desk.house.rules
    entry, before, binding = situation.entry, situation.asked, situation.readiness.binding
    await _check_not_too_many(desk, number)
    if entry.state is EntryState.DRAFT or _is_held_without_a_time(desk, situation):
        await desk.tx.move(entry, EntryState.SUBMITTED, desk.now)
        entry = replace(entry, state=EntryState.SUBMITTED, due_at=None, not_before=None)
    await desk.tx.close_review(number, "asked_again", desk.now)
    review = await desk.tx.ask_review(
        entry,
        ReviewKind.BEFORE,
        binding,
        desk.address,
        desk.now,
        remind_at=desk.now + rules.remind_after,
        escalate_at=desk.now + rules.escalate_after,
    )
    await desk.record("article.submitted", entry, binding=binding)
    await ask_desk(desk, review, again=before is not None and before.binding == binding)
    return situation.after(desk.house, entry=entry, asked=review)


async def _check_not_too_many(desk: Desk, number: int) -> None:
    """One person alone must not fill everybody's phone with questions."""
    person = desk.by.person
    waiting = await (
        desk.tx.waiting_for(person.id) if person is not None else desk.tx.submitted_from(str(desk.address))
    )
    if number not in waiting and len(waiting) >= WAITING:
        listed = ", ".join(f"#{each}" for each in waiting)
        raise Refused(
            "Your articles that already wait for approval: {numbers}. Submit this one once one of them is decided.",
            numbers=listed,
        )


def _is_held_without_a_time(desk: Desk, situation: Situation) -> bool:
    """True if the time that it was held at has passed, so that an approval would be for none."""
    entry = situation.entry
    return entry.state is EntryState.HELD and approved_time(entry, desk.now) is None


async def ask_desk(desk: Desk, review: Review, *, again: bool = False, only: int | None = None) -> None:
    """Ask everybody who may approve, or the member `only`. `again`: they have seen the posts."""
    await desk.announce(Submitted(review.article_id, review.binding, again=again, only=only))


async def approve(desk: Desk, number: int, seen: str) -> Situation:
    """Count the yes of the person who pressed a button bound to `seen`.

    One more than needed is kept; the desk has heard by then.
    """
    situation = await read(desk, number)
    review = situation.asked
    ticks = await desk.tx.ticks(review.id, desk.me.id) if review is not None else []
    check(desk, situation, Act.APPROVE, seen=seen, ticked=ticks)
    return await give(desk, situation, seen, ticks)


async def give(desk: Desk, situation: Situation, binding: str, ticks: Sequence[str], *, told: bool = True) -> Situation:
    """Keep the actor's yes to what `binding` stands for, once nothing stands in its way. `told`: the others hear of it
    if it is the last that was missing.
    """
    assert situation.asked is not None
    review = replace(situation.asked, binding=binding)
    await desk.tx.add_approval(review, desk.me.id, desk.address, ticks, desk.now)
    approved = with_approval(desk, situation, binding, ticks)
    entry, missing = situation.entry, approved.readiness.missing
    due = approved_time(entry, desk.now) if binding == situation.readiness.binding else None
    for_ = {"binding": binding, "due": None if due is None else due.isoformat()}
    await desk.record("article.approved", entry, **for_, missing=missing, ticks=list(ticks))
    log.info("article_approved", article=entry.id, version=entry.version, missing=missing)
    if told and situation.readiness.missing and not missing:
        await desk.announce(Approved(entry.id, desk.me.id, desk.me.title, situation.concerned))
    return approved


def with_approval(desk: Desk, situation: Situation, binding: str, ticks: Iterable[str]) -> Situation:
    """One for each person and binding, however often they press."""
    given = situation.dossier.approvals
    if has_approved(given, desk.me.id, binding):
        return situation
    return situation.after(desk.house, approvals=(*given, Approval(desk.me.id, binding, tuple(ticks))))


async def tick(desk: Desk, number: int, seen: str, item: str) -> Situation:
    """Note that this person has checked `item`; ticked once more, they have not."""
    situation = await read_for(desk, number, Act.TICK, seen=seen)
    review = _open(situation)
    ticks = await desk.tx.ticks(review.id, desk.me.id)
    await desk.tx.set_ticks(review.id, desk.me.id, [t for t in ticks if t != item] if item in ticks else [*ticks, item])
    return situation


async def ask_later(desk: Desk, number: int, seen: str) -> datetime:
    """Ask this person again, at the returned time."""
    situation = await read_for(desk, number, Act.LATER, seen=seen)
    at = desk.now + desk.house.rules.remind_after
    await desk.tx.ask_again(_open(situation).id, desk.me.id, at)
    return at


async def check_may_decide(desk: Desk, number: int, seen: str, verdict: Verdict) -> Situation:
    """Refuse, before a reason is asked for, what would be refused with one."""
    return await read_for(desk, number, _ACTS[verdict], seen=seen)


async def decide(desk: Desk, number: int, seen: str, verdict: Verdict, reason: str) -> Situation:
    """Say no, for now or for good: approvals are void, and the author learns why. The article keeps its time."""
    situation = await check_may_decide(desk, number, seen, verdict)
    entry, reason = situation.entry, " ".join(reason.split())
    if not 0 < len(reason) <= REASON_LIMIT:
        raise Refused("Write the reason in one message of up to {limit} characters.", limit=REASON_LIMIT)
    await desk.tx.decide(entry, verdict, desk.me.id, reason, desk.now)
    await desk.tx.close_review(number, verdict, desk.now)
    await desk.tx.void_approvals(number, verdict, desk.now)
    if verdict is Verdict.REJECT:
        await desk.tx.move(entry, EntryState.REJECTED, desk.now)
    elif entry.state is EntryState.SUBMITTED:
        await desk.tx.move(entry, EntryState.DRAFT, desk.now)
    act = "article.rejected" if verdict is Verdict.REJECT else "article.changes_asked"
    await desk.record(act, entry, reason=reason)
    await desk.announce(Decided(number, desk.me.id, desk.me.title, situation.concerned, verdict, reason))
    return await read(desk, number, situation.people)


async def publish_alone(desk: Desk, number: int) -> Situation:
    """Publish on an owner's word alone, when every minute counts; all hear of it, and somebody reviews it."""
    situation = await read_for(desk, number, Act.URGENT)
    entry, missing = situation.entry, situation.readiness.missing_at_once
    out = await leave(desk, situation, alone=bool(missing))
    if not missing:
        await desk.record("article.published_urgently", entry)
        return out
    await desk.record("article.published_alone", entry, missing=missing)
    await desk.announce(PublishedAlone(number, desk.me.id, desk.me.title))
    review = await desk.tx.ask_review(
        entry,
        ReviewKind.AFTER,
        situation.readiness.binding,
        desk.address,
        desk.now,
        remind_at=desk.now + desk.house.rules.remind_after,
        escalate_at=None,
    )
    await ask_desk(desk, review)
    log.warning("article_published_alone", article=number, member=desk.me.id, missing=missing)
    return out.after(desk.house, asked=review)


async def look_back(desk: Desk, number: int, seen: str) -> None:
    """Note that somebody who neither wrote it nor sent it out has read what went out with one person."""
    situation = await read_for(desk, number, Act.LOOK_BACK, seen=seen)
    await desk.tx.close_review(number, "reviewed", desk.now)
    await desk.record("article.reviewed", situation.entry)
    await desk.announce(Reviewed(number, desk.me.id, desk.me.title, situation.concerned))


def _open(situation: Situation) -> Review:
    """Return the question that the desk was asked, once nothing stands in the way of an answer."""
    assert situation.asked is not None
    return situation.asked
