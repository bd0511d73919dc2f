"""May this be done to an article now? Everything that can stand in the way, decided in one place and for every face:
what is refused, what is held, what a card says, and what it offers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.change import Standing
from bot.domain.evidence import Evidence
from bot.domain.life import ALLOWED, Act, Stage
from bot.domain.people import Actor, Person, Role, allowed
from bot.domain.risk import Need


class Obstacle(StrEnum):
    """One reason why something can't be done to an article. Those of an article that is due name the news of a hold."""

    #: The act is impossible in this stage of the article's life.
    STAGE = "stage"
    HALTED = "halted"
    #: The article lacks evidence that newsroom.toml requires.
    UNPROVEN = "unproven"
    #: Only the address of its picture is known: the bytes could not be fetched when it came.
    UNKEPT = "unkept"
    #: What its first line says of the article that it follows up is untrue by now: that is retracted or being checked.
    UNSOUND = "unsound"
    NOWHERE = "nowhere"
    EXPIRED = "expired"
    #: Its time has passed long ago, because nobody was there to publish it.
    STALE = "stale"
    #: A risk rule holds it back until later.
    TOO_EARLY = "too_early"
    UNAPPROVED = "unapproved"
    #: The person who published it may no longer do that.
    UNAUTHORISED = "unauthorised"
    #: The person who gave it its time may no longer do that, and nobody approved it.
    ORPHANED = "orphaned"
    #: Its text in the database is damaged: only its number is known. Found while reading, not among the facts below.
    UNREADABLE = "unreadable"
    #: The log of acts does not know its text or its time as they stand: somebody worked on the database.
    FORGED = "forged"
    #: The time in which it could be stopped was over when this was said.
    TOO_LATE = "too_late"
    #: Somebody stopped it on its way.
    STOPPED = "stopped"
    #: The article is not paused: there is no time to go back to.
    UNTIMED = "untimed"
    PASSED = "passed"
    #: newsroom.toml asks for no approval.
    UNASKED = "unasked"
    #: Nobody on the desk may approve it.
    NOBODY = "nobody"
    #: It has all the approvals that it needs.
    APPROVED = "approved"
    #: The article is not what the desk was asked about, or what this person saw.
    CHANGED = "changed"
    #: Somebody else stopped or changed it after this was said.
    OVERTAKEN = "overtaken"
    #: Somebody has looked at it already after it went out.
    LOOKED_AT = "looked_at"
    #: This person sent it out alone.
    OWN_WORD = "own_word"
    #: This person is one of its authors.
    AUTHOR = "author"
    #: This person may not approve yet.
    NEWCOMER = "newcomer"
    #: This person speaks from an address that was linked a short while ago.
    NEW_ADDRESS = "new_address"
    #: This person invited one of its authors, or was invited by one, a short while ago.
    BOUND = "bound"
    UNTICKED = "unticked"
    #: A reporter changes only drafts of their own.
    ANOTHERS = "anothers"


@dataclass(frozen=True, slots=True)
class Times:
    """The instants that bound when an article may go out.

    `due_at`: the time that it has. `stale_from`: later than that it no longer goes out by itself. `opens_at`: when the
    hold of a risk rule ends. `possible_from`: the first instant at which somebody may approve it, if anybody will.
    `undo_over`: an /undo that is said later is too late; None: it can be stopped.
    """

    due_at: datetime | None = None
    stale_from: datetime | None = None
    expires_at: datetime | None = None
    opens_at: datetime | None = None
    possible_from: datetime | None = None
    undo_over: datetime | None = None


@dataclass(frozen=True, slots=True)
class Approvers:
    """The members whose approval counts: for the article as it is, with its time, and for going out whenever somebody
    publishes it. `bound`: members who invited an author or were invited by one a short while ago.
    """

    in_time: tuple[Person, ...] = ()
    at_once: tuple[Person, ...] = ()
    bound: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Question:
    """The question put to the desk, as a binding, and the member who asked, with all that are the same person."""

    binding: str
    by: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Left:
    """The grounds on which an article left.

    `answering`: how many of the members who approved it, or let it go on since, still may; None: the log does not say.
    `publisher_may`: whoever published it still may. `alone`: it left on an owner's word. `is_proven`: the log has its
    publication. `is_stopped`: it was stopped on its way.
    """

    answering: int | None = None
    publisher_may: bool = True
    alone: bool = False
    is_proven: bool = True
    is_stopped: bool = False


