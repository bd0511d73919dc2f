"""The texts of what was published, as readers hold them, and who compared something with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import Address
from bot.domain.genuine import COMMON, Imprint, Rendition
from bot.storage.convert import each_of, to_ms, to_time
from bot.storage.transaction import Transaction

#: Fingerprints that one statement looks up.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Numbered:
    """A post in a channel of ours. `link` opens it, if it is known."""

    channel: str
    article_id: int
    version: int
    link: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A rendition of a version, and when that went out."""

    article_id: int
    version: int
    rendition: Rendition
    out_at: datetime


class RenditionQueries(Transaction):
    async def add_imprint(self, article_id: int, version: int, imprint: Imprint, now: datetime) -> None:
        """Let the texts of a version be found. A fingerprint that very many articles have is kept of no more."""
        await self.many(
            """INSERT INTO rendition (article_id, version, outlet, text, furniture, links, out_at)
               VALUES (:id, :version, :outlet, :text, :furniture, :links, :at)
               ON CONFLICT (article_id, version, outlet) DO NOTHING""",
            [
                {
                    "id": article_id,
                    "version": version,
                    "outlet": each.outlet,
                    "text": each.text,
                    "furniture": "\n".join(each.furniture),
                    "links": "\n".join(each.links),
                    "at": to_ms(now),
                }
                for each in imprint.renditions
            ],
        )
        await self.many(
            """INSERT INTO gram (hash, article_id) SELECT :hash, :id
               WHERE (SELECT count(*) FROM (SELECT 1 FROM gram WHERE hash = :hash LIMIT :most) AS kept) < :most
               ON CONFLICT (hash, article_id) DO NOTHING""",
            [{"hash": gram, "id": article_id, "most": COMMON} for gram in imprint.grams],
        )

    async def having_grams(self, grams: Sequence[int]) -> list[tuple[int, int]]:
        """Return the fingerprints among these that articles have, each with an article."""
        found: list[tuple[int, int]] = []
        for at in range(0, len(grams), AT_ONCE):
            some = grams[at : at + AT_ONCE]
            names, params = each_of("gram", some)
            rows = await self.all(
                f"SELECT hash, article_id FROM gram WHERE hash IN ({names})",  # noqa: S608 - ours
                dict(zip(params, some, strict=True)),
            )
            found += [(row["hash"], row["article_id"]) for row in rows]
        return found

    async def renditions(self, article_id: int) -> list[Printed]:
        """Return all texts of an article that readers may hold, those of its newest version first."""
        rows = await self.all(
            """SELECT article_id, version, outlet, text, furniture, links, out_at FROM rendition
               WHERE article_id = :id ORDER BY version DESC, outlet DESC""",
            {"id": article_id},
        )
        return [
            Printed(
                row["article_id"],
                row["version"],
                Rendition(
                    row["outlet"], row["text"], tuple(row["furniture"].splitlines()), tuple(row["links"].splitlines())
                ),
                to_time(row["out_at"]),
            )
            for row in rows
        ]

    async def posts_numbered(self, message_id: int) -> list[Numbered]:
        """Return the posts in channels of ours that a platform gave this number."""
        rows = await self.all(
            """SELECT channel, article_id, version, link FROM dispatch
               WHERE message_id = :message AND message_id > 0""",
            {"message": message_id},
        )
        return [
            Numbered(row["channel"], row["article_id"], row["version"], row["link"] or "")
            for row in rows
            if row["channel"] is not None
        ]

    async def post_link(self, article_id: int) -> str:
        """Return an address that opens a post of the article; empty if none is known."""
        found = await self.value(
            "SELECT link FROM dispatch WHERE article_id = :id AND link <> '' LIMIT 1", {"id": article_id}
        )
        return str(found or "")

    async def unprinted_upto(self) -> int:
        """Return the number up to which published articles may have no renditions; 0 if none is without."""
        return int(await self.value("SELECT upto FROM unprinted") or 0)

    async def set_unprinted(self, upto: int) -> None:
        await self.run("UPDATE unprinted SET upto = :upto", {"upto": upto})

    async def note_check(self, chat: Address, article_id: int, version: int, now: datetime, language: str = "") -> None:
        """Remember that somebody compared a text, with which version of ours, and in which language they were answered.
        The text is not kept.
        """
        await self.run(
            """INSERT INTO checked (chat, article_id, version, at, language)
               VALUES (:chat, :id, :version, :now, :language)""",
            {"chat": str(chat), "id": article_id, "version": version, "now": to_ms(now), "language": language},
        )

    async def checks_since(self, chat: Address, since: datetime, most: int) -> list[datetime]:
        """Return when somebody compared texts since then, the latest first, no more than `most`."""
        rows = await self.all(
            "SELECT at FROM checked WHERE chat = :chat AND at > :since ORDER BY at DESC LIMIT :most",
            {"chat": str(chat), "since": to_ms(since), "most": most},
        )
        return [to_time(row["at"]) for row in rows]

    async def forget_checks(self, before: datetime, limit: int) -> int:
        """Forget who compared what before then; see `ForgettingQueries`."""
        return await self.run(
            """DELETE FROM checked WHERE id IN (
                   SELECT id FROM checked WHERE at < :before ORDER BY at LIMIT :limit)""",
            {"before": to_ms(before), "limit": limit},
        )
