"""Approvals that no longer count: the article became something else than what the desk was asked about."""

from __future__ import annotations

from bot.domain.life import Stage
from bot.domain.news import ApprovalVoid
from bot.domain.review import ReviewKind
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read_open
from bot.newsroom.situation import Situation


async def void(desk: Desk, situation: Situation, why: str) -> None:
    """Void what was approved and close the question; the people who know of that hear so."""
    entry, was_asked = situation.entry, situation.asked is not None
    await desk.tx.close_review(entry.id, why, desk.now)
    voided = await desk.tx.void_approvals(entry.id, why, desk.now)
    if voided:
        await desk.by_itself().record("article.approvals_voided", entry)
    if voided or was_asked:
        await desk.announce(ApprovalVoid(entry.id, situation.concerned, approved=voided))


async def void_outdated(desk: Desk) -> None:
    """Void, at a start, the questions whose articles newsroom.toml now sends elsewhere than the desk was asked."""
    for situation in await read_open(desk):
        asked, readiness = situation.asked, situation.readiness
        if asked is None or asked.kind is not ReviewKind.BEFORE or readiness.stage is Stage.COUNTING:
            continue
        if asked.binding != readiness.binding:
            await void(desk, situation, "changed")