@dataclass(frozen=True, slots=True)
class Mandate:
    """May the person who timed or published it still do so, and does the log of acts know its text and its time?"""

    timer_may: bool = True
    publisher_may: bool = True
    text_is_proven: bool = True
    time_is_proven: bool = True
    left: Left = field(default_factory=Left)


@dataclass(frozen=True, slots=True)
class Word:
    """The word that asks for an act: the earliest instant at which it may have been said, None if just now; and when
    each person, as the log names them, stopped or changed the article last.
    """

    said_at: datetime | None = None
    changed: Mapping[str, datetime] = field(default_factory=dict)


#: What a follow-up says of its first article; any other standing needs no word.
_SAID = frozenset({Standing.CHECKING, Standing.RETRACTED})


@dataclass(frozen=True, slots=True)
class Followed:
    """The article that this one follows up: its `number`, the standing by this one's text, and the one that it has."""

    number: int
    said: Standing
    stands: Standing

    @property
    def now(self) -> Standing:
        """Return the standing that is to be said."""
        return self.stands if self.stands in _SAID else Standing.SOUND

    @property
    def is_true(self) -> bool:
        return self.said is self.now


@dataclass(frozen=True, slots=True)
class Lacks:
    """Things that the article still lacks: evidence that is required, the bytes of the picture that it names, or a true
    word about the article that it follows up.
    """

    evidence: tuple[Evidence, ...] = ()
    picture: bool = False
    followed: Followed | None = None

    @property
    def truth(self) -> bool:
        """True if what it says of the article that it follows up is untrue by now."""
        return self.followed is not None and not self.followed.is_true


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything that decides about an act on an article, at the instant `now`.

    `possible`: members who may approve it. `binding`: what an approval given now stands for.
    `own_of`: its first author while a reporter may change it.
    """

    stage: Stage
    now: datetime
    halted: bool = False
    lacks: Lacks = field(default_factory=Lacks)
    outlets: tuple[str, ...] = ()
    times: Times = field(default_factory=Times)
    need: Need = field(default_factory=Need)
    approvers: Approvers = field(default_factory=Approvers)
    authors: frozenset[int] = frozenset()
    possible: frozenset[int] = frozenset()
    binding: str = ""
    asked: Question | None = None
    mandate: Mandate = field(default_factory=Mandate)
    own_of: frozenset[int] = frozenset()
    word: Word = field(default_factory=Word)

    @property
    def said(self) -> datetime:
        return self.word.said_at or self.now

    @property
    def missing(self) -> int:
        """Return the number of approvals that are missing for the article as it is, with its time."""
        return max(0, self.need.approvals - len(self.approvers.in_time))

    @property
    def missing_at_once(self) -> int:
        return max(0, self.need.approvals - len(self.approvers.at_once))

    def may_approve(self, person: Person | None) -> bool:
        return person is not None and person.id in self.possible


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act that is about to happen. `at`: when the article would go out by it. `by`: the member who does it; None:
    whoever has the role. `seen`: the binding that a button came with; None: the one that the desk is asked about.
    """

    act: Act
    at: datetime
    by: Person | None = None
    seen: str | None = None
    ticked: Collection[str] = ()


def obstacles(
    readiness: Readiness,
    act: Act,
    at: datetime | None = None,
    *,
    by: Person | None = None,
    seen: str | None = None,
    ticked: Collection[str] = (),
) -> tuple[Obstacle, ...]:
    """All that stands in the way, the first to be said first; empty: nothing does. `at` None: at this instant.

    Where the stage forbids the act, nothing else is asked.
    """
    if act not in ALLOWED[readiness.stage]:
        return (Obstacle.STAGE,)
    attempt = Attempt(act, readiness.now if at is None else at, by, seen, ticked)
    return tuple([each for each in IN_THE_WAY[act] if STANDS[each](readiness, attempt)])


