"""The agenda: how much of everything waits in the house, and when the next of it falls due."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import Platform
from bot.domain.news import SETTLED
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction

#: When whatever a word of the desk may stop or change falls due.
_AT_A_WORD = """SELECT min(CASE WHEN not_before > due_at THEN not_before ELSE due_at END) AS at
        FROM article WHERE state IN ('queued', 'counting') AND NOT EXISTS (SELECT 1 FROM halted)
    UNION ALL SELECT min(ends_at) FROM article WHERE ends_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM halted)
    UNION ALL SELECT min(due_at) FROM dialogue WHERE due_at IS NOT NULL
    UNION ALL SELECT min(tick_at) FROM countdown
    UNION ALL SELECT min(tell_at) FROM notice WHERE told_at IS NULL
    UNION ALL SELECT min(well_at) + :settled FROM notice WHERE over_at IS NULL AND well_at IS NOT NULL
    UNION ALL SELECT min(until) FROM edit_shown
    UNION ALL SELECT min(due_at) FROM retelling
    UNION ALL SELECT min(at) FROM put_off WHERE at IS NOT NULL
    UNION ALL SELECT min(remind_at) FROM review WHERE closed_at IS NULL
    UNION ALL SELECT min(escalate_at) FROM review WHERE closed_at IS NULL
    UNION ALL SELECT min(ask_again_at) FROM reading JOIN review ON review.id = reading.review_id
        WHERE ask_again_at IS NOT NULL AND closed_at IS NULL"""

_SETTLED = {"settled": SETTLED // timedelta(milliseconds=1)}


class AgendaQueries(Transaction):
    async def next_instant(self) -> datetime | None:
        """Return when something falls due next: a post, a pasted text that is taken to be complete, a reminder."""
        ms = await self.value(
            f"""SELECT min(at) FROM ({_AT_A_WORD} UNION ALL SELECT min(digest_at) FROM heed
                UNION ALL SELECT min(due_at) FROM afterword WHERE due_at IS NOT NULL) AS instants""",  # noqa: S608 - ours
            _SETTLED,
        )
        return to_time(ms) if ms is not None else None

    async def next_at_a_word(self) -> datetime | None:
        """Return when something falls due next that somebody's word may stop or change: what a digest says is no such
        thing, and of a new member nobody knows yet when one is due.
        """
        ms = await self.value(f"SELECT min(at) FROM ({_AT_A_WORD}) AS instants", _SETTLED)  # noqa: S608 - ours
        return to_time(ms) if ms is not None else None

    async def oldest(self, now: datetime) -> dict[str, datetime]:
        """Return when the oldest waiting update came, and when the oldest article that is due should have left."""
        rows = await self.all(
            """SELECT 'updates', min(at) FROM (
                       SELECT (SELECT received_at FROM inbox WHERE done_at IS NULL AND lane = 0
                               ORDER BY id LIMIT 1) AS at
                       UNION ALL SELECT (SELECT received_at FROM inbox WHERE done_at IS NULL AND lane = 1
                                         ORDER BY id LIMIT 1)) AS instants
               UNION ALL SELECT 'articles', min(CASE WHEN not_before > due_at THEN not_before ELSE due_at END)
                       FROM article WHERE state IN ('queued', 'counting') AND due_at <= :now
                           AND (not_before IS NULL OR not_before <= :now) AND NOT EXISTS (SELECT 1 FROM halted)""",
            {"now": to_ms(now)},
        )
        return {row[0]: to_time(row[1]) for row in rows if row[1] is not None}

    async def oldest_reply(self, platform: Platform, now: datetime) -> datetime | None:
        """Return when the oldest of the desk's replies should have left; those behind another in a chat don't count."""
        ms = await self.value(
            """SELECT min(not_before) FROM reply AS owed
               WHERE platform = :platform AND lane = 0 AND started_at IS NULL AND not_before <= :now
                   AND NOT EXISTS (SELECT 1 FROM reply AS earlier WHERE earlier.platform = owed.platform
                                   AND earlier.chat = owed.chat AND earlier.id < owed.id)""",
            {"platform": platform, "now": to_ms(now)},
        )
        return to_time(ms) if ms is not None else None

    async def amounts(self) -> dict[str, int]:
        """Return the amount of everything that waits, by its name in the metrics."""
        rows = await self.all(
            """SELECT 'articles', count(*) FROM article
                       WHERE state = 'queued' AND state IN ('queued', 'counting')
               UNION ALL SELECT 'updates', count(*) FROM inbox WHERE done_at IS NULL
               UNION ALL SELECT 'replies', count(*) FROM reply
               UNION ALL SELECT 'dispatches', count(*) FROM dispatch WHERE state IN ('ready', 'sending', 'running')
               UNION ALL SELECT 'doubts', count(*) FROM dispatch WHERE state = 'in_doubt'"""
        )
        return {row[0]: row[1] for row in rows}
