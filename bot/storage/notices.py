"""Notices: news for the desk, and the troubles that it hears of once while they last."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Platform
from bot.domain.entry import Notice
from bot.domain.news import NEWS, News, PlatformBack, PlatformTrouble
from bot.storage.convert import to_ms
from bot.storage.transaction import Transaction
from bot.storage.values import from_json, to_json


class NoticeQueries(Transaction):
    async def tell_desk(self, key: str, news: News, now: datetime) -> bool:
        """Tell the desk once for as long as the trouble `key` lasts. Return False if it was told already."""
        changed = await self.run(
            """INSERT INTO notice (key, kind, args, at) VALUES (:key, :kind, :args, :now)
               ON CONFLICT (key) WHERE over_at IS NULL DO NOTHING""",
            {"key": key, "kind": news.code, "args": to_json(news), "now": to_ms(now)},
        )
        if changed:  # a duty that tells again what was told would wake itself for ever
            self.signal("notice")
        return changed > 0

    async def announce(self, news: News, now: datetime) -> None:
        """Tell the desk news that is no lasting trouble: each time."""
        await self.run(
            "INSERT INTO notice (key, kind, args, at, over_at) VALUES (:kind, :kind, :args, :now, :now)",
            {"kind": news.code, "args": to_json(news), "now": to_ms(now)},
        )
        self.signal("notice")

    async def trouble_over(self, key: str, now: datetime) -> bool:
        changed = await self.run(
            "UPDATE notice SET over_at = :now WHERE key = :key AND over_at IS NULL", {"key": key, "now": to_ms(now)}
        )
        return changed > 0

    async def platform_fails(self, trouble: PlatformTrouble, now: datetime) -> None:
        """Tell the desk of a platform's trouble, once until `platform_works`."""
        await self.tell_desk(f"platform:{trouble.platform}", trouble, now)

    async def platform_works(self, platform: Platform, now: datetime) -> None:
        """End a trouble that the desk was told of, and tell it so; without one, do nothing."""
        key = f"platform:{platform}"
        if await self.trouble_over(key, now):
            await self.announce(PlatformBack(platform), now)

    async def untold(self) -> list[Notice]:
        rows = await self.all("SELECT id, kind, args FROM notice WHERE told_at IS NULL ORDER BY id")
        return [Notice(row["id"], row["kind"], from_json(NEWS, row["kind"], row["args"])) for row in rows]

    async def told(self, notice_id: int, now: datetime) -> None:
        await self.run("UPDATE notice SET told_at = :now WHERE id = :id", {"id": notice_id, "now": to_ms(now)})
