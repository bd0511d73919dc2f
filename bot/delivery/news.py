"""What delivery has to tell the desk."""

from __future__ import annotations

from datetime import datetime

from bot.domain.ledger import Dispatch
from bot.storage import Queries


async def tell_if_complete(tx: Queries, article_id: int, now: datetime) -> None:
    """When nothing of an article is under way any more, the desk gets the outcome, once for each such end."""
    if await tx.open_dispatches(article_id) == 0:
        await tx.trouble_over(f"complete:{article_id}", now)
        await tx.tell_desk(f"complete:{article_id}", "complete", {"article": article_id}, now)


async def stop_readers(tx: Queries, dispatch: Dispatch, reason: str, now: datetime) -> None:
    """Nobody else gets it until the desk tries again; told once for each stop."""
    if not await tx.stop_readers(dispatch.id, reason, now):
        return
    key = f"readers_stopped:{dispatch.id}"
    await tx.trouble_over(key, now)
    await tx.tell_desk(key, "readers_stopped", {"dispatch": dispatch.id}, now)
    await tell_if_complete(tx, dispatch.article_id, now)
