"""Attention: what each member chose to hear, who has a hand in an article, and what somebody hears later."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.domain.attention import Heed, Wish
from bot.domain.entry import Notice
from bot.storage.convert import to_ms, to_time
from bot.storage.notices import to_notice
from bot.storage.transaction import Row, Transaction


class AttentionQueries(Transaction):
    async def heeds(self) -> dict[int, Heed]:
        """Return what each member chose to hear, by their number, in one statement."""
        return {row["member_id"]: _heed(row) for row in await self.all("SELECT * FROM heed")}

    async def heed(self, member_id: int) -> Heed:
        """Return what a member chose to hear."""
        row = await self.one("SELECT * FROM heed WHERE member_id = :id", {"id": member_id})
        return _heed(row) if row is not None else Heed()

    async def set_heed(self, member_id: int, heed: Heed, digest_at: datetime | None) -> None:
        """Keep a member's choice, and when their next digest is due."""
        await self.run(
            """INSERT INTO heed (member_id, hours, muted_from, muted_until, wish, digest_at)
               VALUES (:id, :hours, :muted_from, :muted_until, :wish, :digest_at)
               ON CONFLICT (member_id) DO UPDATE SET hours = excluded.hours, muted_from = excluded.muted_from,
                   muted_until = excluded.muted_until, wish = excluded.wish, digest_at = excluded.digest_at""",
            {
                "id": member_id,
                "hours": heed.hours,
                "muted_from": heed.muted_from and to_ms(heed.muted_from),
                "muted_until": heed.muted_until and to_ms(heed.muted_until),
                "wish": heed.wish,
                "digest_at": digest_at and to_ms(digest_at),
            },
        )
        self.signal("queue")

    async def due_digests(self, now: datetime) -> dict[int, bool]:
        """Return the members who are due for a digest; False for those whose time nobody has looked up yet."""
        rows = await self.all(
            "SELECT member_id, digest_at FROM heed WHERE digest_at <= :now ORDER BY member_id", {"now": to_ms(now)}
        )
        return {row["member_id"]: row["digest_at"] > 0 for row in rows}

    async def set_digest(self, member_id: int, at: datetime | None) -> None:
        """Set the time of a member's next digest; None: there is none."""
        await self.run(
            "UPDATE heed SET digest_at = :at WHERE member_id = :id", {"id": member_id, "at": at and to_ms(at)}
        )
        self.signal("queue")

    async def hands(self, article_id: int) -> list[tuple[str, str]]:
        """Return who did what with an article, as the log names them, and who was asked, in one statement."""
        rows = await self.all(
            """SELECT actor, act FROM audit WHERE subject = :subject AND subject <> ''
               UNION ALL SELECT CASE WHEN author_member IS NULL THEN author ELSE 'person:' || author_member END,
                   'article.drafted' FROM version WHERE article_id = :id
               UNION ALL SELECT 'person:' || member_id, 'article.asked' FROM asked WHERE article_id = :id""",
            {"id": article_id, "subject": f"article:{article_id}"},
        )
        return list(dict.fromkeys((row["actor"], row["act"]) for row in rows))

    async def keep_asked(self, article_id: int, members: Collection[int], now: datetime) -> None:
        """Remember who was asked about an article."""
        await self.many(
            """INSERT INTO asked (article_id, member_id, at) VALUES (:article, :member, :now)
               ON CONFLICT (article_id, member_id) DO UPDATE SET at = excluded.at""",
            [{"article": article_id, "member": each, "now": to_ms(now)} for each in sorted(members)],
        )

    async def postponed(self, review_id: int) -> frozenset[int]:
        """Return the members who are asked again at a time of their own."""
        rows = await self.all(
            "SELECT member_id FROM reading WHERE review_id = :review AND ask_again_at IS NOT NULL",
            {"review": review_id},
        )
        return frozenset(row["member_id"] for row in rows)

    async def put_off(self, notice_id: int, members: Collection[int], at: datetime | None) -> None:
        """Let these members hear a piece of news later; None: when they are back."""
        await self.many(
            """INSERT INTO put_off (notice_id, member_id, at) VALUES (:notice, :member, :at)
               ON CONFLICT (notice_id, member_id) DO UPDATE SET at = excluded.at""",
            [{"notice": notice_id, "member": each, "at": at and to_ms(at)} for each in sorted(members)],
        )
        self.signal("queue")

    async def take_put_off(self, now: datetime) -> list[tuple[Notice, int]]:
        """Return the news that members are to hear now, each with the member, and let go of it."""
        rows = await self.all(
            """SELECT notice.*, put_off.member_id FROM put_off JOIN notice ON notice.id = put_off.notice_id
               WHERE put_off.at <= :now ORDER BY put_off.at""",
            {"now": to_ms(now)},
        )
        await self.run("DELETE FROM put_off WHERE at <= :now", {"now": to_ms(now)})
        return [(to_notice(row), row["member_id"]) for row in rows]

    async def take_kept_for(self, member_id: int) -> list[Notice]:
        """Return the news that was kept until a member is back, and let go of it."""
        rows = await self.all(
            """SELECT notice.* FROM put_off JOIN notice ON notice.id = put_off.notice_id
               WHERE put_off.member_id = :id AND put_off.at IS NULL ORDER BY put_off.notice_id""",
            {"id": member_id},
        )
        await self.run("DELETE FROM put_off WHERE member_id = :id AND at IS NULL", {"id": member_id})
        return [to_notice(row) for row in rows]


def _heed(row: Row) -> Heed:
    return Heed(
        hours=row["hours"],
        muted_from=to_time(row["muted_from"]) if row["muted_from"] is not None else None,
        muted_until=to_time(row["muted_until"]) if row["muted_until"] is not None else None,
        wish=Wish(row["wish"]),
    )