def has_other_eyes(readiness: Readiness, person: Person) -> bool:
    """True if this member's yes to the article would count, whatever else stands in its way."""
    attempt = Attempt(Act.APPROVE, readiness.now, person)
    return readiness.may_approve(person) and not any(STANDS[each](readiness, attempt) for each in _EYES)


def _is_unapproved(readiness: Readiness, attempt: Attempt) -> bool:
    """True if approvals are missing. One for a time holds for that time only; what has left needs those it left on."""
    if attempt.act is Act.GO_FURTHER:
        left = readiness.mandate.left
        return not left.alone and left.answering is not None and left.answering < readiness.need.approvals
    return (readiness.missing_at_once if attempt.act is Act.NOW else readiness.missing) > 0


def _is_changed(readiness: Readiness, attempt: Attempt) -> bool:
    asked = readiness.asked.binding if readiness.asked is not None else None
    return asked != readiness.binding or attempt.seen not in (None, readiness.binding)


def _is_forged(readiness: Readiness, attempt: Attempt) -> bool:
    known = readiness.mandate
    if attempt.act is Act.GO_FURTHER and not known.left.is_proven:
        return True
    return not known.text_is_proven or (attempt.act is Act.GO_OUT and not known.time_is_proven)


def _is_unauthorised(readiness: Readiness, attempt: Attempt) -> bool:
    """True if whoever published it no longer may; for what has left, unless somebody else answers for it."""
    left = readiness.mandate.left
    if attempt.act is Act.GO_FURTHER:
        return not left.publisher_may and not left.answering
    return not readiness.mandate.publisher_may


def _is_looked_at(readiness: Readiness, attempt: Attempt) -> bool:
    return readiness.asked is None or attempt.seen not in (None, readiness.asked.binding)


def _is_own_word(readiness: Readiness, attempt: Attempt) -> bool:
    asked, by = readiness.asked, attempt.by
    return by is not None and asked is not None and by.id in asked.by


def _is_overtaken(readiness: Readiness, attempt: Attempt) -> bool:
    """Return True if somebody else stopped or changed it later; a person's own acts are known to them."""
    word, me = readiness.word, Actor(person=attempt.by).recorded
    if word.said_at is None:  # just now, whatever the clock shows
        return False
    return any(at > word.said_at for who, at in word.changed.items() if who != me)


def _is_anothers(readiness: Readiness, attempt: Attempt) -> bool:
    own = attempt.by is not None and attempt.by.id in readiness.own_of
    return attempt.by is not None and not allowed(attempt.by, Role.REPORTER if own else Role.EDITOR)


#: Conditions under which each stands in the way of an attempt.
STANDS: Mapping[Obstacle, Callable[[Readiness, Attempt], bool]] = {
    Obstacle.HALTED: lambda it, _: it.halted,
    Obstacle.UNPROVEN: lambda it, _: bool(it.lacks.evidence),
    Obstacle.UNKEPT: lambda it, _: it.lacks.picture,
    Obstacle.UNSOUND: lambda it, _: it.lacks.truth,
    Obstacle.NOWHERE: lambda it, _: not it.outlets,
    Obstacle.EXPIRED: lambda it, attempt: it.times.expires_at is not None and attempt.at >= it.times.expires_at,
    Obstacle.STALE: lambda it, attempt: it.times.stale_from is not None and attempt.at > it.times.stale_from,
    Obstacle.TOO_EARLY: lambda it, attempt: it.times.opens_at is not None and attempt.at < it.times.opens_at,
    Obstacle.UNAPPROVED: _is_unapproved,
    Obstacle.UNAUTHORISED: _is_unauthorised,
    Obstacle.ORPHANED: lambda it, _: not it.mandate.timer_may and not it.approvers.in_time,
    Obstacle.FORGED: _is_forged,
    Obstacle.TOO_LATE: lambda it, _: it.times.undo_over is not None and it.said > it.times.undo_over,
    Obstacle.STOPPED: lambda it, _: it.mandate.left.is_stopped,
    Obstacle.UNTIMED: lambda it, _: it.times.due_at is None,
    Obstacle.PASSED: lambda it, _: it.times.due_at is not None and it.times.due_at <= it.now,
    Obstacle.UNASKED: lambda it, _: not it.need.approvals,
    Obstacle.NOBODY: lambda it, _: bool(it.need.approvals) and not it.possible,
    Obstacle.APPROVED: lambda it, _: bool(it.need.approvals) and not it.missing,
    Obstacle.CHANGED: _is_changed,
    Obstacle.OVERTAKEN: _is_overtaken,
    Obstacle.LOOKED_AT: _is_looked_at,
    Obstacle.OWN_WORD: _is_own_word,
    Obstacle.AUTHOR: lambda it, attempt: attempt.by is not None and attempt.by.id in it.authors,
    Obstacle.NEWCOMER: lambda it, attempt: attempt.by is not None and not attempt.by.may_approve(it.said),
    Obstacle.NEW_ADDRESS: lambda it, attempt: attempt.by is not None and attempt.by.speaks_from_a_new_address(it.said),
    Obstacle.BOUND: lambda it, attempt: attempt.by is not None and attempt.by.id in it.approvers.bound,
    Obstacle.UNTICKED: lambda it, attempt: not set(it.need.checklist) <= set(attempt.ticked),
    Obstacle.ANOTHERS: _is_anothers,
}

