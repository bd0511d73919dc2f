"""The audit chain: what was done, by whom, each entry sealed by the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: What the first entry follows: the head of an empty chain.
GENESIS = "0" * 64
#: Who acts when nobody pressed or typed anything. Older entries say "visnyk".
SYSTEM = "system"
#: So much of a hash is shown where all of it is too long.
SHORT = 12
#: Of each entry as it is stored, in the order that `follow` takes.
COLUMNS = ("id", "at", "actor", "act", "subject", "detail", "hash")
_ACT = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`at`: UTC milliseconds. `actor`: `person:3` of the desk, the address of a stranger (also of the desk's people in
    older entries), or `system`. `subject`: `article:12` or empty."""

    id: int
    at: int
    actor: str
    act: str
    subject: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number and hash. As text `ID:HASH`, what the desk is told daily.

    One that was noted may have only the beginning of the hash, 12 digits or more.
    """

    id: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"

    @property
    def short(self) -> str:
        """For names of files: the number and the first 12 digits."""
        return f"{self.id}-{self.hash[:SHORT]}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Either form. Raises `ValueError`."""
        found = re.fullmatch(rf"\s*(\d{{1,15}})\s*[:-]\s*([0-9a-fA-F]{{{SHORT},64}})\s*", text, re.ASCII)
        if found is None:
            raise ValueError("A head is a number, a colon and 12 to 64 hexadecimal digits.")
        return cls(int(found[1]), found[2].lower())

    def is_noted_as(self, noted: Head) -> bool:
        """Is `noted` this one, as far as it goes?"""
        return self.id == noted.id and self.hash.startswith(noted.hash)

    def then(self, entry: AuditEntry) -> Head:
        """The chain's head after `entry`."""
        return Head(entry.id, hashlib.sha256(self.hash.encode() + canonical(entry)).hexdigest())


@dataclass(frozen=True, slots=True)
class Fault:
    """`entry` is the first that is not as it was written; 0: it is about the whole."""

    entry: int
    what: str

    def __str__(self) -> str:
        return f"Entry {self.entry} {self.what}" if self.entry else f"The audit log: {self.what}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`head` is the end of what is sound."""

    head: Head
    fault: Fault | None


def canonical_json(value: object) -> str:
    """The one way to write a value: keys sorted, no spaces, no escapes but JSON's own.

    Raises `ValueError` for what JSON has no form for (NaN), `TypeError` for what is no JSON value.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(entry: AuditEntry) -> bytes:
    """What is hashed. Raises `ValueError` where a text is not Unicode (a lone surrogate)."""
    return canonical_json(
        {
            "id": entry.id,
            "at": entry.at,
            "actor": entry.actor,
            "act": entry.act,
            "subject": entry.subject,
            "detail": entry.detail,
        }
    ).encode()


def is_act(text: str) -> bool:
    """`article.submitted`: lower-case words with dots between."""
    return _ACT.fullmatch(text) is not None


def follow(head: Head, row: Sequence[Any]) -> tuple[Head, Fault | None]:
    """The head after one more row, which must be the next one as it was written."""
    number = head.id + 1
    stored = dict(zip(COLUMNS, row, strict=True))
    if not isinstance(stored["id"], int) or stored["id"] != number:
        before = isinstance(stored["id"], int) and stored["id"] < number
        return head, Fault(stored["id"] if before else number, "was put in." if before else "is missing.")
    try:
        detail = json.loads(stored["detail"])
        entry = AuditEntry(number, stored["at"], stored["actor"], stored["act"], stored["subject"], detail)
        after = head.then(entry)
        same = canonical_json(detail) == stored["detail"] and after.hash == stored["hash"]
    except (ValueError, TypeError, RecursionError):
        same = False
    return (after, None) if same else (head, Fault(number, "is not as it was written."))
