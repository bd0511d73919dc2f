"""Who may do what: the people of the desk. A person, not an address, has authority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.audit import SYSTEM


class Role(StrEnum):
    """Who has a role has those below it too."""

    OWNER = "owner"
    EDITOR = "editor"
    REPORTER = "reporter"

    def covers(self, least: Role) -> bool:
        return _RANK[self] >= _RANK[least]


_RANK = {Role.REPORTER: 1, Role.EDITOR: 2, Role.OWNER: 3}


@dataclass(frozen=True, slots=True)
class Person:
    """One member of the desk with all of their addresses, on both platforms.

    `may_approve_from`: before it a new editor approves nothing; None: never had to wait.
    `pinned`: named in OWNERS, so the chat can neither degrade nor remove them. `removed`: not of the desk any more.
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
        """How the desk names them: names may be alike, numbers are not."""
        return f"#{self.id} {self.name}".rstrip()

    def may_approve(self, now: datetime) -> bool:
        waited = self.may_approve_from is None or self.may_approve_from <= now
        return allowed(self, Role.EDITOR) and waited


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts: `person` of the desk, speaking from `address`. Neither: the house acts by itself."""

    address: Address | None = None
    person: Person | None = None

    @property
    def recorded(self) -> Address | str:
        """How the audit log takes them: as a member where they are one, from whichever address they speak."""
        if self.person is not None:
            return f"person:{self.person.id}"
        return self.address if self.address is not None else SYSTEM


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code: a seat with `role` for somebody new, or a second address for the member `member_id`."""

    role: Role | None
    member_id: int | None
    made_by: int
    expires_at: datetime
    used: bool


def allowed(person: Person | None, least: Role | None) -> bool:
    """The one rule of authority. `person` None: a stranger; `least` None: for everybody."""
    if least is None:
        return True
    return person is not None and person.removed is None and person.role.covers(least)
