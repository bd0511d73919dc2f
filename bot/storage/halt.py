"""The halt: one switch that stops all sending."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction


class HaltQueries(Transaction):
    async def is_halted(self) -> bool:
        return await self.value("SELECT 1 FROM halted") is not None

    async def halt(self, by: Address | str, now: datetime) -> bool:
        """Halt: from this commit on nothing more is reserved. Return False if it was halted already."""
        changed = await self.run(
            "INSERT INTO halt (id, person, at) VALUES (1, :by, :at) ON CONFLICT (id) DO NOTHING",
            {"by": str(by), "at": to_ms(now)},
        )
        self.signal("halt")
        return changed > 0

    async def resume_request(self) -> tuple[int, datetime] | None:
        """Return the member who asked for the end of the halt, and when; None if nobody did."""
        row = await self.one("SELECT member_id, at FROM resume_request")
        return (row["member_id"], to_time(row["at"])) if row is not None else None

    async def ask_resume(self, member_id: int, now: datetime) -> None:
        await self.run(
            """INSERT INTO resume_request (id, member_id, at) VALUES (1, :member_id, :at)
               ON CONFLICT (id) DO UPDATE SET member_id = excluded.member_id, at = excluded.at""",
            {"member_id": member_id, "at": to_ms(now)},
        )

    async def drop_resume_request(self) -> bool:
        """Withdraw the request to resume; return False if there was none."""
        return await self.run("DELETE FROM resume_request") > 0

    async def end_halt(self) -> bool:
        """Resume: everything goes on where it stopped. Return False if it was not halted."""
        changed = await self.run("DELETE FROM halt")
        await self.drop_resume_request()
        for signal in ("queue", "dispatch"):
            self.signal(signal)
        return changed > 0
