"""An article and all that the desk did about it, as the store has it: what every decision about it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.domain.countdown import Countdown
from bot.domain.entry import Entry
from bot.domain.people import Writer
from bot.domain.review import Decision, Review


@dataclass(frozen=True, slots=True)
class Approval:
    """One member's yes to exactly what `binding` stands for; it was not voided.

    `ticks`: what of the checklist they had checked.
    """

    member_id: int
    binding: str
    ticks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proven:
    """True for each part of an article that the log of acts proves: its text as it stands, and its time."""

    text: bool = True
    time: bool = True


@dataclass(frozen=True, slots=True)
class Dossier:
    """`asked`: the question that the desk has not answered yet; `decision`: the last no, whatever became of it since.

    `timed_by`: who gave the article its time, as the audit log names them. `is_leaving`: some of its dispatches are
    under way. `writers`: everybody who wrote a version. `is_halted`: of the whole house.
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


def has_approved(given: Iterable[Approval], member_id: int, binding: str) -> bool:
    """True if this member said yes to exactly that."""
    return any((each.member_id, each.binding) == (member_id, binding) for each in given)
