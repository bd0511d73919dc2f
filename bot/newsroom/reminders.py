"""Reminders: a question that waits too long is put to the desk again, then the owners are told."""

from __future__ import annotations

from bot.domain.news import WaitsLong
from bot.domain.review import Review, ReviewKind
from bot.errors import Refused
from bot.newsroom.desk import Desk
from bot.newsroom.holding import tell_unreadable
from bot.newsroom.readiness import read
from bot.newsroom.review import ask_desk


async def remind(desk: Desk) -> None:
    """Ask again about all that is due now, and tell the owners of what waits too long."""
    tx, now = desk.tx, desk.now
    for review in await tx.due_reminders(now):
        # What went out with one person is asked about until somebody looked.
        again = now + desk.house.rules.escalate_after if review.kind is ReviewKind.AFTER else None
        await tx.remind_again(review.id, again)
        if await _is_open(desk, review):
            await ask_desk(desk, review, again=True)
    for review, member in await tx.due_readings(now):
        await tx.asked_again(review.id, member)
        if await _is_open(desk, review):
            await ask_desk(desk, review, again=True, only=member)
    for review in await tx.due_escalations(now):
        await tx.escalated(review.id)
        if await _is_open(desk, review):
            await _tell_owners(desk, review)


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
