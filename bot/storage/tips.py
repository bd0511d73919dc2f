"""Tips of readers: offered to be passed on to the desk, passed on, and blocked."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Platform
from bot.domain.tips import ALL_WITHIN, EACH_WITHIN, OFFERED, Tip, Told
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Transaction


class TipQueries(Transaction):
    async def offer_tip(self, reader: str, platform: Platform, text: str, now: datetime) -> int:
        """Keep a message until its reader says whether it goes to the desk; return its number."""
        number = int(
            await self.value(
                "INSERT INTO tip (reader, platform, text, at) VALUES (:reader, :platform, :text, :now) RETURNING id",
                {"reader": reader, "platform": platform, "text": text, "now": to_ms(now)},
            )
        )
        await self.run(
            """DELETE FROM tip WHERE sent_at IS NULL AND id IN (
                   SELECT id FROM tip WHERE reader = :reader ORDER BY id DESC LIMIT 100 OFFSET :most)""",
            {"reader": reader, "most": OFFERED},
        )
        return number

    async def tip(self, number: int) -> Tip | None:
        row = await self.one("SELECT * FROM tip WHERE id = :id", {"id": number})
        if row is None:
            return None
        sent, told = (to_time(ms) if ms is not None else None for ms in (row["sent_at"], row["told_at"]))
        return Tip(row["id"], row["reader"], Platform(row["platform"]), row["text"], row["name"], sent, told)

    async def tips_told(self, reader: str, now: datetime) -> Told:
        """Return what was passed on lately, by this reader and by all."""
        row = await self.one(
            """SELECT (SELECT count(*) FROM tip WHERE reader = :reader AND sent_at > :day) AS own,
                   (SELECT count(*) FROM tip WHERE sent_at > :hour) AS everybody""",
            {"reader": reader, "day": to_ms(now - EACH_WITHIN), "hour": to_ms(now - ALL_WITHIN)},
        )
        assert row is not None
        return Told(row["own"], row["everybody"], await self.is_blocked(reader))

    async def send_tip(self, number: int, name: str, now: datetime) -> None:
        """Note that a tip goes to the desk; `name` is empty if the reader gives none."""
        await self.run(
            "UPDATE tip SET name = :name, sent_at = :now WHERE id = :id",
            {"id": number, "name": name, "now": to_ms(now)},
        )

    async def tip_was_told(self, number: int, now: datetime) -> None:
        await self.run(
            "UPDATE tip SET told_at = :now WHERE id = :id AND told_at IS NULL", {"id": number, "now": to_ms(now)}
        )

    async def count_tips(self, reader: str) -> int:
        """Count what is kept of this reader's words."""
        return int(await self.value("SELECT count(*) FROM tip WHERE reader = :reader", {"reader": reader}))

    async def forget_tips_of(self, reader: str) -> None:
        await self.run("DELETE FROM tip WHERE reader = :reader", {"reader": reader})

    async def forget_tips(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` tips from before then; return how many."""
        return await self.run(
            "DELETE FROM tip WHERE id IN (SELECT id FROM tip WHERE at < :before ORDER BY at LIMIT :limit)",
            {"before": to_ms(before), "limit": limit},
        )

    async def is_blocked(self, reader: str) -> bool:
        """True if nothing of this reader's is passed on."""
        return await self.value("SELECT 1 FROM tip_block WHERE reader = :reader", {"reader": reader}) is not None

    async def block_tips(self, reader: str, now: datetime) -> None:
        await self.run(
            "INSERT INTO tip_block (reader, at) VALUES (:reader, :now) ON CONFLICT (reader) DO NOTHING",
            {"reader": reader, "now": to_ms(now)},
        )

    async def unblock_tips(self, reader: str) -> None:
        await self.run("DELETE FROM tip_block WHERE reader = :reader", {"reader": reader})
