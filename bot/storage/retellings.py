"""Retellings: news that one chat is told by itself, at its time."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.entry import Retelling
from bot.domain.news import NEWS, News
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Transaction
from bot.storage.values import from_json, to_json


class RetellingQueries(Transaction):
    async def tell_later(self, chat: Address, news: News, due_at: datetime, *, since: datetime | None = None) -> None:
        """Tell this chat the news when it is due; `since`: unless its person is heard from then on, on whichever app.

        What it is told then is true then: the words are chosen at that time.
        """
        await self.run(
            """INSERT INTO retelling (chat, kind, args, due_at, since) VALUES (:chat, :kind, :args, :due, :since)""",
            {
                "chat": str(chat),
                "kind": news.code,
                "args": to_json(news),
                "due": to_ms(due_at),
                "since": None if since is None else to_ms(since),
            },
        )
        self.signal("notice")

    async def due_retellings(self, now: datetime) -> list[Retelling]:
        """Return what is due, in the order in which it happened."""
        rows = await self.all("SELECT * FROM retelling WHERE due_at <= :now ORDER BY due_at, id", {"now": to_ms(now)})
        return [
            Retelling(
                id=row["id"],
                chat=to_address(row["chat"]),
                news=from_json(NEWS, row["kind"], row["args"]),
                since=None if row["since"] is None else to_time(row["since"]),
            )
            for row in rows
        ]

    async def forget_retelling(self, retelling_id: int) -> None:
        await self.run("DELETE FROM retelling WHERE id = :id", {"id": retelling_id})
