"""The countdown: after "publish" an article can be stopped for a while. All of it stands in the store."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import Entry, EntryState
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)


async def begin(desk: Desk, entry: Entry, chat: Address, ends_at: datetime) -> None:
    """`chat`: where it was asked for."""
    await desk.tx.begin_countdown(entry, desk.address, chat, ends_at, desk.now)
    await desk.tx.move(entry, EntryState.COUNTING, desk.now, due_at=ends_at)
    await desk.record("article.counting", entry, ends=ends_at.isoformat())


async def stop(desk: Desk, countdown: Countdown, by: str) -> None:
    """Return the article to the state it was in. A time that passed meanwhile must not send it out at once: then it is
    on hold. `by`: who stopped it, as the desk calls them.
    """
    entry = await desk.tx.entry(countdown.article_id)
    assert entry is not None
    was_due = countdown.was_due_at
    missed = countdown.was is EntryState.QUEUED and was_due is not None and was_due <= desk.now
    await desk.tx.move(entry, EntryState.HELD if missed else countdown.was, desk.now, due_at=was_due)
    await desk.tx.end_countdown(entry.id, Ended.STOPPED, by, desk.now)


async def stop_all(desk: Desk, by: str) -> list[int]:
    """Stop all countdowns because of a halt; return the articles that were about to go out."""
    running = await desk.tx.countdowns()
    for countdown in running:
        await stop(desk, countdown, by)
        log.warning("countdown_stopped", article=countdown.article_id, why="halt")
    return [countdown.article_id for countdown in running]
