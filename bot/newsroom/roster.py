"""The roster: who is of the desk, who of them is there now, and who has a hand in an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.attention import Heed, Listener, Part, Wish, part_of
from bot.domain.duty import Presence, parse_hours
from bot.domain.people import People, Person, Role, allowed
from bot.newsroom.desk import Desk
from bot.newsroom.newsroom import Newsroom

#: The hands that nobody has in an article.
NOBODY: Mapping[int, frozenset[Part]] = {}


@dataclass(frozen=True)
class Roster:
    """Everybody of the desk at one instant, with what each of them chose to hear."""

    house: Newsroom
    people: People
    heeds: Mapping[int, Heed]
    now: datetime

    @property
    def is_night(self) -> bool:
        """True in the staff's quiet hours."""
        quiet, wall = self.house.rules.quiet, self.now.astimezone(self.house.timetable.zone)
        return quiet is not None and quiet.covers(wall.time())

    def wish(self, person: Person) -> Wish:
        return self.heeds.get(person.id, Heed()).wish

    def presence(self, person: Person) -> Presence:
        return presence_of(self.house, self.heeds.get(person.id, Heed()))

    def is_there(self, person: Person) -> bool:
        return self.presence(person).is_there(self.now)

    def back_at(self, people: Iterable[Person]) -> datetime | None:
        """Return when the first of these people is back; None: nobody of them will be."""
        times = [self.presence(each).back_at(self.now) for each in people]
        return min((at for at in times if at is not None), default=None)

    def listeners(
        self, people: Iterable[Person], parts: Mapping[int, frozenset[Part]] = NOBODY, least: Role = Role.EDITOR
    ) -> list[Listener]:
        """Return these people as a piece of news finds them. `least`: the least role that can act on it."""
        return [
            Listener(
                id=each.id,
                parts=parts.get(each.id, frozenset()),
                is_there=self.is_there(each),
                # What reporters hear of is theirs.
                wish=self.wish(each) if allowed(each, Role.EDITOR) or self.wish(each) is not Wish.ALL else Wish.MINE,
                can_act=allowed(each, least),
                sees=all(self.house.traits[address.platform].edits for address in each.addresses),
            )
            for each in people
        ]


def presence_of(house: Newsroom, heed: Heed) -> Presence:
    """Return a member's time by what they chose, or by the newsroom's hours."""
    hours = parse_hours(heed.hours) or house.rules.hours
    return Presence(hours, house.timetable.zone, heed.muted_from, heed.muted_until)


async def read_roster(desk: Desk, people: People | None = None) -> Roster:
    """Read it in two statements, one if the `people` are known."""
    return Roster(desk.house, people or await desk.tx.everyone(), await desk.tx.heeds(), desk.now)


async def hands(desk: Desk, people: People, number: int) -> dict[int, frozenset[Part]]:
    """Return the parts that members have in an article, in one statement."""
    found: dict[int, set[Part]] = {}
    for actor, act in await desk.tx.hands(number):
        person, part = people.named(actor), part_of(act)
        if person is not None and part is not None:
            found.setdefault(person.id, set()).add(part)
    return {member: frozenset(parts) for member, parts in found.items()}
