"""Afterwords: who asked about an article that was changed since, and is still to hear of it."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.afterword import WITHIN, Afterword
from bot.domain.ledger import Position, unpack_states
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Transaction


class AfterwordQueries(Transaction):
    async def owe_afterwords(self, article_id: int, now: datetime) -> None:
        """Let everybody who asked about an article lately hear what became of it; a later change counts for both."""
        await self.run(
            """INSERT INTO afterword (chat, article_id, language, asked_at, heard_at, spoke_at, due_at)
               SELECT chat, article_id, max(language), max(at),
                   max(CASE WHEN told_at > at THEN told_at ELSE at END), max(at), CAST(:now AS BIGINT)
               FROM checked WHERE article_id = :id AND at > :since GROUP BY article_id, chat
               ON CONFLICT (chat, article_id) DO UPDATE SET asked_at = excluded.asked_at,
                   heard_at = excluded.heard_at, spoke_at = excluded.spoke_at, due_at = excluded.due_at""",
            {"id": article_id, "since": to_ms(now - WITHIN), "now": to_ms(now)},
        )
        self.signal("notice")

    async def due_afterwords(self, now: datetime, limit: int) -> list[Afterword]:
        rows = await self.all(
            """SELECT chat, article_id, language, asked_at, heard_at, spoke_at FROM afterword
               WHERE due_at IS NOT NULL AND due_at <= :now ORDER BY due_at LIMIT :limit""",
            {"now": to_ms(now), "limit": limit},
        )
        return [
            Afterword(
                to_address(row["chat"]),
                row["article_id"],
                row["language"],
                to_time(row["asked_at"]),
                to_time(row["heard_at"]),
                to_time(row["spoke_at"]),
            )
            for row in rows
        ]

    async def await_word(self, each: Afterword) -> None:
        """Let an afterword wait until its person speaks again."""
        await self.run(
            "UPDATE afterword SET due_at = NULL WHERE chat = :chat AND article_id = :article",
            {"chat": str(each.chat), "article": each.article},
        )

    async def spoke(self, chat: Address, said: datetime, now: datetime) -> None:
        """Let go out what waited for a word from this chat."""
        waited = await self.run(
            "UPDATE afterword SET due_at = :now, spoke_at = :said WHERE chat = :chat AND due_at IS NULL",
            {"chat": str(chat), "said": to_ms(said), "now": to_ms(now)},
        )
        if waited:
            self.signal("notice")

    async def end_afterword(self, each: Afterword) -> None:
        await self.run(
            "DELETE FROM afterword WHERE chat = :chat AND article_id = :article",
            {"chat": str(each.chat), "article": each.article},
        )

    async def heard_afterword(self, each: Afterword, now: datetime) -> None:
        """Note that somebody learns now how an article stands."""
        await self.run(
            "UPDATE checked SET told_at = :now WHERE article_id = :article AND chat = :chat",
            {"chat": str(each.chat), "article": each.article, "now": to_ms(now)},
        )

    async def is_told_as_holder(self, each: Afterword) -> bool:
        """True if this chat holds a copy whose holders were told of a change since."""
        rows = await self.all(
            """SELECT page.low, page.states, subscriber.number FROM subscriber
               JOIN dispatch AS notice ON notice.article_id = :article AND notice.kind = 'notice'
                   AND notice.channel IS NULL AND notice.platform = subscriber.platform AND notice.created_at >= :heard
               JOIN dispatch AS post ON post.id = notice.of
               JOIN page ON page.dispatch_id = post.id AND page.number = subscriber.number / post.page_size
               WHERE subscriber.platform = :platform AND subscriber.chat = :chat AND subscriber.state = 'active'""",
            {
                "article": each.article,
                "heard": to_ms(each.heard_at),
                "platform": each.chat.platform,
                "chat": each.chat.id,
            },
        )
        return any(_has(unpack_states(row["states"]), row["number"] - row["low"]) for row in rows)

    async def asked_about(self, chat: Address) -> int:
        """Count the articles that somebody's questions of the last days were about."""
        return int(
            await self.value(
                "SELECT count(DISTINCT article_id) FROM checked WHERE chat = :chat AND article_id > 0",
                {"chat": str(chat)},
            )
        )

    async def forget_checks_of(self, chat: Address) -> None:
        """Forget what somebody asked about, and what they were to hear of it."""
        for statement in ("DELETE FROM checked WHERE chat = :chat", "DELETE FROM afterword WHERE chat = :chat"):
            await self.run(statement, {"chat": str(chat)})

    async def forget_afterwords(self, before: datetime, limit: int) -> int:
        """Forget whose question is from before then; see `ForgettingQueries`."""
        return await self.run(
            """DELETE FROM afterword WHERE (chat, article_id) IN (
                   SELECT chat, article_id FROM afterword WHERE asked_at < :before ORDER BY asked_at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )


def _has(states: bytes, position: int) -> bool:
    return 0 <= position < len(states) and states[position] == Position.DELIVERED
