"""What delivery has to tell the desk."""

from __future__ import annotations

from datetime import datetime

from bot.storage import Queries


async def tell_if_complete(tx: Queries, article_id: int, now: datetime) -> None:
    """When nothing of an article is under way any more, the desk gets the outcome."""
    if await tx.open_dispatches(article_id) == 0:
        await tx.tell_desk(f"complete:{article_id}", "complete", {"article": article_id}, now)
