"""Letting an article out: it is put to the desk, and somebody who did not write it approves exactly that."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.people import Person
from bot.errors import NotAllowed, Refused
from bot.newsroom import Newsroom
from bot.storage import Queries

log = structlog.get_logger(__name__)


async def submit(newsroom: Newsroom, tx: Queries, number: int, person: Address, now: datetime) -> None:
    approval = newsroom.approval
    entry = await newsroom.in_house(tx, number)
    newsroom.check_has_outlets(entry)
    if not approval.needed:
        raise Refused("newsroom.toml asks for no approval: /now {id} or /at {id} 18:30.", id=number)
    if not any([await approval.may_approve(tx, number, each, now) for each in await tx.team()]):
        raise Refused(
            "Nobody else is on the desk who may approve #{id} yet. /invite editor brings somebody, and /team lets "
            "a new one begin at once; or set `approvals = 0` under [desk] in newsroom.toml.",
            id=number,
        )
    await newsroom.record(tx, person, "article.submitted", entry, now, binding=approval.binding(entry))
    key = f"submitted:{number}"
    await tx.trouble_over(key, now)  # submitted again: shown again
    await tx.tell_desk(key, "submitted", {"article": number, "binding": approval.binding(entry)}, now)


async def approve(newsroom: Newsroom, tx: Queries, number: int, seen: str, person: Person, now: datetime) -> int:
    """A button was pressed that came with `seen`. Returns how many approvals are missing still."""
    approval = newsroom.approval
    entry = await newsroom.in_house(tx, number)
    if seen != approval.binding(entry):
        raise Refused("#{id} has changed since you saw it. /submit {id} shows it as it is now.", id=number)
    if person.id in await approval.authors(tx, number):
        raise Refused("You wrote in #{id}: somebody else must approve it.", id=number)
    if not person.may_approve(now):
        raise NotAllowed("You are new here: you may approve later. An owner can waive that in /team.")
    missing = await approval.missing(tx, entry, approval.due(entry), now)
    await newsroom.record(tx, person.addresses[0], "article.approved", entry, now, binding=seen, missing=missing)
    log.info("article_approved", article=number, version=entry.version, missing=missing)
    if not missing:
        key = f"approved:{number}"
        await tx.tell_desk(key, "approved", {"article": number, "person": str(person.addresses[0])}, now)
        await tx.trouble_over(key, now)
    return missing
