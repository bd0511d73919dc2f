"""The people of the desk and what they may do. A person has authority, an address has none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.audit import SYSTEM
from bot.domain.clean import one_line


class Role(StrEnum):
    """The roles of the desk; each includes those below it."""

    OWNER = "owner"
    EDITOR = "editor"
    REPORTER = "reporter"

    def covers(self, least: Role) -> bool:
        highest_first = [*Role]
        return highest_first.index(self) <= highest_first.index(least)


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the desk with all of their addresses, on both platforms.

    `may_approve_from`: until then a new editor approves nothing; None if they never had to wait. `pinned`: they are
    named in OWNERS, so nobody can demote or remove them by chat. `removed`: when they left the desk. `invited_by`: the
    member who did. `is_new_until`: they speak from an address that was linked a short while ago. `nth`: their place
    among those of the desk who are called the same; 0: nobody else is.
    """

    id: int
    name: str
    role: Role
    addresses: tuple[Address, ...]
    since: datetime
    may_approve_from: datetime | None = None
    pinned: bool = False
    removed: datetime | None = None
    invited_by: int | None = None
    is_new_until: datetime | None = None
    nth: int = 0

    @property
    def title(self) -> str:
        """The name by which the desk knows them."""
        return titled(self.id, self.name, self.nth)

    def may_approve(self, now: datetime) -> bool:
        waited = self.may_approve_from is None or self.may_approve_from <= now
        return allowed(self, Role.EDITOR) and waited

    def speaks_from_a_new_address(self, now: datetime) -> bool:
        return self.is_new_until is not None and now < self.is_new_until

    def is_newcomer(self, now: datetime, within: timedelta) -> bool:
        """True if somebody invited them less than `within` ago."""
        return self.invited_by is not None and now < self.since + within

    def is_bound_to(self, other: Person, now: datetime, within: timedelta) -> bool:
        """True if one of the two invited the other less than `within` ago: they are not a second pair of eyes."""
        invited = self.invited_by == other.id and self.is_newcomer(now, within)
        return invited or (other.invited_by == self.id and other.is_newcomer(now, within))

    def waits_of(self, authors: Iterable[Person], within: timedelta) -> Iterator[datetime]:
        """The instants before which this person approves nothing that one of `authors` wrote."""
        if self.may_approve_from is not None:
            yield self.may_approve_from
        for one in authors:
            for newcomer, inviter in ((self, one), (one, self)):
                if newcomer.invited_by == inviter.id:
                    yield newcomer.since + within


def titled(number: int, name: str, nth: int = 0) -> str:
    """Return a member's name; the `nth` of several who are called the same; who has no name yet has a number."""
    name = one_line(name)
    if not name:
        return f"№{number}"
    return f"{name} ({nth})" if nth else name


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts: a `person` of the desk who speaks from `address`; with neither, the house itself.

    `name`: of a system of the newsroom that acts with a key, which is nobody of the desk.
    """

    address: Address | None = None
    person: Person | None = None
    name: str = ""

    @property
    def recorded(self) -> Address | str:
        """The actor as the audit log names them: a member by their number, from whichever address they speak."""
        if self.person is not None:
            return f"person:{self.person.id}"
        return self.address if self.address is not None else SYSTEM


class People:
    """All people who are or were of the desk, at one instant."""

    def __init__(self, everyone: Iterable[Person], past: Iterable[tuple[Address, int]] = ()) -> None:
        """`past`: addresses that somebody had, with the number of that member."""
        self._by_id = {person.id: person for person in everyone}
        self._by_address = {str(each): person for person in self._by_id.values() for each in person.addresses}
        known = [(each, person.id) for person in self._by_id.values() for each in person.addresses]
        self._ever: defaultdict[Address, set[int]] = defaultdict(set)
        for address, number in (*known, *past):
            self._ever[address].add(number)
        self._same = _joined(self._by_id, self._ever.values())

    def numbered(self, number: int) -> Person | None:
        """The member with this number; also one who left."""
        return self._by_id.get(number)

    def at(self, address: Address) -> Person | None:
        """The person of the desk who writes from this address; None: a stranger, or somebody who left."""
        return self._writing_from(str(address))

    def who_are(self, writers: Iterable[Writer]) -> frozenset[int]:
        """The numbers of all members who are the same person as one of `writers`.

        Two are one person if they ever had the same address: removed and invited again, or linked and parted.
        """
        found: set[int] = set()
        for writer in writers:
            numbers = set(self._ever.get(writer.address, ()))
            if writer.member_id is not None:
                numbers.add(writer.member_id)
            found.update(*(self.same_as(number) for number in numbers))
        return frozenset(found)

    def same_as(self, number: int) -> frozenset[int]:
        """The numbers under which this person is or was of the desk."""
        return frozenset(self._same.get(number, {number}))

    def bound_to(self, authors: Iterable[int], now: datetime, within: timedelta) -> frozenset[int]:
        """The numbers of those of the desk who invited one of the members `authors`, or were invited by one."""
        wrote = [self._by_id[number] for number in authors if number in self._by_id]
        return frozenset(each.id for each in self.team() if any(each.is_bound_to(one, now, within) for one in wrote))

    def first_free(self, authors: Collection[int], now: datetime, within: timedelta) -> datetime | None:
        """The first instant at which one of the desk may approve what the members `authors` wrote; None: nobody will.

        A newcomer waits, and so do two people of whom one invited the other.
        """
        wrote = [self._by_id[number] for number in authors if number in self._by_id]
        others = [person for person in self.team(Role.EDITOR) if person.id not in authors]
        return min([max([now, *person.waits_of(wrote, within)]) for person in others], default=None)

    def still_here(self, writers: Iterable[Writer]) -> Person | None:
        """The person of the desk who one of `writers` is; None: they left."""
        here = (self._by_id[number] for number in sorted(self.who_are(writers)) if number in self._by_id)
        return next((person for person in here if person.removed is None), None)

    def named(self, actor: str) -> Person | None:
        """The one the audit log means by `person:3`, or by an address as older entries do."""
        kind, _, identity = actor.partition(":")
        return self.numbered(int(identity)) if kind == "person" else self._writing_from(actor)

    def team(self, least: Role = Role.REPORTER) -> list[Person]:
        """All of the desk who have at least this role, in the order in which they came."""
        return [person for person in self._by_id.values() if allowed(person, least)]

    def _writing_from(self, address: str) -> Person | None:
        person = self._by_address.get(address)
        return person if person is not None and person.removed is None else None


def _joined(numbers: Iterable[int], together: Iterable[set[int]]) -> dict[int, set[int]]:
    """Return for each number all that belong together with it, directly or by way of others."""
    same = {number: {number} for number in numbers}
    for group in together:
        merged = set().union(*(same.get(number, {number}) for number in group))
        same.update(dict.fromkeys(merged, merged))
    return same


@dataclass(frozen=True, slots=True)
class Writer:
    """The person who did something: the address, and the member if one is known."""

    address: Address
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code: a seat with `role` for a new person, or a second address for the member `member_id`.

    `used_by`: whoever typed it. `answered`: its maker said on their own phone whether that is them.
    """

    role: Role | None
    member_id: int | None
    made_by: int
    expires_at: datetime
    used_at: datetime | None = None
    used_by: Address | None = None
    answered: bool = False


def allowed(person: Person | None, least: Role | None) -> bool:
    """The one rule of authority. `person` is None for a stranger, `least` None for what everybody may do."""
    if least is None:
        return True
    return person is not None and person.removed is None and person.role.covers(least)
