"""The least time between two posts of a channel."""

from __future__ import annotations

from collections.abc import Callable, Set
from datetime import datetime, timedelta

from bot.domain import Article
from bot.domain.entry import Entry, EntryState
from bot.domain.times import spaced
from bot.storage import Queries

#: The keys of the channels that take an article.
Keys = Callable[[Article], Set[str]]


async def spaced_time(tx: Queries, entry: Entry, at: datetime, gap: timedelta, keys: Keys) -> datetime:
    """`at`, or later where another post of one of its channels is nearer than `gap`. Urgent ones wait for nothing."""
    if not gap or entry.article.urgent:
        return at
    queued = [
        other.due_at
        for other in await tx.open_entries()
        if other.state is EntryState.QUEUED
        and other.due_at is not None
        and other.id != entry.id
        and keys(entry.article) & keys(other.article)
    ]
    return spaced(at, [*queued, *await _posts(tx, entry, keys)], gap)


async def free_at(tx: Queries, entry: Entry, now: datetime, gap: timedelta, keys: Keys) -> datetime:
    """When the last posts of its channels are far enough away; `now` when they are."""
    if not gap or entry.article.urgent:
        return now
    return max([now, *(when + gap for when in await _posts(tx, entry, keys))])


async def _posts(tx: Queries, entry: Entry, keys: Keys) -> list[datetime]:
    mine = keys(entry.article)
    return [when for key, when in (await tx.last_posts()).items() if key in mine]
