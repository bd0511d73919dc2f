"""News about the desk: halts, its people, and the end of its record, once a day."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.article import Address, Platform
from bot.domain.attention import Matter
from bot.domain.news.base import News
from bot.domain.people import Person, Role, allowed
from bot.domain.safeguards import Weakening


@dataclass(frozen=True, slots=True)
class Head(News):
    """The end of the record of who did what, once a day."""

    matter = Matter.HOUSE
    code, in_groups = "head", True
    head: str


@dataclass(frozen=True, slots=True)
class HaltNews(News):
    """`by` was answered on the spot, at whichever of their addresses."""

    matter = Matter.ALARM
    must_arrive = True
    by: int
    name: str

    def concerns(self, person: Person) -> bool:
        return allowed(person, self.least) and person.id != self.by


@dataclass(frozen=True, slots=True)
class Halted(HaltNews):
    code = "halted"


@dataclass(frozen=True, slots=True)
class ResumeAsked(HaltNews):
    code = "resume_asked"


@dataclass(frozen=True, slots=True)
class Resumed(HaltNews):
    code = "resumed"


@dataclass(frozen=True, slots=True)
class Unsaid(News):
    """One person answers nothing, so that more news was not sent to them than their platform bears."""

    matter = Matter.PERSONAL
    code, least, must_arrive, in_topic = "unsaid", Role.REPORTER, True, False


class TeamAct(StrEnum):
    """The kind of a change to one person of the desk."""

    JOINED = "joined"
    LINKED = "linked"
    #: Somebody typed their code, and it was not them.
    NOT_LINKED = "not_linked"
    UNLINKED = "unlinked"
    ROLE = "role"
    WAIVED = "waived"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class TeamChanged(News):
    """Somebody's seat at the desk changed. The owners are told, and the `person` unless they did it themselves; of a
    change of their addresses they always are, at each. `address`: the one that was linked or parted. `parted`:
    addresses that are nobody's from now on.
    """

    matter = Matter.PERSONAL
    code, least, must_arrive, on_every_app = "team", Role.REPORTER, True, True
    what: TeamAct
    person: int
    name: str
    role: Role
    by: int
    by_name: str
    address: Address | None = None
    parted: tuple[Address, ...] = ()

    @property
    def outsiders(self) -> tuple[Address, ...]:
        return self.parted

    @property
    def is_of_addresses(self) -> bool:
        return self.what in (TeamAct.LINKED, TeamAct.NOT_LINKED, TeamAct.UNLINKED)

    def concerns(self, person: Person) -> bool:
        if self.is_of_addresses:
            return person.id == self.person or allowed(person, Role.OWNER)
        if person.id == self.person:  # joining is answered on the spot
            return person.id != self.by and self.what is not TeamAct.JOINED
        return person.id != self.by and allowed(person, Role.OWNER)


@dataclass(frozen=True, slots=True)
class RulesChanged(News):
    """newsroom.toml or OWNERS says something else than at the start before; `weakening`: what lets more out."""

    matter = Matter.HOUSE
    code, least, must_arrive = "rules_changed", Role.OWNER, True
    weakening: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesKept(News):
    """An owner, named `name`, wants the earlier rules: `weakening` does not count."""

    matter = Matter.HOUSE
    code, least, must_arrive = "rules_kept", Role.OWNER, True
    by: int
    name: str
    weakening: tuple[Weakening, ...]

    def concerns(self, person: Person) -> bool:
        return allowed(person, self.least) and person.id != self.by


@dataclass(frozen=True, slots=True)
class RulesAccepted(News):
    """The change that was asked about counts from now on, by the word of `names`; of nobody if no owner answered."""

    matter = Matter.HOUSE
    code, least, must_arrive = "rules_accepted", Role.EDITOR, True
    names: tuple[str, ...]
    weakening: tuple[Weakening, ...]


@dataclass(frozen=True, slots=True)
class TipCame(News):
    """A reader wrote to the desk. The words stand with the tip, so that they go when the reader is forgotten."""

    matter = Matter.WORK
    code, must_arrive, in_topic = "tip_came", True, False
    tip: int

    @property
    def turn(self) -> int:
        return self.tip


@dataclass(frozen=True, slots=True)
class LookAlike(News):
    """A reader asked about an account that looks like ours. `account`: its number, or @ and its name."""

    matter = Matter.HOUSE
    code, must_arrive, in_topic = "look_alike", True, False
    platform: Platform
    account: str


@dataclass(frozen=True, slots=True)
class BackOnDuty(News):
    """A member is there again, who was away since then (in seconds since 1970)."""

    matter = Matter.PERSONAL
    code, least, must_arrive, in_topic = "back_on_duty", Role.REPORTER, True, False
    person: int
    since: float

    def concerns(self, person: Person) -> bool:
        return person.id == self.person


@dataclass(frozen=True, slots=True)
class LinkWanted(News):
    """Somebody named `name` typed the link code of `person` at `address`; that person is asked."""

    matter = Matter.PERSONAL
    code, least, must_arrive, on_every_app = "link_wanted", Role.REPORTER, True, True
    person: int
    address: Address
    name: str
    digest: str

    def concerns(self, person: Person) -> bool:
        return person.id == self.person
