"""An article and all that the desk did about it, as the store has it: what every decision about it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.authority import Published
from bot.domain.change import Standing
from bot.domain.countdown import Countdown
from bot.domain.entry import Entry
from bot.domain.people import Writer
from bot.domain.review import Decision, Review


@dataclass(frozen=True, slots=True)
class Approval:
    """One member's yes to exactly what `binding` stands for; it was not voided.

    `ticks`: what of the checklist they had checked. `meant`: the time that was approved, or when it was if the article
    had none; None: the log does not say.
    """

    member_id: int
    binding: str
    ticks: tuple[str, ...] = ()
    meant: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """True for each part of an article that the log of acts proves: its text as it stands, its time and its expiry."""

    text: bool = True
    time: bool = True
    expiry: bool = True


@dataclass(frozen=True, slots=True)
class Way:
    """An article's way out as the log knows it: its publication, None if there was none; whether it was stopped on it;
    and the members who let it go on after that. `is_known`: the log knows the article at all.
    """

    published: Published | None = None
    is_stopped: bool = False
    let_on_by: frozenset[int] = frozenset()
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """`asked`: the question that the desk has not answered yet; `decision`: the last no, whatever became of it since.

    `timed_by`: who gave the article its time, as the audit log names them. `is_leaving`: some of its dispatches are
    under way. `writers`: everybody who wrote a version. `is_halted`: of the whole house. `changed`: when each person,
    as the log names them, stopped or changed it last. `undo_until`: until then whoever published it could be stopped.
    `way`: what it left on. `earlier`: how the article stands that it follows up.
    """

    entry: Entry
    asked: Review | None = None
    decision: Decision | None = None
    countdown: Countdown | None = None
    timed_by: str | None = None
    is_leaving: bool = False
    is_halted: bool = False
    writers: frozenset[Writer] = frozenset()
    approvals: tuple[Approval, ...] = ()
    proven: Proven = field(default_factory=Proven)
    changed: Mapping[str, datetime] = field(default_factory=dict)
    undo_until: datetime | None = None
    way: Way = field(default_factory=Way)
    earlier: Standing | None = None


def has_approved(given: Iterable[Approval], member_id: int, binding: str) -> bool:
    """True if this member said yes to exactly that."""
    return any((each.member_id, each.binding) == (member_id, binding) for each in given)
