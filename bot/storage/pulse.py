"""Pulse: the traces that a stop of ours or a step of the clock leaves on work that is under way."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction

#: A clock that is further back than this was set back: what we wrote ourselves can't be from the future.
SLACK = timedelta(seconds=30)


class PulseQueries(Transaction):
    async def last_beat(self) -> datetime | None:
        """Return the instant at which work under way was looked after last; None if there is none."""
        ms = await self.value(
            """SELECT max(at) FROM (
                   SELECT max(changed_at) AS at FROM dispatch WHERE state IN ('ready', 'sending', 'running')
                   UNION ALL SELECT max(created_at) FROM reply
                   UNION ALL SELECT max(changed_at) FROM dialogue WHERE due_at IS NOT NULL) AS instants"""
        )
        return to_time(ms) if ms is not None else None

    async def beat(self, now: datetime) -> timedelta | None:
        """Mark everything under way as looked after; return how far the clock was set back since the last time.

        Then whatever waits for an instant waits no longer than it would have.
        """
        last = await self.last_beat()
        back = last - now if last is not None and last - now > SLACK else None
        if back is not None:
            await self._set_back(back)
        await self._look_after(now)
        return back

    async def set_back(self, by: timedelta, now: datetime) -> None:
        """Let whatever waits for an instant wait no longer because the clock was set back by `by` a moment ago."""
        await self._set_back(by)
        await self._look_after(now)

    async def _look_after(self, now: datetime) -> None:
        await self.run(
            """UPDATE dispatch SET changed_at = :now
               WHERE state <> 'sending' AND state IN ('ready', 'sending', 'running') AND changed_at <> :now""",
            {"now": to_ms(now)},
        )

    async def keep_hold(self, account: str, until: datetime, length: timedelta) -> None:
        """Keep that an account must send nothing before `until`, which is `length` from now, as the platform asked."""
        await self.run(
            """INSERT INTO hold (account, until, length) VALUES (:account, :until, :length)
               ON CONFLICT (account) DO UPDATE SET until = excluded.until, length = excluded.length""",
            {"account": account, "until": to_ms(until), "length": length // timedelta(milliseconds=1)},
        )

    async def hold_left(self, account: str, now: datetime) -> timedelta:
        """Return how much longer a hold lasts: never longer than the platform said, whatever the clock did."""
        row = await self.one("SELECT until, length FROM hold WHERE account = :account", {"account": account})
        if row is None:
            return timedelta(0)
        left = to_time(row["until"]) - now
        return left if row["length"] is None else min(left, timedelta(milliseconds=row["length"]))

    async def _set_back(self, by: timedelta) -> None:
        ms = {"by": by // timedelta(milliseconds=1)}
        for statement in (
            """UPDATE dispatch SET not_before = not_before - :by
               WHERE state <> 'sending' AND state IN ('ready', 'sending', 'running')""",
            "UPDATE page SET not_before = not_before - :by WHERE state = 'waiting'",
            "UPDATE reply SET not_before = not_before - :by, created_at = created_at - :by",
            "UPDATE hold SET until = until - :by",
            """UPDATE notice SET tell_at = CASE WHEN tell_at > 0 THEN tell_at - :by ELSE 0 END, well_at = well_at - :by
               WHERE told_at IS NULL""",
            """UPDATE notice SET well_at = well_at - :by WHERE over_at IS NULL AND well_at IS NOT NULL
               AND told_at IS NOT NULL""",
            "UPDATE dialogue SET due_at = due_at - :by, changed_at = changed_at - :by WHERE due_at IS NOT NULL",
            """UPDATE dispatch SET changed_at = changed_at - :by
               WHERE channel IS NOT NULL AND state = 'sending' AND state IN ('ready', 'sending', 'running')""",
        ):
            await self.run(statement, ms)
        for signal in ("dispatch", "reply", "queue"):
            self.signal(signal)

    async def left_behind(self, before: datetime) -> list[tuple[int, int, datetime]]:
        """Return posts that an earlier run left under way and that were due before `before`.

        Each as its number, its article's, and the instant since which it stands still.
        """
        rows = await self.all(
            """SELECT id, article_id, changed_at, not_before FROM dispatch
               WHERE state <> 'sending' AND state IN ('ready', 'sending', 'running') AND kind = 'post'
                   AND superseded_by IS NULL AND changed_at < :before AND not_before < :before ORDER BY +id""",
            {"before": to_ms(before)},
        )
        return [(row["id"], row["article_id"], to_time(max(row["changed_at"], row["not_before"]))) for row in rows]
