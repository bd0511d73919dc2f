"""Articles that wait for one person: for their answer, or because they are theirs."""

from __future__ import annotations

from contextlib import suppress

from bot.domain.dossier import has_approved
from bot.domain.life import Act
from bot.domain.people import People, Person, Role, allowed
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.review import Review, ReviewKind
from bot.errors import Damaged
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

#: Questions that are looked at to find those that one person can answer.
LOOKED_AT = 20


async def asked_of(desk: Desk, person: Person, most: int) -> list[Situation]:
    """Return the articles that this person can approve and has not, the newest, the oldest of them first."""
    if not allowed(person, Role.EDITOR):
        return []
    numbers, found = await desk.tx.asked_without(person.id, LOOKED_AT), list[Situation]()
    people = await desk.tx.everyone() if numbers else None
    for number in numbers:
        situation = await _readable(desk, number, people)
        if situation is not None and waits_for(situation, person):
            found.append(situation)
        if len(found) == most:
            break
    return found[::-1]


def waits_for(situation: Situation, person: Person) -> bool:
    """True if the article lacks an approval that this person can give."""
    asked = situation.asked
    if asked is None or asked.kind is not ReviewKind.BEFORE or not situation.readiness.missing:
        return False
    return can_answer(situation, asked, person)


def can_answer(situation: Situation, asked: Review, person: Person) -> bool:
    """True if a question waits for this person's word. A checklist stands beside the yes: it is in nobody's way."""
    if has_approved(situation.dossier.approvals, person.id, asked.binding):
        return False
    act = Act.LOOK_BACK if asked.kind is ReviewKind.AFTER else Act.APPROVE
    return {Obstacle.UNTICKED}.issuperset(obstacles(situation.readiness, act, by=person))


async def own(desk: Desk, person: Person, most: int) -> list[Situation]:
    """Return the articles in the house that this person wrote or put to the desk, newest first."""
    numbers = await desk.tx.open_of(person.id, most)
    people = await desk.tx.everyone() if numbers else None
    found = [await _readable(desk, number, people) for number in numbers]
    return [situation for situation in found if situation is not None]


async def _readable(desk: Desk, number: int, people: People | None) -> Situation | None:
    """Return how an article stands; None if its row is damaged, which keeps nobody from the others."""
    with suppress(Damaged):
        return await read(desk, number, people)
    return None
