"""The rows that the record's files are made from, as a store hands them out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.record.entries import Entry


@dataclass(frozen=True, slots=True)
class RecordHead:
    """`at`: of the last entry, in UTC milliseconds. `published`: see the table; while it is not 0, entries wait.

    `since`: the audit log's last entry when the record began.
    """

    size: int
    at: int
    published: int
    since: int


@dataclass(frozen=True, slots=True)
class Noted:
    """A publication as the audit log tells of it. `index`: of its entry; None if that had to wait."""

    article: int
    version: int | None
    index: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as its bytes were committed to, with its salt."""

    salt: bytes
    body: bytes


class Shelf(Protocol):
    """The questions that the record's files are made from."""

    async def record_head(self) -> RecordHead: ...

    async def record_hashes(self, level: int, number: int) -> list[bytes]:
        """Return the hashes that a tile has today."""
        ...

    async def record_bodies(self, first: int, end: int) -> list[bytes]:
        """Return the entries from `first` on and before `end`."""
        ...

    async def recorded(self, article_id: int) -> list[tuple[int, Entry]]:
        """Return the entries of an article with their indexes, oldest first."""
        ...

    async def kept_document(self, article_id: int, version: int) -> Kept | None: ...

    async def sentences_from(self, first: str, end: str) -> list[tuple[str, int, int]]:
        """Return hashes from `first` on and before `end`, each with its article and version."""
        ...

    async def noted_publications(self, since: int) -> list[Noted]:
        """Return the publications that the audit log has after its entry `since`."""
        ...
