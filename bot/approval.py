"""What was approved and still counts: exactly that content, those outlets, that time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain import Article
from bot.domain.audit import SYSTEM
from bot.domain.entry import Entry, EntryState
from bot.domain.people import Person
from bot.domain.review import binding, valid_approvals
from bot.storage import Queries


class Approval:
    def __init__(self, needed: int, targets: Callable[[Article], Iterable[str]]) -> None:
        """`needed`: how many people who did not write an article must approve it. `targets`: where it would go."""
        self.needed = needed
        self._targets = targets

    def binding(self, entry: Entry) -> str:
        """What an approval given now stands for."""
        return self._binding(entry, self.due(entry))

    def due(self, entry: Entry) -> datetime | None:
        """The time that is approved with it; None: whenever an editor publishes it."""
        return entry.due_at if entry.state is EntryState.QUEUED else None

    def _binding(self, entry: Entry, at: datetime | None) -> str:
        return binding(entry.article, self._targets(entry.article), at)

    async def missing(self, tx: Queries, entry: Entry, at: datetime | None, now: datetime) -> int:
        """Counted anew each time: who left the desk since, and what was approved otherwise, does not count."""
        if not self.needed:
            return 0
        addresses = await tx.approvers(entry.id, self._binding(entry, at))
        approvers = [person for address in addresses if (person := await tx.person_at(address)) is not None]
        counted = valid_approvals(approvers, await self.authors(tx, entry.id), now)
        return max(0, self.needed - len(counted))

    async def may_approve(self, tx: Queries, article_id: int, person: Person | None, now: datetime) -> bool:
        return person is not None and person.may_approve(now) and person.id not in await self.authors(tx, article_id)

    async def authors(self, tx: Queries, article_id: int) -> set[int]:
        """The people of the desk who wrote a version of it, whatever address they wrote from."""
        people = [await tx.person_at(address) for address in await tx.authors(article_id)]
        return {person.id for person in people if person is not None}

    async def void(self, tx: Queries, entry: Entry, now: datetime) -> None:
        """It became something else than what was approved."""
        if await tx.void_approvals(entry.id):
            detail = {"version": entry.version, "sha256": entry.article.sha256}
            await tx.record(SYSTEM, "article.approvals_voided", f"article:{entry.id}", detail, now)
            key = f"void:{entry.id}"
            await tx.tell_desk(key, "approval_void", {"article": entry.id}, now)
            await tx.trouble_over(key, now)
