"""Letting an article out: it is put to the desk, and somebody who did not write it approves exactly that."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.people import Person
from bot.domain.review import Review, ReviewKind
from bot.errors import NotAllowed, Refused
from bot.newsroom import Newsroom
from bot.storage import Queries

log = structlog.get_logger(__name__)


async def submit(newsroom: Newsroom, tx: Queries, number: int, person: Address, now: datetime) -> Review:
    """The desk is asked about exactly what it is now; once more when it was asked already."""
    approval, rules = newsroom.approval, newsroom.rules
    entry = await newsroom.entry_for(tx, number, Act.SUBMIT, now)
    newsroom.check_has_outlets(entry)
    if not newsroom.need(entry).approvals:
        raise Refused("newsroom.toml asks for no approval: /now {id} or /at {id} 18:30.", id=number)
    if not any([await approval.may_approve(tx, number, each, now) for each in await tx.team()]):
        raise Refused(
            "Nobody else is on the desk who may approve #{id} yet. /invite editor brings somebody, and /team lets "
            "a new one begin at once; or set `approvals = 0` under [desk] in newsroom.toml.",
            id=number,
        )
    binding = approval.binding(entry, now)
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
    await ask_desk(tx, review, now)
    return review


async def ask_desk(tx: Queries, review: Review, now: datetime) -> None:
    key = f"submitted:{review.article_id}"
    await tx.trouble_over(key, now)  # submitted again: shown again
    await tx.tell_desk(key, "submitted", {"article": review.article_id, "binding": review.binding}, now)


async def approve(newsroom: Newsroom, tx: Queries, number: int, seen: str, person: Person, now: datetime) -> int:
    """A button was pressed that came with `seen`. Returns how many approvals are missing still."""
    approval = newsroom.approval
    entry, review = await asked(newsroom, tx, number, seen, Act.APPROVE, now)
    await check_may_approve(newsroom, tx, entry, person, now)
    await tx.add_approval(review, person.id, person.addresses[0], (), now)
    missing = await approval.missing(tx, entry, approval.due(entry, now), now)
    await newsroom.record(tx, person.addresses[0], "article.approved", entry, now, binding=seen, missing=missing)
    log.info("article_approved", article=number, version=entry.version, missing=missing)
    if not missing:
        key = f"approved:{number}"
        await tx.tell_desk(key, "approved", {"article": number, "person": str(person.addresses[0])}, now)
        await tx.trouble_over(key, now)
    return missing


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
