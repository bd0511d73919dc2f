"""A yes and a time in one act: whoever approves an article also publishes it, or says when it goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Address
from bot.domain.life import Act
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.review import Review, binding_of
from bot.newsroom import timing
from bot.newsroom.desk import Desk
from bot.newsroom.gap import spaced_time
from bot.newsroom.publishing import publish
from bot.newsroom.readiness import check, read
from bot.newsroom.review import ask_desk, give, with_approval
from bot.newsroom.situation import Situation


def may_go_with_one_yes(situation: Situation) -> bool:
    """True if nothing but one more approval keeps the article from going out now."""
    readiness = situation.readiness
    return {Obstacle.UNAPPROVED}.issuperset(obstacles(readiness, Act.NOW)) and readiness.missing_at_once <= 1


async def approve_and_publish(desk: Desk, number: int, seen: str, chat: Address) -> Situation:
    """Approve what a button was bound to (`seen`) for going out now, and publish it; both or neither."""
    situation, ticks, _ = await _answering(desk, number, seen)
    binding = binding_of(situation.entry.article.sha256, desk.house.targets(situation.entry.article), None)
    check(desk, with_approval(desk, situation, binding, ticks), Act.NOW)
    await give(desk, situation, binding, ticks, told=False)
    return await publish(desk, number, chat)


async def approve_for(desk: Desk, number: int, seen: str, at: datetime, *, exact: bool) -> Situation:
    """Approve what a button was bound to (`seen`) for the time `at`, which it gets by that. The others who are asked
    are told of the time alone. `exact`: at no other time, whatever the gap between a channel's posts.
    """
    situation, ticks, review = await _answering(desk, number, seen)
    at = at if exact else await spaced_time(desk, situation.entry, at)
    check(desk, situation, Act.TIME, at)
    moved = await timing.retime(desk, situation, at)
    approved = await give(desk, moved, moved.readiness.binding, ticks)
    if approved.readiness.missing and moved.asked is not None and moved.asked.binding != review.binding:
        await ask_desk(desk, moved.asked)
    return approved


async def _answering(desk: Desk, number: int, seen: str) -> tuple[Situation, Sequence[str], Review]:
    situation = await read(desk, number)
    review = situation.asked
    ticks = await desk.tx.ticks(review.id, desk.me.id) if review is not None else []
    check(desk, situation, Act.APPROVE, seen=seen, ticked=ticks)
    assert review is not None
    return situation, ticks, review
