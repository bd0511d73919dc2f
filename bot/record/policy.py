"""A policy (https://c2sp.org/tlog-policy): whose record it is, and how many witnesses must have seen it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.record.checking import Broken
from bot.record.notes import Unsigned, VerifierKey, opened

_NONE = "none"


@dataclass(frozen=True, slots=True)
class Group:
    """So many of some witnesses or groups, each by its name."""

    least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """`quorum`: the witness or group that must have cosigned a checkpoint; "none": nobody need have."""

    logs: tuple[VerifierKey, ...]
    witnesses: dict[str, VerifierKey] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    quorum: str = _NONE

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Read a policy. Raises `ValueError` with the line that can't be read."""
        logs: list[VerifierKey] = []
        witnesses: dict[str, VerifierKey] = {}
        groups: dict[str, Group] = {}
        quorum = ""
        for line in (each.split("#")[0].strip() for each in text.splitlines()):
            match line.split():
                case []:
                    continue
                case ["log", key, *_]:
                    logs.append(VerifierKey.parse(key))
                case ["witness", name, key, *_] if name not in (*witnesses, *groups, _NONE):
                    witnesses[name] = VerifierKey.parse(key)
                case ["group", name, least, *members] if name not in (*witnesses, *groups, _NONE):
                    groups[name] = _group(line, least, members, {*witnesses, *groups})
                case ["quorum", name] if not quorum and name in (*witnesses, *groups, _NONE):
                    quorum = name
                case _:
                    raise ValueError(f"a policy can't say: {line}")
        if not logs or not quorum:
            raise ValueError("a policy names a log, and a quorum at its end")
        return cls(tuple(logs), witnesses, groups, quorum)

    def is_met(self, note: str) -> bool:
        """True if the log signed a note and the quorum of witnesses cosigned it."""
        try:
            signers = opened(note, [*self.logs, *self.witnesses.values()]).signers
        except Unsigned:
            return False
        return not signers.isdisjoint(self.logs) and self._has(self.quorum, signers)

    def check(self, note: str) -> None:
        """Raise `Broken` unless the note is signed and cosigned as this asks for."""
        if not self.is_met(note):
            who = "the newsroom's key" if self.quorum == _NONE else "the newsroom's key and enough witnesses"
            raise Broken(f"the checkpoint is not signed by {who}")

    def _has(self, name: str, signers: frozenset[VerifierKey]) -> bool:
        if name == _NONE:
            return True
        if name in self.witnesses:
            return self.witnesses[name] in signers
        group = self.groups[name]
        return sum(self._has(each, signers) for each in group.members) >= group.least


def _group(line: str, least: str, members: Sequence[str], known: set[str]) -> Group:
    count = {"any": 1, "all": len(members)}.get(least) or (int(least) if least.isdecimal() else 0)
    if not 1 <= count <= len(set(members)) == len(members) or not known.issuperset(members):
        raise ValueError(f"a policy can't say: {line}")
    return Group(count, tuple(members))


def policy_of(log: VerifierKey, witnesses: Sequence[tuple[str, str]], quorum: int) -> str:
    """Return the policy of a record. `witnesses`: the address and key of each."""
    lines = [f"log {log}"]
    for number, (url, key) in enumerate(witnesses, 1):
        lines.append(f"witness w{number} {key} {url}")
    if quorum:
        lines.append(f"group seen {quorum} {' '.join(f'w{number}' for number in range(1, len(witnesses) + 1))}")
    return "".join(f"{line}\n" for line in (*lines, f"quorum {'seen' if quorum else _NONE}"))
