"""The one switch that stops every sending."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.storage.convert import to_ms
from bot.storage.database import Transaction


class HaltQueries(Transaction):
    async def is_halted(self) -> bool:
        return await self.value("SELECT 1 FROM halt") is not None

    async def halt(self, person: Address, now: datetime) -> bool:
        """From this commit on nothing more is reserved. False when it was halted already."""
        changed = await self.run(
            "INSERT INTO halt (id, person, at) VALUES (1, :person, :at) ON CONFLICT (id) DO NOTHING",
            {"person": str(person), "at": to_ms(now)},
        )
        return changed > 0

    async def end_halt(self) -> bool:
        """Everything goes on where it stopped. False when it was not halted."""
        changed = await self.run("DELETE FROM halt")
        for signal in ("queue", "dispatch"):
            self.signal(signal)
        return changed > 0
