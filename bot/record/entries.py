"""An entry of the record: what became of which version, bound to its text by a salted commitment. No persons."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

#: Bytes of an entry, characters of a note and bytes of a salt, at most or exactly.
LONGEST, NOTE, SALT = 1_000, 200, 32
#: The version of the entries' form.
FORM = 1


class Act(StrEnum):
    """The acts that the record tells of. `KEY` and `CHANNEL` are about ourselves, not an article."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CLARIFIED = "clarified"
    CORRECTED = "corrected"
    TYPO = "typo"
    CHECKING = "checking"
    RESTORED = "restored"
    RETRACTED = "retracted"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    KEY = "key"
    CHANNEL = "channel"


def canonical(value: object) -> bytes:
    """Return the only JSON for a value: sorted keys, no spaces, no escapes but JSON's own, NFC, integers only."""
    text = json.dumps(_checked(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def _checked(value: object) -> object:
    """Return a value that JavaScript writes alike. Raises `ValueError` for a float or an integer beyond 2 ** 53."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 1 << 53):
        raise ValueError(f"not for the record: {value!r}")
    if isinstance(value, Mapping):
        return {str(key): _checked(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_checked(each) for each in value]
    return value


def commitment(salt: bytes, document: bytes) -> str:
    """Return what binds an entry to a document: without the salt nobody can guess the text from it."""
    return hashlib.sha256(salt + document).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """`at`: UTC milliseconds; `before`: the commitment of the version that this one follows; `note`: for readers."""

    act: Act
    at: int
    article: int = 0
    version: int = 0
    what: str = ""
    before: str = ""
    media: tuple[str, ...] = ()
    note: str = ""

    @property
    def body(self) -> bytes:
        """The bytes that stand in the record: what is empty is left out. Raises `ValueError` if they are too many."""
        said = {
            "article": self.article,
            "version": self.version,
            "what": self.what,
            "before": self.before,
            "media": list(self.media),
            "note": shortened(self.note),
        }
        body = canonical(
            {"v": FORM, "act": self.act, "at": self.at, **{key: each for key, each in said.items() if each}}
        )
        if len(body) > LONGEST:
            raise ValueError(f"an entry of {len(body)} bytes")
        return body

    @classmethod
    def parse(cls, body: bytes) -> Entry:
        """Read an entry in its only form. Raises `ValueError`."""
        try:
            found: dict[str, Any] = json.loads(body)
            entry = cls(
                act=Act(found["act"]),
                at=int(found["at"]),
                article=int(found.get("article", 0)),
                version=int(found.get("version", 0)),
                what=str(found.get("what", "")),
                before=str(found.get("before", "")),
                media=tuple(map(str, found.get("media", ()))),
                note=str(found.get("note", "")),
            )
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError("it is no entry of a record") from error
        if entry.body != body:
            raise ValueError("it is no entry of a record, or of a later form")
        return entry


def tells_of(body: bytes, acts: Iterable[Act]) -> bool:
    """True if an entry in its only form is of one of these acts: its act stands first. Many are told apart unread."""
    return body.startswith(tuple(f'{{"act":"{act}",'.encode() for act in acts))


def shortened(note: str) -> str:
    """Return a note as the record takes it: one line of at most 200 characters."""
    line = re.sub(r"\s+", " ", unicodedata.normalize("NFC", note)).strip()
    return line if len(line) <= NOTE else f"{line[: NOTE - 1]}…"


@dataclass(frozen=True, slots=True)
class Document:
    """The public text of a version: never the desk's note, its authors or its origin.

    `texts`: what readers of each outlet saw, by its name; `links`: the addresses of the article and around it, without
    their schemes; `furniture`: the newsroom's own lines below a text, which need not be there.
    """

    article: int
    version: int
    language: str
    headline: str
    text: str
    status: str = ""
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    media: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def whole(self) -> str:
        return f"{self.headline}\n\n{self.text}" if self.text else self.headline

    @property
    def body(self) -> bytes:
        return canonical(
            {
                "article": self.article,
                "version": self.version,
                "language": self.language,
                "headline": self.headline,
                "text": self.text,
                "status": self.status,
                "sources": list(self.sources),
                "links": list(self.links),
                "furniture": list(self.furniture),
                "media": list(self.media),
                "texts": dict(self.texts),
            }
        )

    @classmethod
    def parse(cls, body: bytes) -> Document:
        """Read a document. Raises `ValueError`."""
        try:
            found: dict[str, Any] = json.loads(body)
            return cls(
                **{
                    **found,
                    **{name: tuple(map(str, found[name])) for name in ("sources", "links", "furniture", "media")},
                    "texts": {str(key): str(text) for key, text in found["texts"].items()},
                }
            )
        except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
            raise ValueError("it is no document of a record") from error
