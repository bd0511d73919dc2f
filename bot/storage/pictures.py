"""Pictures and films that are kept by their bytes, while an article needs them."""

from __future__ import annotations

from datetime import datetime

from bot.domain.picture import Found, digest_of, still_of
from bot.storage.convert import to_ms
from bot.storage.transaction import Transaction

_NEEDED = """SELECT 1 FROM picture_use AS u JOIN article AS a ON a.id = u.article_id
    WHERE u.digest = p.digest
        AND (a.changed_at >= :before OR a.state IN ('counting', 'queued', 'held', 'submitted', 'draft'))"""


class PictureQueries(Transaction):
    async def keep_picture(self, url: str, content: bytes, form: str, now: datetime) -> None:
        """Keep what stood at `url`."""
        digest = digest_of(content)
        await self.run(
            """INSERT INTO picture (digest, form, size, content, at) VALUES (:digest, :form, :size, :content, :now)
               ON CONFLICT (digest) DO UPDATE SET at = excluded.at""",
            {"digest": digest, "form": form, "size": len(content), "content": content, "now": to_ms(now)},
        )
        await self._note_address(url, digest, "", now)

    # How they look

    async def keep_looks(self, digest: str, looks: bytes) -> None:
        """Keep how a picture looks, as `bot/domain/likeness.py` packs it."""
        await self.run(
            "INSERT INTO picture_look (digest, looks) VALUES (:digest, :looks) ON CONFLICT (digest) DO NOTHING",
            {"digest": digest, "looks": looks},
        )

    async def let_picture_be_found(self, digest: str, article_id: int, now: datetime) -> None:
        """Note that a picture went out with an article: from then on readers' pictures are compared with it."""
        await self.run(
            """INSERT INTO picture_out (digest, article_id, at) VALUES (:digest, :id, :now)
               ON CONFLICT (digest, article_id) DO NOTHING""",
            {"digest": digest, "id": article_id, "now": to_ms(now)},
        )

    async def published_looks(self, most: int) -> list[tuple[int, bytes]]:
        """Return the articles with the latest pictures that went out, and how each picture looks, the newest first."""
        rows = await self.all(
            """SELECT o.article_id, l.looks FROM picture_out AS o JOIN picture_look AS l ON l.digest = o.digest
               ORDER BY o.at DESC LIMIT :most""",
            {"most": most},
        )
        return [(row["article_id"], bytes(row["looks"])) for row in rows]

    async def note_asked_look(self, place: str, looks: bytes, now: datetime, before: datetime) -> None:
        """Note how a picture looks that somebody asks about, and forget what was asked before then."""
        await self.run("DELETE FROM picture_asked WHERE at < :before", {"before": to_ms(before)})
        await self.run(
            """INSERT INTO picture_asked (place, looks, at) VALUES (:place, :looks, :now)
               ON CONFLICT (place) DO UPDATE SET looks = excluded.looks, at = excluded.at""",
            {"place": place, "looks": looks, "now": to_ms(now)},
        )

    async def looks_at(self, place: str) -> bytes:
        """Return how a picture at an address looks that somebody asks about, or that is kept; empty: not known."""
        asked = await self.value("SELECT looks FROM picture_asked WHERE place = :place", {"place": place})
        kept = """SELECT l.looks FROM picture_address AS a JOIN picture_look AS l ON l.digest = a.digest
                  WHERE a.url = :place"""
        return bytes(asked or await self.value(kept, {"place": place}) or b"")

    async def size_of_pictures(self) -> int:
        """Return the bytes that all kept pictures take together."""
        return int(await self.value("SELECT coalesce(sum(size), 0) FROM picture") or 0)

    async def no_picture(self, url: str, reason: str, now: datetime) -> None:
        """Note why nothing of `url` is kept."""
        await self._note_address(url, None, reason, now)

    async def _note_address(self, url: str, digest: str | None, reason: str, now: datetime) -> None:
        await self.run(
            """INSERT INTO picture_address (url, digest, reason, at) VALUES (:url, :digest, :reason, :now)
               ON CONFLICT (url) DO UPDATE
               SET digest = excluded.digest, reason = excluded.reason, at = excluded.at""",
            {"url": url, "digest": digest, "reason": reason, "now": to_ms(now)},
        )

    async def found_at(self, url: str, since: datetime) -> Found | None:
        """Return what stood at `url` when it was looked at last; None if that was before `since`, or never."""
        row = await self.one(
            """SELECT a.digest, a.reason, p.form, p.size FROM picture_address AS a
                   LEFT JOIN picture AS p ON p.digest = a.digest
               WHERE a.url = :url AND a.at >= :since""",
            {"url": url, "since": to_ms(since)},
        )
        if row is None:
            return None
        if not row["form"]:
            return Found(reason=row["reason"])
        still = await self._still(row["digest"]) if row["form"] == "gif" else ""
        return Found(row["digest"], row["form"], row["size"], still=still)

    async def _still(self, digest: str) -> str:
        sql = "SELECT digest FROM picture_address WHERE url = :url"
        return str(await self.value(sql, {"url": still_of(digest)}) or "")

    async def use_picture(self, article_id: int, digest: str) -> None:
        """Note that an article needs a picture."""
        await self.run(
            "INSERT INTO picture_use (digest, article_id) VALUES (:digest, :id) ON CONFLICT DO NOTHING",
            {"digest": digest, "id": article_id},
        )

    async def picture(self, digest: str) -> bytes | None:
        """Return the bytes of this digest; None if they are gone, or are others than were kept."""
        content = await self.value("SELECT content FROM picture WHERE digest = :digest", {"digest": digest})
        return bytes(content) if content is not None and digest_of(content) == digest else None

    async def picture_file(self, digest: str, bot: str) -> str:
        """Return the name under which the platform of `bot` holds a picture; empty if it was not uploaded yet."""
        sql = "SELECT file FROM picture_file WHERE digest = :digest AND bot = :bot"
        return str(await self.value(sql, {"digest": digest, "bot": bot}) or "")

    async def keep_picture_file(self, digest: str, bot: str, file: str) -> None:
        await self.run(
            """INSERT INTO picture_file (digest, bot, file) VALUES (:digest, :bot, :file)
               ON CONFLICT (digest, bot) DO UPDATE SET file = excluded.file""",
            {"digest": digest, "bot": bot, "file": file},
        )

    async def forget_pictures(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` pictures that no article has needed since then; return how many."""
        rows = await self.all(
            f"""SELECT p.digest FROM picture AS p WHERE p.at < :before AND NOT EXISTS ({_NEEDED})
                ORDER BY p.at LIMIT :limit""",  # noqa: S608 - ours
            {"before": to_ms(before), "limit": limit},
        )
        for row in rows:
            for statement in (
                "DELETE FROM picture WHERE digest = :digest",
                """DELETE FROM picture_look WHERE digest = :digest
                       AND NOT EXISTS (SELECT 1 FROM picture_out AS o WHERE o.digest = :digest)""",
                "DELETE FROM picture_use WHERE digest = :digest",
                "DELETE FROM picture_file WHERE digest = :digest",
            ):
                await self.run(statement, {"digest": row["digest"]})
        return len(rows)

    async def forget_addresses(self, before: datetime, limit: int) -> int:
        """Forget up to `limit` addresses that were looked at before then; return how many."""
        return await self.run(
            """DELETE FROM picture_address WHERE url IN (
                   SELECT url FROM picture_address WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )
