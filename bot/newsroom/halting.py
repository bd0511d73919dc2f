"""The halt: anybody of the editors stops everything, two people together let it go on."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.domain.audit import SYSTEM
from bot.domain.people import Person, Role, allowed
from bot.errors import NotAllowed, Refused
from bot.newsroom import countdown
from bot.storage import Queries

log = structlog.get_logger(__name__)

#: So long after one person asked to go on, a second may agree.
AGREE_WITHIN = timedelta(minutes=15)
#: So many of the last entries of the audit log must be sound at a start and for the end of a halt: some 10 ms.
CHECKED = 1000


class Halted(StrEnum):
    """What /halt did."""

    NOW = "now"
    ALREADY = "already"
    WITHDRAWN = "withdrawn"


class Resumed(StrEnum):
    """What /resume did."""

    ASKED = "asked"
    DONE = "done"


async def halt(tx: Queries, by: Person, now: datetime) -> Halted:
    """Durable: it outlives a restart. What was about to go out is stopped.

    During a halt it takes back what somebody asked to go on.
    """
    if not await tx.halt(by.addresses[0], now):
        if not await tx.drop_resume_request():
            return Halted.ALREADY
        await tx.trouble_over("resume_asked", now)
        await _record(tx, by, "halt.kept", now)
        return Halted.WITHDRAWN
    for article in await countdown.stop_all(tx, by.title, now):
        await tx.record(f"person:{by.id}", "article.undone", f"article:{article}", {"why": "halt"}, now)
    await tx.tell_desk("halted", "halted", {"by": by.id, "name": by.title}, now)
    await _record(tx, by, "halt.begun", now)
    return Halted.NOW


async def stop_altered(tx: Queries, entry: int, now: datetime) -> None:
    """Whose log was altered sends nothing: who may do what is not known any more. Told once while it lasts."""
    await tx.halt(SYSTEM, now)
    await countdown.stop_all(tx, "Visnyk", now)
    await tx.drop_resume_request()
    await tx.tell_desk("log_altered", "log_altered", {"entry": entry}, now)


async def resume(tx: Queries, by: Person, now: datetime) -> Resumed:
    """The first time it asks, the second time, by another person, it is done; one of the two must be an owner.

    On a desk of one owner alone nobody could agree: there one person is enough.
    """
    if not await tx.is_halted():
        raise Refused("Nothing is halted. /list shows what is waiting.")
    await tx.check_audit_end(CHECKED)
    first = await _first(tx, now)
    if first is None and not await _is_alone(tx, by):
        await tx.ask_resume(by.id, now)
        await tx.trouble_over("resume_asked", now)
        await tx.tell_desk("resume_asked", "resume_asked", {"by": by.id, "name": by.title}, now)
        await _record(tx, by, "halt.resume_asked", now)
        return Resumed.ASKED
    if first is not None:
        _check_second(first, by)
    await tx.end_halt()
    for trouble in ("halted", "resume_asked", "log_altered"):
        await tx.trouble_over(trouble, now)
    await tx.announce("resumed", {"by": by.id, "name": by.title}, now)
    await _record(tx, by, "halt.ended", now)
    return Resumed.DONE


async def _first(tx: Queries, now: datetime) -> Person | None:
    """Who asked, in time, and may still ask."""
    request = await tx.resume_request()
    if request is None or now - request[1] >= AGREE_WITHIN:
        return None
    person = await tx.person(request[0])
    return person if allowed(person, Role.EDITOR) else None


async def _is_alone(tx: Queries, by: Person) -> bool:
    return by.role is Role.OWNER and len(await tx.team(Role.EDITOR)) == 1


def _check_second(first: Person, second: Person) -> None:
    if first.id == second.id:
        raise Refused("You asked already: a second person must agree, with /resume.")
    if Role.OWNER not in (first.role, second.role):
        raise NotAllowed("One of the two who let it go on must be an owner. An owner agrees with /resume.")


async def _record(tx: Queries, by: Person, act: str, now: datetime) -> None:
    await tx.record(f"person:{by.id}", act, "", {}, now)
    log.warning("halt_changed", act=act, member=by.id)
