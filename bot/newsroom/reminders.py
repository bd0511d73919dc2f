"""What waits for the desk's word too long: it is asked again, then the owners are told."""

from __future__ import annotations

from datetime import datetime

from bot.domain.review import Review, ReviewKind
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.review import ask_desk
from bot.storage import Queries


async def remind(newsroom: Newsroom, tx: Queries, now: datetime) -> None:
    """All that is due now."""
    for review in await tx.due_reminders(now):
        # What went out with one person is asked about until somebody looked.
        again = now + newsroom.rules.escalate_after if review.kind is ReviewKind.AFTER else None
        await tx.remind_again(review.id, again)
        if await _is_open(newsroom, tx, review, now):
            await ask_desk(tx, review, now, again=True)
    for review, member in await tx.due_readings(now):
        await tx.asked_again(review.id, member)
        if await _is_open(newsroom, tx, review, now):
            await ask_desk(tx, review, now, again=True, only=member)
    for review in await tx.due_escalations(now):
        await tx.escalated(review.id)
        if await _is_open(newsroom, tx, review, now):
            await _tell_owners(tx, review, now)


async def _is_open(newsroom: Newsroom, tx: Queries, review: Review, now: datetime) -> bool:
    """Does it wait for somebody still?"""
    if review.kind is ReviewKind.AFTER:
        return True
    entry = await newsroom.entry(tx, review.article_id)
    return await newsroom.approval.missing(tx, entry, newsroom.approval.due(entry, now), now) > 0


async def _tell_owners(tx: Queries, review: Review, now: datetime) -> None:
    waited = {"article": review.article_id, "binding": review.binding, "since": review.asked_at.timestamp()}
    await tx.announce("waits_long", waited, now)
