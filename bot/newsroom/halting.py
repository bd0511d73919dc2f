"""The halt: anybody of the editors stops everything, two people together let it go on."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import structlog

from bot.domain import news
from bot.domain.audit import SYSTEM, said_in
from bot.domain.authority import HALT
from bot.domain.people import Person, Role, allowed
from bot.errors import LogAltered, NotAllowed, Refused
from bot.newsroom import countdown
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)

#: Time after one person asked to go on in which a second may agree.
AGREE_WITHIN = timedelta(minutes=15)
#: The trouble that the desk is told of, and how many of the rows are named.
UNPROVEN, MOST = "rows_unproven", 5
#: Audit entries verified at start-up and before a halt ends (about 10 ms).
CHECKED = 1000


class Halted(StrEnum):
    """The outcome of /halt."""

    NOW = "now"
    ALREADY = "already"
    WITHDRAWN = "withdrawn"


class Resumed(StrEnum):
    """The outcome of /resume."""

    ASKED = "asked"
    DONE = "done"


async def halt(desk: Desk) -> Halted:
    """Stop everything, durably over a restart, with what was about to go out.

    During a halt it takes back what somebody asked to go on.
    """
    tx, by, now = desk.tx, desk.me, desk.now
    if not await tx.halt(desk.address, now):
        was_asked = await tx.drop_resume_request()
        if was_asked:
            await tx.trouble_over("resume_asked", now)
        with suppress(LogAltered):  # then it is halted for that, and stays so
            await _record(desk, "halt.kept")
        return Halted.WITHDRAWN if was_asked else Halted.ALREADY
    for article in await countdown.stop_all(desk, by.title):
        await tx.record(desk.by, "article.undone", f"article:{article}", {"why": "halt"}, now)
    await tx.tell_desk("halted", news.Halted(by.id, by.title), now)
    await _record(desk, "halt.begun")
    for each in await tx.waiting_for_the_halt():
        await desk.announce(news.HaltHoldsUp(each.article_id, each.id, 0, by.title))
    return Halted.NOW


async def stop_altered(desk: Desk, entry: int) -> None:
    """Halt: with an altered log nothing is sent, for we no longer know who may do what. Told once while it lasts."""
    tx, now = desk.tx, desk.now
    await tx.halt(SYSTEM, now)
    await countdown.stop_all(desk, "Visnyk")
    await tx.drop_resume_request()
    await tx.tell_desk("log_altered", news.LogAltered(entry), now)


async def tell_unproven(desk: Desk, rows: Sequence[str]) -> None:
    """Rows that the log does not know count for nothing; the desk is told of them once while they are there."""
    if not rows:
        await desk.tx.trouble_over(UNPROVEN, desk.now)
        return
    log.critical("rows_without_acts", rows=rows)
    await desk.tx.tell_desk(UNPROVEN, news.RowsAltered(tuple(rows[:MOST])), desk.now)


async def resume(desk: Desk) -> Resumed:
    """Ask the first time, end the halt the second time, by another person; one of the two must be an owner.

    On a desk of one owner alone nobody could agree: there one person is enough.
    """
    tx, by, now = desk.tx, desk.me, desk.now
    if not await tx.is_halted():
        raise Refused("Nothing is halted. /list shows what is waiting.")
    if await _was_said_before(desk):
        raise Refused("You said that before everything was halted. If it is to go on all the same, say /resume again.")
    await tx.check_audit_end(CHECKED)
    first = await _first(desk)
    if first is None and not await _is_alone(desk):
        await tx.ask_resume(by.id, now)
        await tx.trouble_over("resume_asked", now)
        await tx.tell_desk("resume_asked", news.ResumeAsked(by.id, by.title), now)
        await _record(desk, "halt.resume_asked")
        return Resumed.ASKED
    if first is not None:
        _check_second(first, by)
    await tx.end_halt()
    for trouble in ("halted", "resume_asked", "log_altered"):
        await tx.trouble_over(trouble, now)
    await desk.announce(news.Resumed(by.id, by.title))
    await _record(desk, "halt.ended")
    return Resumed.DONE


async def _first(desk: Desk) -> Person | None:
    """The person whose request to resume is still valid, if any."""
    request = await desk.tx.resume_request()
    if request is None or not await _was_asked(desk, *request):
        return None
    person = await desk.tx.person(request[0])
    return person if allowed(person, Role.EDITOR) else None


async def _was_asked(desk: Desk, member: int, at: datetime) -> bool:
    """True if the log has that this member asked to go on, then and not long ago, and nothing after it."""
    last = await desk.tx.last_of(HALT)
    if last is None or datetime.fromtimestamp(last.at / 1000, UTC) != at:
        return False
    said = said_in(last)
    if max(desk.said_by - said, said - desk.said) >= AGREE_WITHIN:
        return False
    return (last.act, last.actor) == ("halt.resume_asked", f"person:{member}")


async def _was_said_before(desk: Desk) -> bool:
    """True if the words may be older than those that halted everything, so that they meant nothing of this halt.

    What is said now is not older, whatever the clock shows.
    """
    if desk.saying is None:
        return False
    last = await desk.tx.last_halt()
    return last is not None and desk.said < said_in(last)


async def _is_alone(desk: Desk) -> bool:
    return desk.me.role is Role.OWNER and len(await desk.tx.team(Role.EDITOR)) == 1


def _check_second(first: Person, second: Person) -> None:
    if first.id == second.id:
        raise Refused("You have already asked. A second person must agree with /resume.")
    if Role.OWNER not in (first.role, second.role):
        raise NotAllowed("One of the two people must be an owner. An owner agrees with /resume.")


async def _record(desk: Desk, act: str) -> None:
    await desk.note(act, HALT, {})
    log.warning("halt_changed", act=act, member=desk.me.id)
