"""The desk's attention: who is told what, by the matter, their part in it, duty, and what they chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

#: People who are asked or called first; the others hear of it later, unless it is settled by then.
FIRST = 2


class Matter(StrEnum):
    """The kinds of news, as the desk's attention goes."""

    #: Something that everybody must know now, asleep or not.
    ALARM = "alarm"
    #: Something about one member's own seat, which waits for nobody's duty.
    PERSONAL = "personal"
    #: An article that waits for somebody's word.
    QUESTION = "question"
    #: An article that goes no further until somebody does something.
    WORK = "work"
    DECISION = "decision"
    CHANGE = "change"
    COUNTDOWN = "countdown"
    OUT = "out"
    #: Troubles, people and rules of the house itself.
    HOUSE = "house"


class Part(StrEnum):
    """The hands that a member can have in an article."""

    WROTE = "wrote"
    SUBMITTED = "submitted"
    ASKED = "asked"
    TIMED = "timed"
    APPROVED = "approved"
    PUBLISHED = "published"


class Wish(StrEnum):
    """A member's choice of what they hear unasked."""

    MINE = "mine"
    ALL = "all"
    DIGEST = "digest"


class When(StrEnum):
    """The time at which a member hears of something. `LATER`: if it is not settled after a while."""

    NOW = "now"
    LATER = "later"
    DIGEST = "digest"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Listener:
    """One member of the desk as a piece of news finds them.

    `is_there`: they are on duty and have not muted us. `can_act`: their word settles what it is about.
    `sees`: what they were shown turns by itself into what is so now, because their apps redraw messages.
    """

    id: int
    parts: frozenset[Part] = frozenset()
    is_there: bool = True
    wish: Wish = Wish.MINE
    can_act: bool = True
    sees: bool = False


