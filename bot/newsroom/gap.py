"""The least time between two posts of a channel."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Article
from bot.domain.entry import Entry, EntryState
from bot.domain.times import spaced
from bot.newsroom.desk import Desk


async def spaced_time(desk: Desk, entry: Entry, at: datetime) -> datetime:
    """`at`, or later where another post of one of its channels is nearer than the gap. Urgent ones wait for nothing."""
    gap, mine = desk.house.timetable.gap, _keys(desk, entry.article)
    if not gap or entry.article.urgent:
        return at
    queued = [
        other.due_at
        for other in await desk.tx.open_entries()
        if other.state is EntryState.QUEUED
        and other.due_at is not None
        and other.id != entry.id
        and mine & _keys(desk, other.article)
    ]
    return spaced(at, [*queued, *await _posts(desk, entry)], gap)


async def free_at(desk: Desk, entry: Entry) -> datetime:
    """When the last posts of its channels are far enough away; now when they are."""
    gap = desk.house.timetable.gap
    if not gap or entry.article.urgent:
        return desk.now
    return max([desk.now, *(when + gap for when in await _posts(desk, entry))])


async def _posts(desk: Desk, entry: Entry) -> list[datetime]:
    mine = _keys(desk, entry.article)
    return [when for key, when in (await desk.tx.last_posts()).items() if key in mine]


def _keys(desk: Desk, article: Article) -> set[str]:
    return {channel.key for channel in desk.house.channels_of(article)}
