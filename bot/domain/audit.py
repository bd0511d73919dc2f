"""The audit chain: who did what, each entry sealed by the hash of the one before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

#: The head of an empty chain, which the first entry follows.
GENESIS = "0" * 64
#: The actor of what nobody pressed or typed. Older entries say "visnyk".
SYSTEM = "system"
#: The actor where somebody who is not of the desk was refused: nobody's id stands in the log for ever.
STRANGER = "stranger"
#: Digits of a hash that are shown where all 64 are too many.
SHORT = 12
#: Columns of a stored entry, in the order that `follow` takes.
COLUMNS = ("id", "at", "actor", "act", "subject", "detail", "hash")
#: A text as `canonical_json` writes it.
_quoted = json.encoder.encode_basestring
_ACT = re.compile(r"[a-z_]+(\.[a-z_]+)+")


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log. `at` is in UTC milliseconds; `subject` is `article:12` or empty.

    `actor`: `person:3` of the desk, `system`, or `stranger`; in older entries also an address.
    """

    id: int
    at: int
    actor: str
    act: str
    subject: str
    detail: Mapping[str, Any]


def said_in(entry: AuditEntry) -> datetime:
    """Return when the words were said that did it, if they were read later; else when it was done."""
    said = entry.detail.get("said")
    return datetime.fromisoformat(said) if said is not None else datetime.fromtimestamp(entry.at / 1000, UTC)


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain: its number and hash. The desk is told it daily, as `ID:HASH`.

    A head that somebody noted down may have only the first 12 or more digits of the hash.
    """

    id: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        return f"{self.id}:{self.hash}"

    @property
    def short(self) -> str:
        """The number and the first 12 digits, for names of files."""
        return f"{self.id}-{self.hash[:SHORT]}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read a head in its long or its short form. Raises `ValueError`."""
        found = re.fullmatch(rf"\s*(\d{{1,15}})\s*[:-]\s*([0-9a-fA-F]{{{SHORT},64}})\s*", text, re.ASCII)
        if found is None:
            raise ValueError("A head is a number, a colon and 12 to 64 hexadecimal digits.")
        return cls(int(found[1]), found[2].lower())

    def is_noted_as(self, noted: Head) -> bool:
        """True if `noted` is this head, as far as its digits go."""
        return self.id == noted.id and self.hash.startswith(noted.hash)

    def then(self, entry: AuditEntry) -> Head:
        """The chain's head after `entry`."""
        return Head(entry.id, hashlib.sha256(self.hash.encode() + canonical(entry)).hexdigest())


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a log. `entry` is the first that differs from what was written; 0 means the whole log."""

    entry: int
    what: str

    def __str__(self) -> str:
        return f"Entry {self.entry} {self.what}" if self.entry else f"The audit log: {self.what}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of checking a log. `head` is the last sound entry; `unproven`: rows that are not as it says."""

    head: Head
    fault: Fault | None
    unproven: tuple[str, ...] = ()


def canonical_json(value: object) -> str:
    """The only JSON for a value: sorted keys, no spaces, no escapes but JSON's own.

    Raises `ValueError` for NaN and its like, `TypeError` for anything else that JSON can't express.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(entry: AuditEntry) -> bytes:
    """The bytes of an entry that are hashed. Raises `ValueError` if a text has a lone surrogate."""
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
    """True for lower-case words joined by dots, such as `article.submitted`."""
    return _ACT.fullmatch(text) is not None


def follow(head: Head, row: Sequence[Any]) -> tuple[Head, Fault | None]:
    """The head after one more row, or the fault if that row is not the next one as it was written."""
    number = head.id + 1
    found, seal = row[0], row[-1]
    if not isinstance(found, int) or found != number:
        before = isinstance(found, int) and found < number
        return head, Fault(found if before else number, "was put in." if before else "is missing.")
    if goes_on(head.id, head.hash, row):
        return Head(number, seal), None
    return head, Fault(number, "is not as it was written.")


def goes_on(number: int, seal: str, row: Sequence[Any]) -> bool:
    """True if this row was written as the next one after entry `number`, whose hash is `seal`.

    The detail is read for the hash alone, so it need not be parsed: every other text ends at its own quote, and no two
    entries have the same form.
    """
    following, at, actor, act, subject, detail, own = row
    if following != number + 1 or type(at) is not int:
        return False
    try:
        text = (
            f'{seal}{{"act":{_quoted(act)},"actor":{_quoted(actor)},"at":{at},"detail":{detail},"id":{following},'
            f'"subject":{_quoted(subject)}}}'
        )
        return bool(hashlib.sha256(text.encode()).hexdigest() == own)
    except (ValueError, TypeError):
        return False