@dataclass(frozen=True, slots=True)
class Heed:
    """A member's choices. `hours` of duty as they are kept, empty for the newsroom's; since and until when muted."""

    hours: str = ""
    muted_from: datetime | None = None
    muted_until: datetime | None = None
    wish: Wish = Wish.MINE


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: when each one hears of a matter. Of two values the first is for those with a part in it.

    Of a question and of work, those who are called first have the part.
    """

    mine: tuple[When, When]
    all: tuple[When, When]
    digest: tuple[When, When]
    away: tuple[When, When]

    def of(self, listener: Listener, *, has_part: bool) -> When:
        chosen = {Wish.MINE: self.mine, Wish.ALL: self.all, Wish.DIGEST: self.digest}[listener.wish]
        return (chosen if listener.is_there else self.away)[0 if has_part else 1]


_NOW, _LATER, _DIGEST, _NEVER = When.NOW, When.LATER, When.DIGEST, When.NEVER
_AT_ONCE = Row(mine=(_NOW, _NOW), all=(_NOW, _NOW), digest=(_NOW, _NOW), away=(_NOW, _NOW))
_TO_SETTLE = Row(mine=(_NOW, _LATER), all=(_NOW, _NOW), digest=(_NOW, _LATER), away=(_DIGEST, _DIGEST))
_TO_KNOW = Row(mine=(_NOW, _NEVER), all=(_NOW, _NOW), digest=(_DIGEST, _NEVER), away=(_DIGEST, _NEVER))
#: The one table of who is told what.
TABLE: Mapping[Matter, Row] = {
    Matter.ALARM: _AT_ONCE,
    Matter.PERSONAL: _AT_ONCE,
    Matter.QUESTION: _TO_SETTLE,
    Matter.WORK: _TO_SETTLE,
    Matter.DECISION: _TO_KNOW,
    Matter.CHANGE: _TO_KNOW,
    Matter.OUT: _TO_KNOW,
    Matter.COUNTDOWN: Row(mine=(_NOW, _NEVER), all=(_NOW, _NEVER), digest=(_NEVER, _NEVER), away=(_NEVER, _NEVER)),
    Matter.HOUSE: Row(mine=(_NOW, _NOW), all=(_NOW, _NOW), digest=(_NOW, _NOW), away=(_DIGEST, _DIGEST)),
}
#: What must be known by somebody, whoever is there.
_NEEDS_SOMEBODY = frozenset({Matter.QUESTION, Matter.WORK, Matter.HOUSE})
#: The parts that count, where not every one does.
_PARTS: Mapping[Matter, frozenset[Part]] = {
    Matter.COUNTDOWN: frozenset({Part.WROTE, Part.APPROVED, Part.PUBLISHED}),
    # Whoever was asked, and was spared the answer by a colleague, is done with the article.
    Matter.OUT: frozenset(Part) - {Part.ASKED},
}

#: The parts that acts in the audit log give.
_ACTS: Mapping[str, Part] = {
    **dict.fromkeys(("article.drafted", "article.edited", "article.expiry_set"), Part.WROTE),
    "article.submitted": Part.SUBMITTED,
    "article.asked": Part.ASKED,
    **dict.fromkeys(
        ("article.scheduled", "article.paused", "article.pace_set", "article.cancelled", "article.undone"), Part.TIMED
    ),
    **dict.fromkeys(
        ("article.approved", "article.changes_asked", "article.rejected", "article.reviewed"), Part.APPROVED
    ),
    **dict.fromkeys(
        ("article.counting", "article.published", "article.published_alone", "article.published_urgently"),
        Part.PUBLISHED,
    ),
    **dict.fromkeys(("article.let_go_on", "article.changed"), Part.PUBLISHED),
    "article.change_drafted": Part.WROTE,
    "article.change_submitted": Part.SUBMITTED,
}


def part_of(act: str) -> Part | None:
    """Return the part that an act gives to whoever did it; None: an act that gives none."""
    return _ACTS.get(act)


def hearing(
    matter: Matter,
    listeners: Iterable[Listener],
    *,
    first: int = FIRST,
    turn: int = 0,
    again: bool = False,
    can_wait: bool = False,
) -> dict[int, When]:
    """Return when each of these members hears of something, by their number.

    `first`: how many are called before the others. `turn`: a number that spreads the calls over the desk, such as the
    article's. `again`: those who were called have not answered, so that nobody waits any longer. `can_wait`: it is
    night, and it keeps until somebody is back; otherwise somebody is told at once, on duty or not.
    """
    everyone = list(listeners)
    called = {each.id for each in _called(matter, everyone, first, turn)}
    when = {each.id: TABLE[matter].of(each, has_part=_has_part(matter, each, called)) for each in everyone}
    if again:
        when = {who: When.NOW if at is When.LATER else at for who, at in when.items()}
    settlers = {each.id for each in everyone if each.can_act}
    if matter in _NEEDS_SOMEBODY and not can_wait and not any(when[who] is When.NOW for who in settlers):
        return when | dict.fromkeys(settlers, When.NOW)
    return when


def _has_part(matter: Matter, listener: Listener, called: Collection[int]) -> bool:
    if matter is Matter.QUESTION:
        return listener.id in called
    counted = _PARTS.get(matter, frozenset(Part))
    if matter is Matter.DECISION and listener.sees:  # the question that they were asked tells it
        counted -= {Part.ASKED}
    return listener.id in called or bool(listener.parts & counted)


def _called(matter: Matter, listeners: Sequence[Listener], first: int, turn: int) -> list[Listener]:
    """Return those who are called first. Work is its own people's; others are called where none of those can act."""
    there = [each for each in listeners if each.is_there and each.can_act]
    if matter is Matter.QUESTION:
        return _in_order(there, turn)[:first]
    if matter is Matter.WORK and not any(each.parts for each in there):
        return _in_order(there, turn)[:first]
    return []


def _in_order(there: Sequence[Listener], turn: int) -> list[Listener]:
    """Those who know the article come first, and those who want digests last; the others take turns."""
    start = turn % len(there) if there else 0
    around = [*there[start:], *there[:start]]
    return sorted(around, key=lambda each: (each.wish is Wish.DIGEST, not each.parts))
