"""Statements and values in PostgreSQL's words: parameters, and columns that come back as SQLite would give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from psycopg import AsyncConnection, AsyncCursor, BaseConnection, Cursor
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.rows import no_result

#: A text in quotes, which stays as it is, or the name of a parameter.
_NAMED = re.compile(r"'[^']*'|(?<!:):(\w+)")
#: The numbers by which PostgreSQL knows its types.
_BIGINT, _UNKNOWN = 20, 705
#: The first whole number that is too large.
_BEYOND = 2**63


@lru_cache(maxsize=2048)
def converted(sql: str) -> bytes:
    """Write a statement's `:name` as the driver wants it: `%(name)s`."""
    return _NAMED.sub(_placed, sql.replace("%", "%%")).encode()


def positional(sql: str) -> bytes:
    """Write a statement's `?` as the driver wants it: `%s`."""
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _placed(found: re.Match[str]) -> str:
    return f"%({found[1]})s" if found[1] else found[0]


class Row(tuple[Any, ...]):
    """One row of an answer: its columns by name or by place."""

    places: dict[str, int]

    def __getitem__(self, column: Any, /) -> Any:
        return super().__getitem__(self.places[column] if isinstance(column, str) else column)

    def keys(self) -> list[str]:
        return list(self.places)


Connection = AsyncConnection[Row]


def rows(cursor: AsyncCursor[Any] | Cursor[Any]) -> Callable[[Sequence[Any]], Row]:
    """Make rows of what a cursor brings. Of two columns with one name the first is meant, as in SQLite."""
    if cursor.description is None:
        return no_result
    names = [column.name for column in cursor.description]
    places = {name: names.index(name) for name in names}

    def made(values: Sequence[Any]) -> Row:
        row = Row(values)
        row.places = places
        return row

    return made


class WholeNumber(Dumper):
    """Every whole number is a BIGINT, a truth is 1 or 0: sums of small ones can't overflow."""

    oid = _BIGINT

    def dump(self, obj: int) -> Buffer | None:
        if not -_BEYOND <= obj < _BEYOND:
            raise OverflowError("a whole number is too large for the database")
        return str(int(obj)).encode()

    def quote(self, obj: int) -> bytes:
        """Write it into a statement of the driver's own, like the length of a FETCH."""
        return str(int(obj)).encode()


class Text(Dumper):
    """Text as it is, but for the character NUL, which PostgreSQL can't keep."""

    oid = _UNKNOWN

    def dump(self, obj: str) -> Buffer | None:
        return obj.replace("\0", "\ufffd").encode()


class Number(Loader):
    """A sum of whole numbers is a whole number."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return int(text) if text.lstrip("-").isdigit() else float(text)


class Truth(Loader):
    """A truth is 1 or 0."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


def teach(connection: BaseConnection[Any]) -> None:
    """Let values go and come as they do with SQLite."""
    adapters = connection.adapters
    for kind in (int, bool):
        adapters.register_dumper(kind, WholeNumber)
    adapters.register_dumper(str, Text)
    adapters.register_loader("numeric", Number)
    adapters.register_loader("bool", Truth)
