"""The keys of a record, each with the checkpoints that it may sign; the root key vouches for all of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.record.notes import ED25519, SignerKey, Unsigned, VerifierKey, opened

#: The second line of the note.
TITLE = "keys"
_LINE = re.compile(r"(0|[1-9]\d{0,17}) (-|0|[1-9]\d{0,17}) (\S+)")


@dataclass(frozen=True, slots=True)
class Span:
    """A key, and the sizes of the checkpoints that it may sign, from `first` to `until`; None: up to today."""

    key: VerifierKey
    first: int = 0
    until: int | None = None

    def covers(self, size: int) -> bool:
        return self.first <= size and (self.until is None or size <= self.until)

    def __str__(self) -> str:
        return f"{self.first} {'-' if self.until is None else self.until} {self.key}"


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key that a record has had, the first one first; only the last may sign what comes."""

    spans: tuple[Span, ...]

    @property
    def last(self) -> VerifierKey:
        return self.spans[-1].key

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in (self.last.name, TITLE, *self.spans))

    def at(self, size: int) -> tuple[VerifierKey, ...]:
        """Return the keys that may sign a checkpoint of this size."""
        return tuple(span.key for span in self.spans if span.covers(size))

    def rotated(self, key: VerifierKey, size: int) -> Keys:
        """Return the keys with another one from `size` on. Raises `ValueError` if that can't be."""
        before = self.spans[-1]
        if key.name != before.key.name:
            raise ValueError(f"the new key must have the record's name, {before.key.name}")
        if key in {span.key for span in self.spans}:
            raise ValueError("this key has been the record's already: make another one")
        if size < before.first:
            raise ValueError(f"the key before counts from {before.first} entries on, so it can't end at {size}")
        return Keys((*self.spans[:-1], replace(before, until=size), Span(key, size)))

    @classmethod
    def parse(cls, text: str) -> Keys:
        """Read the text of the note. Raises `ValueError`."""
        name, title, *lines = [*text.splitlines(), "", ""]
        found = [_LINE.fullmatch(line) for line in lines[:-2]]
        if title != TITLE or not found or None in found:
            raise ValueError("it is no list of a record's keys")
        spans = [
            Span(VerifierKey.parse(each[3]), int(each[1]), None if each[2] == "-" else int(each[2]))
            for each in found
            if each is not None
        ]
        if not _follow(name, spans):
            raise ValueError("the keys of the record do not follow each other")
        return cls(tuple(spans))


def _follow(name: str, spans: Sequence[Span]) -> bool:
    """True if each span begins where the one before it ends, and only the last one is open."""
    ends = [0, *(span.until for span in spans)]
    is_of_record = all(span.key.name == name and span.key.kind == ED25519 for span in spans)
    return is_of_record and ends[-1] is None and all(span.first == end for span, end in zip(spans, ends, strict=False))


def keys_in(note: str, root: VerifierKey) -> Keys:
    """Return the keys that a root key vouches for. Raises `ValueError`."""
    try:
        return Keys.parse(opened(note, [root]).text)
    except Unsigned as error:
        raise ValueError(f"the list of keys is not signed by that root key: {error}") from error


def listed(file: Path) -> Keys | None:
    """Return the keys in the file of our own note; None if the record has had only one. Raises `ValueError`."""
    try:
        note = file.read_text("utf-8")
    except FileNotFoundError:
        return None
    return Keys.parse(note.rpartition("\n\n")[0] + "\n")


def keys_file(database: Path) -> Path:
    """Return the file of the note, beside the database."""
    return database.with_name(database.name + ".keys")


def vouched(keys: Keys, root: SignerKey) -> str:
    """Return the note of the keys, signed by the root key."""
    return root.signed(keys.text)
