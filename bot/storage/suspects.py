"""Suspects: accounts that look like the newsroom's own, which readers asked about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import Platform
from bot.domain.official import Account
from bot.storage.convert import to_ms
from bot.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Suspect:
    """An account that looks like the one of ours that is called `ours`. `asked`: the questions about it."""

    account: Account
    ours: str
    asked: int


class SuspectQueries(Transaction):
    async def suspect(self, seen: Account, ours: str, now: datetime) -> int:
        """Count a question about an account that looks like ours; return how many there were."""
        return int(
            await self.value(
                """INSERT INTO suspect (platform, id, name, title, ours, asked, at)
                   VALUES (:platform, :id, :name, :title, :ours, 1, :now)
                   ON CONFLICT (platform, id) DO UPDATE SET name = excluded.name, title = excluded.title,
                       ours = excluded.ours, asked = suspect.asked + 1, at = excluded.at
                   RETURNING asked""",
                {
                    "platform": seen.platform,
                    "id": seen.id or f"@{seen.name.casefold()}",
                    "name": seen.name,
                    "title": seen.title,
                    "ours": ours,
                    "now": to_ms(now),
                },
            )
        )

    async def suspected(self, platform: Platform, account_id: str) -> Suspect | None:
        """Return what is known of a suspect by its number, or by @ and its name."""
        row = await self.one(
            "SELECT id, name, title, ours, asked FROM suspect WHERE platform = :platform AND id = :id",
            {"platform": platform, "id": account_id},
        )
        if row is None:
            return None
        number = "" if row["id"].startswith("@") else row["id"]
        return Suspect(Account(platform, number, row["name"], row["title"]), row["ours"], row["asked"])

    async def forget_suspects(self, before: datetime, limit: int) -> int:
        """Forget whom nobody asked about since then; see `ForgettingQueries`."""
        return await self.run(
            """DELETE FROM suspect WHERE (platform, id) IN (
                   SELECT platform, id FROM suspect WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )
