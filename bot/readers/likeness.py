"""A reader's picture beside those that went out: which articles of ours have one that looks like it."""

from __future__ import annotations

import asyncio

from bot.domain import Media
from bot.domain.likeness import is_known, unpacked
from bot.storage import Queries

#: The latest pictures that one is compared with: they take some 30 ms together, however many ever went out.
LATEST = 4_000


async def articles_like(read: Queries, media: Media | None) -> list[int] | None:
    """Return the articles with a picture that looks like this one, the newest first; None if nobody looked at it."""
    looks = unpacked(await read.looks_at(media.place)) if media is not None and media.place else []
    if not looks:
        return None
    published = await read.published_looks(LATEST)
    # In a thread, so that whatever is being sent meanwhile goes on.
    return await asyncio.to_thread(lambda: list(dict.fromkeys(n for n, kept in published if is_known(looks[0], kept))))
