"""What was approved and still counts: exactly that content, those outlets, that time."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address
from bot.domain.entry import Entry, EntryState
from bot.domain.news import ApprovalVoid
from bot.domain.people import Person, Role, allowed
from bot.domain.review import ReviewKind, binding, valid_approvals
from bot.newsroom.desk import Desk


def binding_of(desk: Desk, entry: Entry) -> str:
    """What an approval given now stands for."""
    return _binding(desk, entry, due(desk, entry))


def due(desk: Desk, entry: Entry) -> datetime | None:
    """The time that is approved with it; None: whenever an editor publishes it."""
    if entry.state is EntryState.QUEUED:
        return entry.due_at
    paused = entry.state is EntryState.HELD and entry.due_at is not None and entry.due_at > desk.now
    return entry.due_at if paused else None


def _binding(desk: Desk, entry: Entry, at: datetime | None) -> str:
    return binding(entry.article, desk.house.targets(entry.article), at)


async def approvers(desk: Desk, entry: Entry, at: datetime | None) -> list[Person]:
    """Counted again each time: the approvals of people who left the desk since, or of something else, do not count."""
    members = await desk.tx.approvers(entry.id, _binding(desk, entry, at))
    people = [person for number in members if (person := await desk.tx.person(number)) is not None]
    valid = valid_approvals(people, await authors(desk, entry.id), desk.now)
    return [person for person in people if person.id in valid]


async def missing(desk: Desk, entry: Entry, at: datetime | None) -> int:
    """How many approvals for going out at that time are missing."""
    needed = desk.house.need(entry).approvals
    return max(0, needed - len(await approvers(desk, entry, at))) if needed else 0


async def stands(desk: Desk, entry: Entry, at: datetime) -> bool:
    """Does someone with authority still stand behind this time: who gave it, or who approved it?"""
    timed_by = await desk.tx.last_actor(f"article:{entry.id}", "article.scheduled")
    if timed_by is None or allowed(await desk.tx.person_named(timed_by), Role.EDITOR):
        return True
    return bool(await approvers(desk, entry, at))


async def may_approve(desk: Desk, number: int, person: Person | None) -> bool:
    return person is not None and person.may_approve(desk.now) and person.id not in await authors(desk, number)


async def possible(desk: Desk, number: int) -> int:
    """How many people of the desk may approve it."""
    return sum([await may_approve(desk, number, person) for person in await desk.tx.team(Role.EDITOR)])


async def authors(desk: Desk, number: int) -> set[int]:
    """The people of the desk who wrote a version of it, whatever address they wrote from."""
    people = [await desk.tx.person_at(address) for address in await desk.tx.authors(number)]
    return {person.id for person in people if person is not None}


async def concerned(desk: Desk, number: int, asked_by: Address | None = None) -> tuple[int, ...]:
    """Ids of the people who wrote the article or asked for its approval."""
    asker = await desk.tx.person_at(asked_by) if asked_by is not None else None
    wrote = await authors(desk, number)
    return tuple(sorted(wrote | {asker.id} if asker is not None else wrote))


async def void(desk: Desk, entry: Entry, why: str) -> None:
    """The article changed after the desk was asked about it; the people who know of that hear so."""
    asked = await desk.tx.open_review(entry.id)
    await desk.tx.close_review(entry.id, why, desk.now)
    voided = await desk.tx.void_approvals(entry.id, why, desk.now)
    if voided:
        await desk.by_itself().record("article.approvals_voided", entry)
    if voided or asked is not None:
        to = await concerned(desk, entry.id, asked.asked_by if asked is not None else None)
        await desk.announce(ApprovalVoid(entry.id, to, approved=voided))


async def void_outdated(desk: Desk) -> None:
    """At a start: newsroom.toml may send an article elsewhere than what the desk was asked about."""
    for entry in await desk.tx.open_entries():
        asked = await desk.tx.open_review(entry.id)
        is_asked = asked is not None and asked.kind is ReviewKind.BEFORE and entry.state is not EntryState.COUNTING
        if asked is not None and is_asked and asked.binding != binding_of(desk, entry):
            await void(desk, entry, "changed")
