"""Questions about changes as the desk and readers ask them: which wait for a yes, and what was corrected lately."""

from __future__ import annotations

from bot.domain.change import Change
from bot.domain.entry import Entry
from bot.storage.articles import to_entry
from bot.storage.changes import to_change
from bot.storage.transaction import Transaction

_TOLD = """
    SELECT * FROM change
    WHERE out_at IS NOT NULL AND kind IN ('correction', 'clarification', 'retraction', 'restoration')
    ORDER BY id DESC LIMIT :limit
"""
_ARTICLE = """
    SELECT a.id, a.state, a.version, a.due_at, a.published_at, a.author, a.created_at, a.not_before, a.expires_at,
        a.paid, a.author_member, v.content
    FROM article AS a JOIN version AS v ON v.article_id = a.id AND v.number = a.version WHERE a.id = :id
"""


class CorrectionQueries(Transaction):
    async def lead_change_to(self, change: Change, version: int) -> None:
        """Let a change that has not gone out lead to another version of the same text."""
        await self.run("UPDATE change SET to_version = :version WHERE id = :id", {"id": change.id, "version": version})

    async def submitted_changes(self, limit: int) -> list[Change]:
        """Return the changes that wait for approval, the oldest first."""
        rows = await self.all(
            """SELECT * FROM change WHERE state = 'submitted'
                   AND state IN ('draft', 'submitted', 'counting', 'running') ORDER BY id LIMIT :limit""",
            {"limit": limit},
        )
        return [to_change(row) for row in rows]

    async def waiting_for_the_halt(self) -> list[Change]:
        """Return the changes on their way that stop harm: a halt holds them up too."""
        rows = await self.all(
            """SELECT * FROM change WHERE state = 'running' AND kind IN ('checking', 'retraction')
                   AND state IN ('draft', 'submitted', 'counting', 'running') ORDER BY id"""
        )
        return [to_change(row) for row in rows]

    async def let_leave_in_spite(self, change: Change) -> None:
        """Let a change leave while everything is halted, on the word that the log was told last."""
        await self.run("UPDATE change SET in_spite = (SELECT id FROM audit_head) WHERE id = :id", {"id": change.id})
        self.signal("dispatch")

    async def told_changes(self, limit: int) -> list[tuple[Change, Entry]]:
        """Return the latest changes that readers are told of, each with its article as it is now, the newest first."""
        rows = await self.all(_TOLD, {"limit": limit})
        found = [(to_change(row), await self.one(_ARTICLE, {"id": row["article_id"]})) for row in rows]
        return [(change, to_entry(row)) for change, row in found if row is not None]