_LACKING = (Obstacle.UNPROVEN, Obstacle.UNKEPT, Obstacle.UNSOUND)
_TIMED = (Obstacle.OVERTAKEN, *_LACKING, Obstacle.NOWHERE, Obstacle.TOO_EARLY, Obstacle.EXPIRED)
_LEAVING = (Obstacle.HALTED, Obstacle.OVERTAKEN, Obstacle.FORGED, *_LACKING, Obstacle.NOWHERE, Obstacle.EXPIRED)
_EYES = (Obstacle.AUTHOR, Obstacle.NEWCOMER, Obstacle.NEW_ADDRESS, Obstacle.BOUND)
_ANSWER = (Obstacle.CHANGED, *_EYES)

#: Obstacles that each act can meet in the stages that allow it, the first to be said first.
IN_THE_WAY: Mapping[Act, tuple[Obstacle, ...]] = {
    Act.EDIT: (Obstacle.ANOTHERS,),
    Act.SUBMIT: (*_LACKING, Obstacle.NOWHERE, Obstacle.UNASKED, Obstacle.APPROVED, Obstacle.NOBODY),
    Act.APPROVE: (Obstacle.CHANGED, Obstacle.OVERTAKEN, *_EYES, Obstacle.UNTICKED),
    Act.TICK: _ANSWER,
    Act.ASK_CHANGES: _ANSWER,
    Act.LATER: _ANSWER,
    Act.REJECT: _ANSWER,
    Act.TIME: _TIMED,
    # An owner's word stands in for approvals and holds.
    Act.URGENT: (Obstacle.NEW_ADDRESS, *_LEAVING),
    Act.NOW: (*_LEAVING, Obstacle.TOO_EARLY, Obstacle.UNAPPROVED),
    Act.CANCEL: (),
    Act.UNDO: (Obstacle.TOO_LATE,),
    Act.PAUSE: (),
    Act.GO_ON: (Obstacle.UNTIMED, Obstacle.PASSED, *_TIMED),
    Act.SWAP: _TIMED,
    Act.PACE: (),
    Act.LOOK_BACK: (
        Obstacle.LOOKED_AT,
        Obstacle.OWN_WORD,
        *_EYES,
    ),
    Act.GO_FURTHER: (
        Obstacle.FORGED,
        Obstacle.UNPROVEN,
        Obstacle.UNAUTHORISED,
        Obstacle.UNAPPROVED,
        Obstacle.STOPPED,
    ),
    Act.STOP_SENDING: (),
    Act.LET_GO_ON: _EYES,
    Act.GO_OUT: (
        Obstacle.FORGED,
        Obstacle.EXPIRED,
        Obstacle.STALE,
        Obstacle.NOWHERE,
        *_LACKING,
        Obstacle.TOO_EARLY,
        Obstacle.UNAUTHORISED,
        Obstacle.UNAPPROVED,
        Obstacle.ORPHANED,
    ),
}
