"""The rules that a newsroom goes by: what changed between two starts, and what of that waits for an owner's yes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.safeguards import Safeguards, Weakening
from bot.domain.stored import to_json

#: The subject of every entry of the log about the rules.
CONFIG = "config"
#: Rules where a smaller number asks for less.
_LEAST = ("desk.approvals", "desk.undo", "desk.approve_after")
#: Rules where any change may let more out, or let it go elsewhere, or give somebody a right.
_ANY = ("OWNERS", "evidence.", "channels.", "risks.", "desk.groups")


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that is another than at the start before; None: there is, or was, no such rule."""

    rule: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.rule}: {self.before or '–'} → {self.after or '–'}"

    @property
    def weakens(self) -> bool:
        if self.rule in _LEAST:
            return _number(self.after) < _number(self.before)
        return self.rule.startswith(_ANY)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """Return the rules that differ, in the order of their names."""
    rules = sorted(before.keys() | after.keys())
    return [Change(each, before.get(each), after.get(each)) for each in rules if before.get(each) != after.get(each)]


def _number(text: str | None) -> float:
    return float(text or 0)


@dataclass(frozen=True, slots=True)
class Question:
    """Weaker safeguards that wait for the owners' yes. `needed`: how many owners say it; `approved`: members who did.

    `rules`: all rules as the files had them. `is_kept`: an owner said no, and the earlier ones stay.
    """

    id: str
    asked_at: datetime
    wanted: Safeguards
    weakening: tuple[Weakening, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    needed: int = 1
    approved: tuple[int, ...] = ()
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules as the log of acts has them. `in_force`: None before the first start that recorded safeguards.

    `rules`: the texts that are in force by their names; None before the first start.
    """

    in_force: Safeguards | None = None
    rules: Mapping[str, str] | None = None
    question: Question | None = None


def question_id(weakening: Iterable[Weakening], wanted: Safeguards) -> str:
    """The name of the question about these changes: the same at each start that finds the same safeguards.

    A yes is to all that the files ask for, so what became stricter since then asks another question.
    """
    return hashlib.sha256("\n".join([*map(str, weakening), to_json(wanted)]).encode()).hexdigest()[:16]
