"""The inbox: updates that are kept before a platform is told that we have them."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Platform
from bot.domain.entry import Waiting
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction

#: Values of `lane`: the speaker.
_DESK, _PUBLIC = 0, 1


class InboxQueries(Transaction):
    async def receive(
        self, platform: Platform, key: str, body: bytes, now: datetime, *, chat: str = "", from_desk: bool = False
    ) -> None:
        """Keep an update before it is acknowledged; a repeated one changes nothing. The desk's are heard first, but
        never before what was said in the same `chat` and still waits."""
        if from_desk:
            await self._bring_forward(chat)
        await self.run(
            """INSERT INTO inbox (platform, key, body, received_at, lane, chat)
               VALUES (:platform, :key, :body, :now, :lane, :chat)
               ON CONFLICT (platform, key) DO NOTHING""",
            {
                "platform": platform,
                "key": key,
                "body": body,
                "now": to_ms(now),
                "lane": _DESK if from_desk else _PUBLIC,
                "chat": chat,
            },
        )
        self.signal("inbox")

    async def _bring_forward(self, chat: str) -> None:
        """Hear with the desk what waits of this chat. An update whose chat is not known may be of this one."""
        await self.run(
            "UPDATE inbox SET lane = 0 WHERE done_at IS NULL AND lane = 1 AND chat IN (:chat, '')", {"chat": chat}
        )

    async def waiting(self, limit: int) -> list[Waiting]:
        rows = await self.all(
            """SELECT id, platform, body, attempts, received_at, lane FROM inbox
               WHERE done_at IS NULL ORDER BY lane, id LIMIT :limit""",
            {"limit": limit},
        )
        return [
            Waiting(
                id=row["id"],
                platform=row["platform"],
                body=row["body"],
                attempts=row["attempts"],
                received_at=to_time(row["received_at"]),
                from_desk=row["lane"] == _DESK,
            )
            for row in rows
        ]

    async def has_unheard(self, until: datetime) -> bool:
        """Return True if something that somebody of the desk said by then was not handled yet."""
        found = await self.value(
            "SELECT 1 FROM inbox WHERE done_at IS NULL AND lane = 0 AND received_at <= :until LIMIT 1",
            {"until": to_ms(until)},
        )
        return found is not None

    async def last_heard(self) -> datetime | None:
        """Return when an update was handled last, None if never."""
        ms = await self.value("SELECT max(done_at) FROM inbox WHERE done_at IS NOT NULL")
        return to_time(ms) if ms is not None else None

    async def done(self, inbox_id: int, now: datetime) -> bool:
        """Mark as handled, in the transaction of what the handling does. False: somebody was faster."""
        changed = await self.run(
            "UPDATE inbox SET done_at = :now, body = :nothing, chat = '' WHERE id = :id AND done_at IS NULL",
            {"id": inbox_id, "now": to_ms(now), "nothing": b""},
        )
        return changed > 0

    async def failed(self, inbox_id: int, error: str, limit: int, now: datetime) -> bool:
        """Count a failure of the handler. Return True at the `limit`: it is given up, and its words are forgotten."""
        attempts = await self.value(
            """UPDATE inbox SET attempts = attempts + 1, error = :error,
                   done_at = CASE WHEN attempts + 1 >= :limit THEN CAST(:now AS BIGINT) END,
                   body = CASE WHEN attempts + 1 >= :limit THEN :nothing ELSE body END,
                   chat = CASE WHEN attempts + 1 >= :limit THEN '' ELSE chat END
               WHERE id = :id RETURNING attempts""",
            {"id": inbox_id, "error": error, "limit": limit, "now": to_ms(now), "nothing": b""},
        )
        return int(attempts) >= limit
