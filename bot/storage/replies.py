"""Replies: what we owe people's chats, in each chat's order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain import Address, Platform
from bot.domain.entry import Owed, Reply
from bot.storage.convert import to_ms
from bot.storage.transaction import Row, Transaction

#: Values of `lane`: the owner of the chat.
_DESK, _PUBLIC = 0, 1


class ReplyQueries(Transaction):
    async def owe(self, reply: Reply, now: datetime) -> None:
        """Keep a reply that goes out after this commit, also over a restart."""
        if reply.name:
            await self.run(
                """DELETE FROM reply WHERE platform = :platform AND chat = :chat AND name = :name
                   AND started_at IS NULL""",
                {"platform": reply.chat.platform, "chat": reply.chat.id, "name": reply.name},
            )
        await self.run(
            """INSERT INTO reply (platform, chat, body, created_at, not_before, name, thread, about, lane, must_arrive)
               VALUES (:platform, :chat, :body, :now, :now, :name, :thread, :about, :lane, :must_arrive)""",
            {
                "platform": reply.chat.platform,
                "chat": reply.chat.id,
                "body": reply.body,
                "now": to_ms(now),
                "name": reply.name,
                "thread": reply.thread,
                "about": reply.about,
                "lane": _DESK if reply.for_desk else _PUBLIC,
                "must_arrive": reply.must_arrive,
            },
        )
        self.signal("reply")

    async def owed(self, platform: Platform, now: datetime, limit: int) -> list[Owed]:
        """The next reply of each chat, unless it is under way or must wait; the desk's before the public's.

        A chat's answers keep their order, and so does what it must learn; answers go first, because somebody waits for
        them. However many wait, no more are looked at than are taken.
        """
        rows = await self.all(
            """SELECT id, chat, body, thread, about, lane, must_arrive FROM reply AS owed
               WHERE platform = :platform AND started_at IS NULL AND not_before <= :now
                   AND NOT EXISTS (SELECT 1 FROM reply AS earlier WHERE earlier.platform = owed.platform
                                   AND earlier.chat = owed.chat AND earlier.id <> owed.id
                                   AND (earlier.started_at IS NOT NULL OR earlier.must_arrive < owed.must_arrive
                                        OR (earlier.must_arrive = owed.must_arrive AND earlier.id < owed.id)))
               ORDER BY lane, id LIMIT :limit""",
            {"platform": platform, "now": to_ms(now), "limit": limit},
        )
        return [_owed(platform, row) for row in rows]

    async def owes(self, platform: Platform) -> bool:
        """Return True if a reply waits, due or postponed."""
        sql = "SELECT 1 FROM reply WHERE platform = :platform AND started_at IS NULL LIMIT 1"
        return bool(await self.value(sql, {"platform": platform}))

    async def start_replies(self, ids: Sequence[int], now: datetime) -> None:
        await self.many(
            "UPDATE reply SET started_at = :now WHERE id = :id", [{"id": i, "now": to_ms(now)} for i in ids]
        )

    async def postpone_reply(self, reply_id: int, until: datetime) -> None:
        await self.run(
            "UPDATE reply SET started_at = NULL, not_before = :until WHERE id = :id",
            {"id": reply_id, "until": to_ms(until)},
        )

    async def forget_waits(self, platform: Platform, now: datetime) -> None:
        """Let nothing of this platform wait for a time any longer, after a restart."""
        await self.run(
            "UPDATE reply SET not_before = :now WHERE platform = :platform AND not_before > :now",
            {"platform": platform, "now": to_ms(now)},
        )

    async def hasten_replies(self, chat: Address, now: datetime) -> None:
        """Let nothing of this chat wait for a time any longer."""
        await self.run(
            """UPDATE reply SET not_before = :now
               WHERE platform = :platform AND chat = :chat AND started_at IS NULL AND not_before > :now""",
            {"platform": chat.platform, "chat": chat.id, "now": to_ms(now)},
        )
        self.signal("reply")

    async def drop_reply(self, reply_id: int) -> None:
        await self.run("DELETE FROM reply WHERE id = :id", {"id": reply_id})

    async def drop_started_replies(self) -> None:
        """Drop, after a restart, replies that may have arrived: an answer can be asked for again.

        What must arrive is said once more, with the same buttons.
        """
        await self.run("UPDATE reply SET started_at = NULL WHERE started_at IS NOT NULL AND must_arrive = 1")
        await self.run("DELETE FROM reply WHERE started_at IS NOT NULL")


def _owed(platform: Platform, row: Row) -> Owed:
    return Owed(
        id=row["id"],
        chat=Address(platform, row["chat"]),
        body=row["body"],
        thread=row["thread"],
        about=row["about"],
        for_desk=row["lane"] == _DESK,
        must_arrive=bool(row["must_arrive"]),
    )
