"""Articles that a chat was shown whole, in which version."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from bot.domain import Address
from bot.domain.seen import Seen
from bot.storage.convert import each_of, to_ms, to_time
from bot.storage.transaction import Transaction


class SeenQueries(Transaction):
    async def keep_seen(self, chat: Address, article_id: int, seen: Seen, now: datetime) -> None:
        """Record that the article as it was asked about has arrived in this chat; the latest counts."""
        await self.run(
            """INSERT INTO seen (article_id, chat, version, due_at, outlets, at)
               VALUES (:article, :chat, :version, :due_at, :outlets, :now)
               ON CONFLICT (article_id, chat) DO UPDATE SET version = excluded.version, due_at = excluded.due_at,
                   outlets = excluded.outlets, at = excluded.at""",
            {
                "article": article_id,
                "chat": str(chat),
                "version": seen.version,
                "due_at": None if seen.due_at is None else to_ms(seen.due_at),
                "outlets": json.dumps(seen.outlets),
                "now": to_ms(now),
            },
        )

    async def seen(self, chats: Collection[Address], article_id: int, said: datetime) -> Seen | None:
        """Return what was shown last of the article in one of these chats, no later than `said`; None: nothing was."""
        among, named = each_of("chat", chats)
        row = await self.one(
            f"""SELECT version, due_at, outlets FROM seen
                WHERE article_id = :article AND chat IN ({among}) AND at <= :said
                ORDER BY at DESC LIMIT 1""",  # noqa: S608 - names of parameters
            {"article": article_id, "said": to_ms(said), **named},
        )
        if row is None:
            return None
        due_at = None if row["due_at"] is None else to_time(row["due_at"])
        return Seen(row["version"], due_at, tuple(json.loads(row["outlets"])))

    async def forget_seen(self, before: datetime, limit: int) -> int:
        """Forget what was shown whole before then: who is asked about that article again sees all of it."""
        return await self.run(
            """DELETE FROM seen WHERE (article_id, chat) IN (
                   SELECT article_id, chat FROM seen WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )
