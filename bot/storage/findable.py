"""The index of what was published, by the words that readers look for."""

from __future__ import annotations

from collections.abc import Mapping

from bot.storage.transaction import Transaction


class FindableQueries(Transaction):
    async def make_findable(self, article_id: int, words: Mapping[str, int]) -> None:
        """Let a published article be found by these stems; the mapping gives their weights."""
        await self.many(
            """INSERT INTO findable (word, article_id, weight) VALUES (:word, :id, :weight)
               ON CONFLICT (word, article_id) DO NOTHING""",
            [{"word": word, "id": article_id, "weight": weight} for word, weight in words.items()],
        )

    async def articles_with(self, word: str, most: int) -> dict[int, int]:
        """Return the newest articles that have this stem, and its weight there."""
        rows = await self.all(
            "SELECT article_id, weight FROM findable WHERE word = :word ORDER BY article_id DESC LIMIT :most",
            {"word": word, "most": most},
        )
        return {row["article_id"]: row["weight"] for row in rows}

    async def unfindable_upto(self) -> int:
        """Return the number up to which published articles may be missing from the index; 0 if none is."""
        return int(await self.value("SELECT upto FROM unfindable") or 0)

    async def older_than_index(self, upto: int, most: int) -> list[int]:
        """Return the highest numbers of articles up to `upto`, the highest first."""
        rows = await self.all(
            "SELECT id FROM article WHERE id <= :upto ORDER BY id DESC LIMIT :most", {"upto": upto, "most": most}
        )
        return [row["id"] for row in rows]

    async def set_unfindable(self, upto: int) -> None:
        await self.run("UPDATE unfindable SET upto = :upto", {"upto": upto})
