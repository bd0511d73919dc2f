"""The tables of a PostgreSQL database, whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from bot.errors import NotStored
from bot.storage.postgres.opening import CONNECT
from bot.storage.postgres.words import converted, teach

_COLUMNS = """SELECT tablename, column_name FROM pg_tables
    JOIN information_schema.columns ON table_schema = schemaname AND table_name = tablename
    WHERE schemaname = current_schema() AND tablename <> 'visnyk' ORDER BY tablename, ordinal_position"""
_REFERS = """SELECT CAST(conrelid AS regclass)::text, CAST(confrelid AS regclass)::text FROM pg_constraint
    WHERE contype = 'f' AND conrelid <> confrelid AND connamespace = CAST(current_schema() AS regnamespace)"""
_GIVES = """SELECT tablename, pg_get_serial_sequence(quote_ident(tablename), column_name) AS sequence
    FROM pg_tables JOIN information_schema.columns ON table_schema = schemaname AND table_name = tablename
    WHERE schemaname = current_schema() AND is_identity = 'YES'"""
_GUARDED = ("audit", "audit_head")


class ServerTables:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def columns(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for table, column in self._connection.execute(_COLUMNS.encode()):
            found.setdefault(table, []).append(column)
        refers: dict[str, set[str]] = {table: set() for table in found}
        for table, other in self._connection.execute(_REFERS.encode()):
            refers[table].add(other)
        return {table: found[table] for table in _after_each_other(refers)}

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
        with self._connection.cursor(name="whole") as cursor:
            cursor.itersize = 5000
            yield from cursor.execute(f"SELECT {_listed(columns)} FROM {table}".encode())  # noqa: S608 - ours

    def count(self, table: str) -> int:
        row = self._connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()  # noqa: S608 - ours
        return int(row[0]) if row is not None else 0

    def given(self) -> Mapping[str, int]:
        """Return also the end of the log, which in a file is given by the engine."""
        found = {table: self._last(sequence) for table, sequence in self._gives().items()}
        return {table: number for table, number in {**found, "audit": self.count("audit")}.items() if number}

    @contextmanager
    def filling(self) -> Iterator[None]:
        with self._connection.transaction():
            for table in _GUARDED:
                self._connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            everything = ", ".join(self.columns())
            self._connection.execute(f"TRUNCATE {everything}".encode())
            yield
            for table in _GUARDED:
                self._connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        sql = f"COPY {table} ({_listed(columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(sql.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def change(self, sql: str, params: Mapping[str, Any]) -> None:
        self._connection.execute(converted(sql), params)

    def give_after(self, table: str, number: int) -> None:
        """A table whose numbers are ours has nothing to remember."""
        if (sequence := self._gives().get(table)) is not None:
            self._connection.execute(
                b"SELECT setval(%(sequence)s, %(number)s)", {"sequence": sequence, "number": number}
            )

    def _gives(self) -> dict[str, str]:
        return dict(self._connection.execute(_GIVES.encode()).fetchall())

    def _last(self, sequence: str) -> int:
        row = self._connection.execute(f"SELECT last_value, is_called FROM {sequence}".encode()).fetchone()  # noqa: S608 - ours
        return int(row[0]) if row is not None and row[1] else 0


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _after_each_other(refers: Mapping[str, set[str]]) -> Iterator[str]:
    """Return the tables, each after those that it refers to."""
    left = dict(refers)
    while left:
        ready = sorted(table for table, others in left.items() if not others & left.keys())
        yield from ready
        for table in ready:
            del left[table]


@contextmanager
def tables_of(server: str, *, read_only: bool) -> Iterator[ServerTables]:
    """The tables of a database; to read them is to see one state of it. Raises `NotStored`."""
    try:
        with psycopg.connect(server, connect_timeout=CONNECT, autocommit=True) as connection:
            teach(connection)
            if read_only:
                connection.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield ServerTables(connection)
    except psycopg.Error as error:
        raise NotStored(str(error).strip()) from error
