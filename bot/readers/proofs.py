"""The entry of the public record that somebody asks about: by an article's number, or by a code or address of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.codes import article_of, code_of, index_of
from bot.domain.open_record import OpenRecord
from bot.record.checking import since_of
from bot.record.entries import Act, Document, Entry
from bot.storage import Queries

_NUMBER = re.compile(r"[#№]?\s*([1-9]\d{0,14})")
#: What stands before the code in an address of ours.
_BEFORE_CODE = re.compile(r".*(?:/v/|#)")


@dataclass(frozen=True, slots=True)
class Proved:
    """An entry by which a version came out. `headline`: None if its text was removed; `since`: what became of it."""

    index: int
    entry: Entry
    headline: str | None
    since: Act | None

    @property
    def code(self) -> str:
        return code_of(self.index)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An article by its number, or an entry by its index; neither if what was typed is none of both."""

    article: int = 0
    index: int | None = None


def wanted(typed: str) -> Wanted:
    """Return what somebody asks about."""
    said = typed.strip()
    if found := _NUMBER.fullmatch(said):
        return Wanted(article=int(found[1]))
    code = _BEFORE_CODE.sub("", said)
    return Wanted(article_of(code) or 0, index_of(code))


async def opened(read: Queries, record: OpenRecord, links: Iterable[str]) -> int:
    """Return the published article that one of these addresses of our record opens; 0 if none does."""
    for link in links:
        asked = wanted(code) if (code := record.code_in(link)) else Wanted()
        if (asked.article or asked.index is not None) and (found := await proved(read, asked)) is not None:
            return found.entry.article
    return 0


async def proved(read: Queries, asked: Wanted) -> Proved | None:
    """Return the newest version on record of an article, or the one of an index; None if it is not on record."""
    article = asked.article or await _article_at(read, asked.index)
    entries = await read.recorded(article) if article else []
    published = [(index, entry) for index, entry in entries if entry.what]
    if not published:
        return None
    version = dict(entries)[asked.index].version if asked.index is not None else published[-1][1].version
    # A withdrawal names no version: then the newest one was asked about.
    version = version or published[-1][1].version
    index, entry = next(each for each in published if each[1].version == version)
    kept = await read.kept_document(article, version)
    headline = Document.parse(kept.body).headline if kept is not None else None
    return Proved(index, entry, headline, since_of(entry, [each for _, each in entries]))


async def _article_at(read: Queries, index: int | None) -> int:
    bodies = await read.record_bodies(index, index + 1) if index is not None else []
    return Entry.parse(bodies[0]).article if bodies else 0
