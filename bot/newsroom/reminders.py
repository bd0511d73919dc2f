"""Reminders: a question that waits too long is put to the desk again, then the owners are told."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from bot.domain.news import WaitsLong
from bot.domain.people import Role
from bot.domain.review import Review, ReviewKind
from bot.errors import Refused
from bot.newsroom.desk import Desk
from bot.newsroom.hearers import back_by_morning, can_wait, who_can_answer
from bot.newsroom.holding import tell_unreadable
from bot.newsroom.readiness import read
from bot.newsroom.review import ask_desk
from bot.newsroom.roster import Roster, read_roster


async def remind(desk: Desk) -> None:
    """Ask again about all that is due now, and tell the owners of what waits too long."""
    tx, now = desk.tx, desk.now
    reminders, escalations = await tx.due_reminders(now), await tx.due_escalations(now)
    roster = await read_roster(desk) if reminders or escalations else None
    for review in reminders:
        assert roster is not None
        if (back := await _back_at(desk, roster, review)) is not None:
            await tx.remind_again(review.id, back + desk.house.rules.remind_after)
            continue
        # What went out with one person is asked about until somebody looked.
        again = now + desk.house.rules.escalate_after if review.kind is ReviewKind.AFTER else None
        await tx.remind_again(review.id, again)
        if await _is_open(desk, review):
            await ask_desk(desk, review, again=True)
    for review, member in await tx.due_readings(now):
        await tx.asked_again(review.id, member)
        if await _is_open(desk, review):
            await ask_desk(desk, review, again=True, only=member)
    for review in escalations:
        assert roster is not None
        if (back := await _owners_back_at(desk, roster, review)) is not None:
            await tx.escalate_again(review.id, back + desk.house.rules.remind_after)
            continue
        await tx.escalate_again(review.id, None)
        if await _is_open(desk, review):
            await _tell_owners(desk, review)


async def _back_at(desk: Desk, roster: Roster, review: Review) -> datetime | None:
    """Return when somebody who can answer is back, if it is night and the question keeps until then.

    They are asked by their digest, and reminded after that.
    """
    with suppress(Refused):
        situation = await read(desk, review.article_id, roster.people)
        answering = who_can_answer(situation, review)
        if can_wait(roster, situation, answering):
            return back_by_morning(roster, answering)
    return None


async def _owners_back_at(desk: Desk, roster: Roster, review: Review) -> datetime | None:
    """The same of the owners, before they are told that it waits too long."""
    with suppress(Refused):
        situation, owners = await read(desk, review.article_id, roster.people), roster.people.team(Role.OWNER)
        if can_wait(roster, situation, owners):
            return back_by_morning(roster, owners)
    return None


async def _is_open(desk: Desk, review: Review) -> bool:
    """True while the question still waits for somebody. What it is about may be damaged: then the desk is told that."""
    try:
        missing = (await read(desk, review.article_id)).readiness.missing
    except Refused:
        await tell_unreadable(desk, review.article_id)
        return False
    return review.kind is ReviewKind.AFTER or missing > 0


async def _tell_owners(desk: Desk, review: Review) -> None:
    await desk.announce(WaitsLong(review.article_id, review.binding, review.asked_at.timestamp()))
