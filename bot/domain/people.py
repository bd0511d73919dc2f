"""The people of the desk and what they may do. A person has authority, an address has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.audit import SYSTEM


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
    named in OWNERS, so nobody can demote or remove them by chat. `removed`: when they left the desk.
    """

    id: int
    name: str
    role: Role
    addresses: tuple[Address, ...]
    since: datetime
    may_approve_from: datetime | None = None
    pinned: bool = False
    removed: datetime | None = None

    @property
    def title(self) -> str:
        """The name by which the desk knows them, with the number, since two names may be alike."""
        return f"#{self.id} {self.name}".rstrip()

    def may_approve(self, now: datetime) -> bool:
        waited = self.may_approve_from is None or self.may_approve_from <= now
        return allowed(self, Role.EDITOR) and waited


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts: a `person` of the desk who speaks from `address`; with neither, the house itself."""

    address: Address | None = None
    person: Person | None = None

    @property
    def recorded(self) -> Address | str:
        """The actor as the audit log names them: a member by their number, from whichever address they speak."""
        if self.person is not None:
            return f"person:{self.person.id}"
        return self.address if self.address is not None else SYSTEM


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code: a seat with `role` for a new person, or a second address for the member `member_id`."""

    role: Role | None
    member_id: int | None
    made_by: int
    expires_at: datetime
    used: bool


def allowed(person: Person | None, least: Role | None) -> bool:
    """The one rule of authority. `person` is None for a stranger, `least` None for what everybody may do."""
    if least is None:
        return True
    return person is not None and person.removed is None and person.role.covers(least)
