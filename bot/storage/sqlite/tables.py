"""The tables of a SQLite file, whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.errors import NotStored
from bot.storage.sqlite.opening import BUSY

_NAMES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
_GUARDS = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"


class FileTables:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def columns(self) -> Mapping[str, Sequence[str]]:
        names = [name for (name,) in self._connection.execute(_NAMES)]
        return {name: [row[1] for row in self._connection.execute(f"PRAGMA table_info({name})")] for name in names}

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        yield from self._connection.execute(f"SELECT {', '.join(columns)} FROM {table}")  # noqa: S608 - ours

    def count(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - ours

    def given(self) -> Mapping[str, int]:
        return dict(self._connection.execute("SELECT name, seq FROM sqlite_sequence"))

    @contextmanager
    def filling(self) -> Iterator[None]:
        self._connection.execute("PRAGMA foreign_keys=OFF")
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            guards = self._connection.execute(_GUARDS).fetchall()
            for name, _ in guards:
                self._connection.execute(f"DROP TRIGGER {name}")
            yield
            for _, sql in guards:
                self._connection.execute(sql)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        marks = ", ".join("?" * len(columns))
        self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - ours
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - ours

    def change(self, sql: str, params: Mapping[str, Any]) -> None:
        self._connection.execute(sql, params)

    def give_after(self, table: str, number: int) -> None:
        """A table that has given none yet has no row there."""
        known = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        sql = "INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)"
        if known is not None:
            sql = "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?"
        self._connection.execute(sql, (number, table))


@contextmanager
def tables_of(path: Path, *, read_only: bool) -> Iterator[FileTables]:
    """The tables of a file; to read them is to see one state of it. Raises `NotStored`."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY / 1000, isolation_level=None)) as file:
            if read_only:
                file.execute("PRAGMA query_only=ON")
                file.execute("BEGIN")
            yield FileTables(file)
    except sqlite3.Error as error:
        raise NotStored(str(error)) from error
