"""Forgetting: what is over and what nobody needs, oldest first, a few rows at a time."""

from __future__ import annotations

from datetime import datetime

from bot.domain.news import NEWS, Trouble
from bot.storage.convert import each_of, to_ms
from bot.storage.transaction import Transaction

#: True of a notice that somebody who is away has yet to hear.
_WAITS = "EXISTS (SELECT 1 FROM put_off WHERE put_off.notice_id = notice.id)"


class ForgettingQueries(Transaction):
    """Each method forgets up to `limit` rows and returns how many; fewer than `limit`: there are no more."""

    async def forget_inbox(self, before: datetime, limit: int) -> int:
        """Forget updates handled before then. Keys are kept as long as a platform may repeat an update."""
        return await self.run(
            """DELETE FROM inbox WHERE id IN (
                   SELECT id FROM inbox WHERE done_at IS NOT NULL AND done_at < :before
                   ORDER BY done_at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_buttons(self, before: datetime, limit: int) -> int:
        """Forget buttons that went stale before then."""
        return await self.run(
            """DELETE FROM button WHERE id IN (
                   SELECT id FROM button WHERE expires_at < :before ORDER BY expires_at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_shown(self, before: datetime, limit: int) -> int:
        """Forget which message of ours showed what before then."""
        return await self.run(
            """DELETE FROM shown WHERE (chat, message_id) IN (
                   SELECT chat, message_id FROM shown WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_notices(self, before: datetime, limit: int) -> int:
        """Forget what the desk was told before then, but for what somebody has yet to hear."""
        return await self._forget_notices(before, limit, waits=False)

    async def forget_kept_notices(self, before: datetime, limit: int) -> int:
        """Forget what was told before then, though somebody who never came back has yet to hear it."""
        return await self._forget_notices(before, limit, waits=True)

    async def _forget_notices(self, before: datetime, limit: int, *, waits: bool) -> int:
        """A trouble that lasts stays, or it would be told again."""
        troubles, kinds = each_of("kind", [code for code, kind in NEWS.items() if issubclass(kind, Trouble)])
        which = _WAITS if waits else f"NOT {_WAITS}"
        return await self.run(
            f"""DELETE FROM notice WHERE id IN (
                    SELECT id FROM notice WHERE told_at < :before AND (over_at IS NOT NULL OR kind NOT IN ({troubles}))
                        AND {which} ORDER BY told_at LIMIT :limit)""",  # noqa: S608 - ours
            {**kinds, "before": to_ms(before), "limit": limit},
        )

    async def forget_undelivered(self, before: datetime, limit: int) -> int:
        """Forget reports about messages that are in no page: answers, and what was sent too long ago."""
        return await self.run(
            """DELETE FROM undelivered WHERE (subscriber, token) IN (
                   SELECT subscriber, token FROM undelivered WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_guesses(self, before: datetime, limit: int) -> int:
        """Forget who sent a wrong code before then."""
        return await self.run(
            """DELETE FROM guess WHERE chat IN (
                   SELECT chat FROM guess WHERE since < :before ORDER BY since LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_readers(self, before: datetime, limit: int) -> int:
        """Forget readers who left before then: unsubscribed, blocked us, or can't be reached.

        Their numbers are given to nobody else, so the ledger's sums stay true and lead to nobody.
        """
        return await self.run(
            """DELETE FROM subscriber WHERE number IN (
                   SELECT number FROM subscriber WHERE state <> 'active' AND changed_at < :before
                   ORDER BY changed_at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )

    async def forget_message_ids(self, before: datetime, limit: int) -> int:
        """Forget under which ids readers have what was sent before then; a row is a page of readers."""
        dispatch_id = await self.value(
            """SELECT id FROM dispatch WHERE channel IS NULL AND ids_gone = 0 AND state IN ('done', 'stopped')
                   AND changed_at < :before ORDER BY changed_at LIMIT 1""",
            {"before": to_ms(before)},
        )
        if dispatch_id is None:
            return 0
        changed = await self.run(
            """UPDATE page SET ids = :none WHERE dispatch_id = :id AND number IN (
                   SELECT number FROM page WHERE dispatch_id = :id AND ids <> :none ORDER BY number LIMIT :limit)""",
            {"id": dispatch_id, "none": b"", "limit": limit},
        )
        if changed < limit:
            await self.run("UPDATE dispatch SET ids_gone = 1 WHERE id = :id", {"id": dispatch_id})
        return limit  # there may be another dispatch
