"""Approvals: who approved exactly what. An approval is a pressed button: its row names the person and the binding.

A refused press is undone, so a used row is an approval. Forgotten with the button, it lapses: nothing goes out by it.
"""

from __future__ import annotations

from bot.domain import Address
from bot.storage.convert import to_address
from bot.storage.database import Transaction


class ReviewQueries(Transaction):
    async def approvers(self, article_id: int, binding: str) -> set[Address]:
        """Who pressed the buttons."""
        rows = await self.all(
            """SELECT DISTINCT used_by FROM button WHERE action = 'approve' AND used_at IS NOT NULL
               AND json_extract(args, '$.article') = :id AND json_extract(args, '$.binding') = :binding""",
            {"id": article_id, "binding": binding},
        )
        return {to_address(row["used_by"]) for row in rows}

    async def void_approvals(self, article_id: int) -> bool:
        """True when there were any."""
        changed = await self.run(
            """DELETE FROM button WHERE action = 'approve' AND used_at IS NOT NULL
               AND json_extract(args, '$.article') = :id""",
            {"id": article_id},
        )
        return changed > 0

    async def authors(self, article_id: int) -> set[Address]:
        """Everybody who wrote a version of it."""
        rows = await self.all("SELECT DISTINCT author FROM version WHERE article_id = :id", {"id": article_id})
        return {to_address(row["author"]) for row in rows}
