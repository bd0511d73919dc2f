"""Events that the newsroom's own system is still to be told of."""

from __future__ import annotations

from datetime import datetime

from bot.domain.events import Event
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction

#: Events that are read at once.
AT_ONCE = 20


class EventQueries(Transaction):
    async def want_events(self, now: datetime) -> None:
        """Note events from now on."""
        await self.run(
            "INSERT INTO event_wish (since) SELECT :now WHERE NOT EXISTS (SELECT 1 FROM event_wish)",
            {"now": to_ms(now)},
        )

    async def want_no_events(self) -> None:
        """Note none any longer, and forget those that were not taken."""
        await self.run("DELETE FROM event_wish")
        await self.run("DELETE FROM event")

    async def events(self) -> list[Event]:
        """Return the events that are to be sent next, by their times."""
        rows = await self.all("SELECT * FROM event ORDER BY try_at, id LIMIT :most", {"most": AT_ONCE})
        return [
            Event(
                id=row["id"],
                kind=row["kind"],
                article=row["article_id"],
                version=row["version"],
                why=row["why"],
                at=to_time(row["at"]),
                attempts=row["attempts"],
                try_at=to_time(row["try_at"]),
            )
            for row in rows
        ]

    async def end_event(self, number: int) -> None:
        """Note that an event was taken, or given up."""
        await self.run("DELETE FROM event WHERE id = :id", {"id": number})

    async def put_off_event(self, number: int, until: datetime) -> None:
        """Note a failed attempt, and when the next one is due."""
        await self.run(
            "UPDATE event SET attempts = attempts + 1, try_at = :until WHERE id = :id",
            {"id": number, "until": to_ms(until)},
        )
