"""The process that worked on the database last, known by its flight recorder."""

from __future__ import annotations

from bot.storage.transaction import Transaction


class LeaderQueries(Transaction):
    async def take_lead(self, flight: str) -> str:
        """Note the flight recorder of whoever reserves from now on; return that of the one before, empty if unknown."""
        before = await self.value("SELECT flight FROM leader")
        await self.run(
            """INSERT INTO leader (one, flight) VALUES (1, :flight)
               ON CONFLICT (one) DO UPDATE SET flight = excluded.flight""",
            {"flight": flight},
        )
        return before or ""
