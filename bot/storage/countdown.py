"""Countdowns: articles that go out in a moment unless somebody stops them, and the messages that show them."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import Entry, EntryState
from bot.storage.convert import readable, to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction


class CountdownQueries(Transaction):
    async def begin_countdown(
        self, entry: Entry, person: Address, chat: Address, ends_at: datetime, now: datetime
    ) -> None:
        """Begin the countdown of an article that moves to `counting` in the same transaction."""
        await self.run(
            """INSERT INTO countdown (article_id, person, publisher, chat, was, was_due_at, begun_at, ends_at, tick_at)
               VALUES (:id, :person, (SELECT member_id FROM identity WHERE address = :person), :chat, :was, :was_due_at,
                   :now, :ends_at, :now)
               ON CONFLICT (article_id) DO UPDATE SET person = excluded.person, publisher = excluded.publisher,
                   chat = excluded.chat,
                   was = excluded.was, was_due_at = excluded.was_due_at, begun_at = excluded.begun_at,
                   ends_at = excluded.ends_at, tick_at = excluded.tick_at, ended = NULL, ended_by = NULL""",
            {
                "id": entry.id,
                "person": str(person),
                "chat": str(chat),
                "was": entry.state,
                "was_due_at": entry.due_at and to_ms(entry.due_at),
                "now": to_ms(now),
                "ends_at": to_ms(ends_at),
            },
        )
        self.signal("queue")

    async def countdowns(self) -> list[Countdown]:
        """Return the countdowns that run."""
        return readable(await self.all("SELECT * FROM countdown WHERE ended IS NULL"), to_countdown)

    async def due_ticks(self, now: datetime) -> list[Countdown]:
        """Return the countdowns whose message is due to be redrawn; ended ones once more, for the last time."""
        rows = await self.all("SELECT * FROM countdown WHERE tick_at <= :now ORDER BY article_id", {"now": to_ms(now)})
        return readable(rows, to_countdown)

    async def tick_again(self, article_id: int, at: datetime) -> None:
        await self.run("UPDATE countdown SET tick_at = :at WHERE article_id = :id", {"id": article_id, "at": to_ms(at)})
        self.signal("queue")

    async def end_countdown(self, article_id: int, ended: Ended, by: str, now: datetime) -> None:
        """End the countdown of an article. Nothing happens if none runs."""
        await self.run(
            """UPDATE countdown SET ended = :ended, ended_by = :by, tick_at = :now
               WHERE article_id = :id AND ended IS NULL""",
            {"id": article_id, "ended": ended, "by": by, "now": to_ms(now)},
        )
        self.signal("queue")

    async def forget_countdown(self, article_id: int) -> None:
        """Forget a countdown after everybody was told how it ended."""
        await self.run("DELETE FROM countdown WHERE article_id = :id", {"id": article_id})


def to_countdown(row: Row) -> Countdown:
    return Countdown(
        article_id=row["article_id"],
        person=to_address(row["person"]),
        chat=to_address(row["chat"]),
        was=EntryState(row["was"]),
        was_due_at=to_time(row["was_due_at"]) if row["was_due_at"] is not None else None,
        begun_at=to_time(row["begun_at"]),
        ends_at=to_time(row["ends_at"]),
        ended=Ended(row["ended"]) if row["ended"] is not None else None,
        ended_by=row["ended_by"] or "",
        is_new=row["tick_at"] == row["begun_at"],
        publisher=row["publisher"],
    )
