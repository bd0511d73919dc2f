"""The rules that a newsroom goes by, as flat texts: what changed between two starts, and what of that weakens them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
