"""The least time between two posts of a channel."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Article
from bot.domain.entry import Entry
from bot.domain.times import spaced
from bot.newsroom.desk import Desk


async def spaced_time(desk: Desk, entry: Entry, at: datetime) -> datetime:
    """`at`, or later where another post of one of its channels is nearer than the gap. Urgent ones wait for nothing."""
    gap, mine = desk.house.timetable.gap, _keys(desk, entry.article)
    if not gap or entry.article.urgent:
        return at
    posts, tried = await _posts(desk, entry), None
    while tried != at:
        near = await desk.tx.queued_between(at - gap, at + gap)
        others = [each for each in near if each.id != entry.id and mine & _keys(desk, each.article)]
        tried, at = at, spaced(at, [*posts, *(each.due_at for each in others if each.due_at is not None)], gap)
    return at


async def free_at(desk: Desk, entry: Entry) -> datetime:
    """Return when the last posts of its channels are far enough away; now if they are."""
    gap = desk.house.timetable.gap
    if not gap or entry.article.urgent:
        return desk.now
    return max([desk.now, *(when + gap for when in await _posts(desk, entry))])


async def _posts(desk: Desk, entry: Entry) -> list[datetime]:
    mine = _keys(desk, entry.article)
    return [when for key, when in (await desk.tx.last_posts()).items() if key in mine]


def _keys(desk: Desk, article: Article) -> set[str]:
    return {channel.key for channel in desk.house.channels_of(article)}
