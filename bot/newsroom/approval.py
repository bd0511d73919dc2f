"""What was approved and still counts: exactly that content, those outlets, that time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.domain import Address, Article
from bot.domain.audit import SYSTEM
from bot.domain.entry import Entry, EntryState
from bot.domain.people import Person, Role, allowed
from bot.domain.review import ReviewKind, binding, valid_approvals
from bot.domain.risk import Need
from bot.storage import Queries


class Approval:
    def __init__(self, need: Callable[[Entry], Need], targets: Callable[[Article], Iterable[str]]) -> None:
        """`need`: what an article needs to go out. `targets`: where it would go."""
        self._need = need
        self._targets = targets

    def binding(self, entry: Entry, now: datetime) -> str:
        """What an approval given now stands for."""
        return self._binding(entry, self.due(entry, now))

    def due(self, entry: Entry, now: datetime) -> datetime | None:
        """The time that is approved with it; None: whenever an editor publishes it."""
        if entry.state is EntryState.QUEUED:
            return entry.due_at
        paused = entry.state is EntryState.HELD and entry.due_at is not None and entry.due_at > now
        return entry.due_at if paused else None

    def _binding(self, entry: Entry, at: datetime | None) -> str:
        return binding(entry.article, self._targets(entry.article), at)

    async def approvers(self, tx: Queries, entry: Entry, at: datetime | None, now: datetime) -> list[Person]:
        """Counted anew each time: who left the desk since, and what was approved otherwise, does not count."""
        members = await tx.approvers(entry.id, self._binding(entry, at))
        people = [person for number in members if (person := await tx.person(number)) is not None]
        valid = valid_approvals(people, await self.authors(tx, entry.id), now)
        return [person for person in people if person.id in valid]

    async def missing(self, tx: Queries, entry: Entry, at: datetime | None, now: datetime) -> int:
        """How many approvals for going out at that time are missing."""
        needed = self._need(entry).approvals
        return max(0, needed - len(await self.approvers(tx, entry, at, now))) if needed else 0

    async def stands(self, tx: Queries, entry: Entry, at: datetime, now: datetime) -> bool:
        """Is there anybody still who may have it out then: whoever gave it this time, or somebody who approved it?"""
        timed_by = await tx.last_actor(f"article:{entry.id}", "article.scheduled")
        if timed_by is None or allowed(await tx.person_named(timed_by), Role.EDITOR):
            return True
        return bool(await self.approvers(tx, entry, at, now))

    async def may_approve(self, tx: Queries, article_id: int, person: Person | None, now: datetime) -> bool:
        return person is not None and person.may_approve(now) and person.id not in await self.authors(tx, article_id)

    async def possible(self, tx: Queries, article_id: int, now: datetime) -> int:
        """How many people of the desk may approve it."""
        return sum([await self.may_approve(tx, article_id, person, now) for person in await tx.team(Role.EDITOR)])

    async def authors(self, tx: Queries, article_id: int) -> set[int]:
        """The people of the desk who wrote a version of it, whatever address they wrote from."""
        people = [await tx.person_at(address) for address in await tx.authors(article_id)]
        return {person.id for person in people if person is not None}

    async def concerned(self, tx: Queries, article_id: int, asked_by: Address | None = None) -> list[int]:
        """Who wrote in it and who asked for approval, as members."""
        asker = await tx.person_at(asked_by) if asked_by is not None else None
        authors = await self.authors(tx, article_id)
        return sorted(authors | {asker.id} if asker is not None else authors)

    async def void(self, tx: Queries, entry: Entry, why: str, now: datetime) -> None:
        """It became something else than what the desk was asked about and approved; who knows of that hears so."""
        asked = await tx.open_review(entry.id)
        await tx.close_review(entry.id, why, now)
        voided = await tx.void_approvals(entry.id, why, now)
        if voided:
            detail = {"version": entry.version, "sha256": entry.article.sha256}
            await tx.record(SYSTEM, "article.approvals_voided", f"article:{entry.id}", detail, now)
        if voided or asked is not None:
            concerned = await self.concerned(tx, entry.id, asked.asked_by if asked is not None else None)
            await tx.announce("approval_void", {"article": entry.id, "to": concerned, "approved": voided}, now)

    async def void_outdated(self, tx: Queries, now: datetime) -> None:
        """At a start: newsroom.toml may send an article elsewhere than what the desk was asked about."""
        for entry in await tx.open_entries():
            asked = await tx.open_review(entry.id)
            is_asked = asked is not None and asked.kind is ReviewKind.BEFORE and entry.state is not EntryState.COUNTING
            if asked is not None and is_asked and asked.binding != self.binding(entry, now):
                await self.void(tx, entry, "changed", now)
