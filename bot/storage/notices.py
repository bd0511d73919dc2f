"""Notices: news for the desk, and the troubles that it hears of once while they last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.domain import Platform
from bot.domain.entry import Notice
from bot.domain.news import NEWS, SETTLED, TOLD_AGAIN, News, PlatformTrouble, Trouble
from bot.storage.convert import to_ms, to_time
from bot.storage.transaction import Row, Transaction
from bot.storage.values import from_json, to_json

#: A wait that becomes longer by less than this is not told again.
LONGER = timedelta(minutes=1)


class NoticeQueries(Transaction):
    async def tell_desk(self, key: str, news: News, now: datetime) -> bool:
        """Tell the desk once for as long as the trouble `key` lasts. Return False if it was told already.

        A wait is told again when it becomes longer than was told.
        """
        if await self._lengthens(key, news, now):
            return True
        if isinstance(news, Trouble) and news.comes_back:
            if await self._came_back(key):
                return False
            return await self._insert(key, news, now, tell_at=await self._next_telling(key))
        return await self._insert(key, news, now)

    async def _lengthens(self, key: str, news: News, now: datetime) -> bool:
        """Note the new end of a wait that lasts, and tell it. Return False if this is no wait, or as long as before."""
        if news.end_of_wait is None:
            return False
        row = await self.one("SELECT * FROM notice WHERE key = :key AND over_at IS NULL", {"key": key})
        before = from_json(NEWS, row["kind"], row["args"]) if row is not None else None
        if row is None or before is None or before.end_of_wait is None:
            return False
        if news.end_of_wait <= before.end_of_wait + LONGER.total_seconds():
            return False
        tell_at = row["tell_at"] if row["told_at"] is None else to_ms(retold_at(before.end_of_wait, news, now))
        await self.run(
            "UPDATE notice SET args = :args, told_at = NULL, tell_at = :tell_at, well_at = NULL WHERE id = :id",
            {"id": row["id"], "args": to_json(news), "tell_at": tell_at},
        )
        self.signal("notice")
        return True

    async def _insert(self, key: str, news: News, now: datetime, tell_at: datetime | None = None) -> bool:
        changed = await self.run(
            """INSERT INTO notice (key, kind, args, at, tell_at) VALUES (:key, :kind, :args, :now, :tell_at)
               ON CONFLICT (key) WHERE over_at IS NULL DO NOTHING""",
            {
                "key": key,
                "kind": news.code,
                "args": to_json(news),
                "now": to_ms(now),
                "tell_at": to_ms(tell_at) if tell_at is not None else 0,
            },
        )
        if changed:  # a duty that tells again what was told would wake itself for ever
            self.signal("notice")
        return changed > 0

    async def _came_back(self, key: str) -> bool:
        """Note that a trouble is there again which seemed to be over, or was and is not told. Return False if not."""
        changed = await self.run(
            """UPDATE notice SET well_at = NULL, over_at = NULL, times = times + 1
               WHERE key = :key AND (well_at IS NOT NULL AND over_at IS NULL
                                     OR over_at IS NOT NULL AND told_at IS NULL)""",
            {"key": key},
        )
        return changed > 0

    async def _next_telling(self, key: str) -> datetime | None:
        """Return when a trouble may be told again, None if it was never told."""
        ms = await self.value(
            "SELECT told_at FROM notice WHERE key = :key AND told_at IS NOT NULL ORDER BY id DESC LIMIT 1", {"key": key}
        )
        return to_time(ms) + TOLD_AGAIN if ms is not None else None

    async def announce(self, news: News, now: datetime) -> None:
        """Tell the desk news that is no lasting trouble: each time."""
        await self.run(
            "INSERT INTO notice (key, kind, args, at, over_at) VALUES (:kind, :kind, :args, :now, :now)",
            {"kind": news.code, "args": to_json(news), "now": to_ms(now)},
        )
        self.signal("notice")

    async def trouble_over(self, key: str, now: datetime) -> bool:
        """End a trouble at once, because somebody ended it."""
        changed = await self.run(
            "UPDATE notice SET over_at = :now WHERE key = :key AND over_at IS NULL", {"key": key, "now": to_ms(now)}
        )
        return changed > 0

    async def trouble_gone(self, key: str, now: datetime) -> bool:
        """Note that a trouble is not there now. It is over, and told to be, unless it comes back within a minute.

        Return False if there was none.
        """
        changed = await self.run(
            "UPDATE notice SET well_at = :now WHERE key = :key AND over_at IS NULL AND well_at IS NULL",
            {"key": key, "now": to_ms(now)},
        )
        if changed:
            self.signal("notice")
        return changed > 0

    async def end_troubles(self, now: datetime) -> None:
        """End the troubles that have been gone for long enough, and say so if the desk knew of them."""
        rows = await self.all(
            """SELECT id, kind, args, told_at FROM notice
               WHERE over_at IS NULL AND well_at IS NOT NULL AND well_at <= :before""",
            {"before": to_ms(now - SETTLED)},
        )
        for row in rows:
            await self.run("UPDATE notice SET over_at = :now WHERE id = :id", {"id": row["id"], "now": to_ms(now)})
            news = from_json(NEWS, row["kind"], row["args"])
            end = news.end if isinstance(news, Trouble) else None
            if end is not None and row["told_at"] is not None:
                await self.announce(end, now)

    async def platform_fails(self, trouble: PlatformTrouble, now: datetime) -> None:
        """Tell the desk of a platform's trouble, once until it is over."""
        await self.tell_desk(trouble.key, trouble, now)

    async def platform_works(self, platform: Platform, now: datetime) -> None:
        """Note that a platform answers."""
        await self.trouble_gone(f"platform:{platform}", now)

    async def way_in_is_blocked(self) -> None:
        """Let somebody look whom the platforms call instead of us."""
        self.signal("webhook")

    async def untold(self) -> list[Notice]:
        """Return all that the desk is to be told, also later."""
        rows = await self.all("SELECT * FROM notice WHERE told_at IS NULL ORDER BY id")
        return [to_notice(row) for row in rows]

    async def to_be_told(self, now: datetime) -> list[Notice]:
        """Return what the desk is to be told now. A trouble may be over by then."""
        rows = await self.all(
            "SELECT * FROM notice WHERE told_at IS NULL AND tell_at <= :now ORDER BY id", {"now": to_ms(now)}
        )
        return [to_notice(row) for row in rows]

    async def told(self, notice_id: int, now: datetime) -> None:
        await self.run("UPDATE notice SET told_at = :now WHERE id = :id", {"id": notice_id, "now": to_ms(now)})


def retold_at(told_end: float, news: News, now: datetime) -> datetime:
    """Return when the new end of a wait is told: now if what is left of it doubles, else at the end that was told.

    Waits that grow little by little are so told a few times, and nobody believes in an end that is past.
    """
    assert news.end_of_wait is not None
    left, was_left = news.end_of_wait - now.timestamp(), told_end - now.timestamp()
    return now if left >= 2 * was_left else datetime.fromtimestamp(told_end, UTC)


def to_notice(row: Row) -> Notice:
    news = from_json(NEWS, row["kind"], row["args"])
    if isinstance(news, Trouble) and news.comes_back:
        since = to_time(row["at"]).timestamp()
        news = replace(news, times=row["times"], since=since, is_over=row["over_at"] is not None)
    return Notice(row["id"], row["kind"], news)
