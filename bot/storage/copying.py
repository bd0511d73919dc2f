"""Copying a whole database from one engine's tables into another's, row by row, and checking that nothing changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any, Protocol

from bot.errors import CannotStart
from bot.storage.safe import STATEMENTS, values

#: Rows between two words about how far it is.
STEP = 10_000
#: The values of one row: whole numbers, texts, bytes, or None.
Row = Sequence[Any]


class Tables(Protocol):
    """The tables of one database, in one state of it, or open to be filled."""

    def columns(self) -> Mapping[str, Sequence[str]]:
        """Return each table of ours with its columns; a table comes after those that it refers to."""
        ...

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Row]:
        """Return the rows of a table, by and by."""
        ...

    def count(self, table: str) -> int: ...

    def given(self) -> Mapping[str, int]:
        """Return the highest number ever given in each table that gives numbers: none is given again."""
        ...

    def filling(self) -> AbstractContextManager[None]:
        """Everything that is filled inside stands together at the end, or nothing does; no guard of a table objects."""
        ...

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Put these rows in the place of those that the table has."""
        ...

    def change(self, sql: str, params: Mapping[str, Any]) -> None:
        """Execute a statement whose parameters are written `:name`."""
        ...

    def give_after(self, table: str, number: int) -> None:
        """Let the next number that the table gives be a higher one."""
        ...


@dataclass(slots=True)
class Sum:
    """The number of rows, and a sum over what they hold, whatever their order."""

    rows: int = 0
    total: int = 0

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Pass the rows on, with each text as every engine can keep it."""
        for row in rows:
            kept = tuple(each.replace("\0", "\ufffd") if isinstance(each, str) else each for each in row)
            self.rows += 1
            self.total = (self.total + _number(kept)) % 2**64
            yield kept


def _number(row: Row) -> int:
    return int.from_bytes(blake2b(repr(row).encode("utf-8", "surrogateescape"), digest_size=8).digest())


def copy(source: Tables, target: Tables, tell: Callable[[int, int], None], safe_at: datetime | None = None) -> int:
    """Fill `target` with what `source` holds, and read it again; return how many rows. `tell`: rows done, and of all.

    `safe_at`: now, if nothing may leave the copy by itself; None: it is an exact one.

    Raises `CannotStart` when something came out otherwise than it was; then `target` is as it was before.
    """
    tables, there = source.columns(), target.columns()
    if tables.keys() != there.keys():
        raise CannotStart(f"The databases differ in {', '.join(sorted(tables.keys() ^ there.keys()))}.")
    done, of_all = 0, sum(source.count(table) for table in tables)
    with target.filling():
        for table, columns in there.items():
            sent, arrived = Sum(), Sum()
            target.fill(table, columns, _told(sent.of(source.rows(table, columns)), done, of_all, tell))
            for _ in arrived.of(target.rows(table, columns)):
                pass
            if sent != arrived:
                raise CannotStart(f"The rows of {table} did not arrive as they were; nothing was changed.")
            done += sent.rows
            tell(done, of_all)
        for table, number in source.given().items():
            target.give_after(table, number)
        if safe_at is not None:
            for statement in STATEMENTS:
                target.change(statement, values(safe_at))
    return done


def _told(rows: Iterator[Row], done: int, of_all: int, tell: Callable[[int, int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % STEP == 0:
            tell(done + number, of_all)
        yield row
