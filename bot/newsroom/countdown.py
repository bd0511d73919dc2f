"""After "publish" an article can be stopped for a while, before anything leaves. All of it stands in the store."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Address
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import Entry, EntryState
from bot.storage import Queries

log = structlog.get_logger(__name__)


async def begin(tx: Queries, entry: Entry, person: Address, chat: Address, ends_at: datetime, now: datetime) -> None:
    await tx.begin_countdown(entry, person, chat, ends_at, now)
    await tx.move(entry, EntryState.COUNTING, now, due_at=ends_at)


async def stop(tx: Queries, countdown: Countdown, by: str, now: datetime) -> None:
    """It is again what it was. A time that passed meanwhile must not send it out at once: then it is on hold."""
    entry = await tx.entry(countdown.article_id)
    assert entry is not None
    was_due = countdown.was_due_at
    missed = countdown.was is EntryState.QUEUED and was_due is not None and was_due <= now
    await tx.move(entry, EntryState.HELD if missed else countdown.was, now, due_at=was_due)
    await tx.end_countdown(entry.id, Ended.STOPPED, by, now)


async def stop_all(tx: Queries, by: str, now: datetime) -> list[int]:
    """For a halt; the articles that were about to go out."""
    running = await tx.countdowns()
    for countdown in running:
        await stop(tx, countdown, by, now)
        log.warning("countdown_stopped", article=countdown.article_id, why="halt")
    return [countdown.article_id for countdown in running]
