"""Patience: what somebody of the desk got and did not answer, and what they were spared."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from bot.domain import Address, Platform
from bot.domain.entry import Owed
from bot.domain.news import Unsaid
from bot.domain.patience import HOUR, Urge
from bot.storage.convert import to_ms, to_time
from bot.storage.retellings import RetellingQueries


class PatienceQueries(RetellingQueries):
    async def count_unanswered(self, chat: Address, messages: int, now: datetime) -> None:
        """Count messages that left to somebody, and forget those of more than an hour ago."""
        where = {"platform": chat.platform, "chat": chat.id}
        await self.run(
            "DELETE FROM unanswered WHERE platform = :platform AND chat = :chat AND at <= :before",
            {**where, "before": to_ms(now - HOUR)},
        )
        await self.many(
            "INSERT INTO unanswered (platform, chat, at) VALUES (:platform, :chat, :now)",
            [{**where, "now": to_ms(now)}] * messages,
        )

    async def unanswered(self, platform: Platform, now: datetime) -> dict[str, list[datetime]]:
        """Return by chat when the messages of the last hour left that nobody has answered, the earliest first."""
        rows = await self.all(
            "SELECT chat, at FROM unanswered WHERE platform = :platform ORDER BY platform, chat, at",
            {"platform": platform},
        )
        found: defaultdict[str, list[datetime]] = defaultdict(list)
        for row in rows:
            if (at := to_time(row["at"])) > now - HOUR:
                found[row["chat"]].append(at)
        return dict(found)

    async def answered(self, chat: Address, said: datetime, now: datetime) -> None:
        """Note that this person spoke at the instant `said`: what left until then is answered, and nothing waits."""
        where = {"platform": chat.platform, "chat": chat.id}
        changed = await self.run(
            "DELETE FROM unanswered WHERE platform = :platform AND chat = :chat AND at <= :said",
            {**where, "said": to_ms(said)},
        )
        if not changed:
            return
        if await self.run("DELETE FROM unsaid WHERE platform = :platform AND chat = :chat", where):
            await self._drop_news(where)  # it is old by now, and they know that there was more
        await self.run(
            """UPDATE reply SET not_before = :now WHERE platform = :platform AND chat = :chat AND started_at IS NULL
               AND not_before > :now""",
            {**where, "now": to_ms(now)},
        )
        self.signal("reply")

    async def spare(self, reply: Owed, now: datetime) -> None:
        """Spare somebody the news that waits for them; they are told once an hour how much that is."""
        where = {"platform": reply.chat.platform, "chat": reply.chat.id}
        spared = await self._drop_news(where)
        told = await self.value("SELECT told_at FROM unsaid WHERE platform = :platform AND chat = :chat", where)
        is_due = told is None or to_time(told) <= now - HOUR
        await self.run(
            """INSERT INTO unsaid (platform, chat, messages, told_at) VALUES (:platform, :chat, :spared, :told)
               ON CONFLICT (platform, chat) DO UPDATE SET
                   messages = unsaid.messages + excluded.messages, told_at = excluded.told_at""",
            {**where, "spared": spared, "told": to_ms(now) if is_due else told},
        )
        if is_due:
            await self.tell_later(reply.chat, Unsaid(), now)
        self.signal("reply")

    async def _drop_news(self, where: dict[str, str]) -> int:
        return await self.run(
            "DELETE FROM reply WHERE platform = :platform AND chat = :chat AND urge = :news AND started_at IS NULL",
            {**where, "news": Urge.NEWS},
        )

    async def unsaid(self, chat: Address) -> int:
        """Return how many messages this person was spared since their last word."""
        found = await self.value(
            "SELECT messages FROM unsaid WHERE platform = :platform AND chat = :chat",
            {"platform": chat.platform, "chat": chat.id},
        )
        return int(found or 0)
