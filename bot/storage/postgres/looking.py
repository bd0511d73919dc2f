"""Looking at a PostgreSQL database beside the process that works on it."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import Any, TypeVar

import psycopg

from bot.domain.audit import Head, Verdict
from bot.errors import CannotStart, NotStored
from bot.storage.audit_check import check_log
from bot.storage.authority_check import Rows, check_authority
from bot.storage.postgres.driver import PostgresDriver
from bot.storage.postgres.leading import HOLDER, LOCK, ahead, clock_fault
from bot.storage.postgres.migration import version_of
from bot.storage.postgres.opening import CONNECT, READER, connect, examine, shown, start_advice
from bot.storage.postgres.words import Row, positional, rows, teach
from bot.storage.schema import migrations
from bot.storage.transaction import Transaction

Q = TypeVar("Q", bound=Transaction)
_ENTRIES = "SELECT id, at, actor, act, subject, detail, hash FROM audit WHERE id > %(after)s ORDER BY id"
#: Each guard with the function that it calls, what it says, and whether it is awake.
_GUARDS = """SELECT tgname AS name, proname AS function, prosrc AS body, tgenabled AS awake
    FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid IN (CAST('audit' AS regclass), CAST('audit_head' AS regclass)) AND NOT tgisinternal"""
_FUNCTION = re.compile(r"CREATE FUNCTION (\w+)\(\).*?\$\$(.*?)\$\$", re.DOTALL)
_TRIGGER = re.compile(r"CREATE TRIGGER (\w+) .*?EXECUTE FUNCTION (\w+)\(", re.DOTALL)


@asynccontextmanager
async def looking(server: str, queries: type[Q], seal_key: bytes) -> AsyncIterator[Q]:
    """Questions to a database that others may have open. Raises `NotStored` if there is none of this version."""
    try:
        connection = await connect(server, READER)
        try:
            if await version_of(connection) != migrations("postgres")[-1][0]:
                raise NotStored(f"there is no database of this version at {shown(server)}")
            yield queries(PostgresDriver(connection, seal_key))
        finally:
            await connection.close()
    except psycopg.Error as error:
        raise NotStored(str(error).strip()) from error


async def fault_of(server: str) -> str:
    """Say why a database can't be used as it is, and what to do; empty: it can."""
    try:
        connection = await connect(server, READER)
        try:
            await examine(connection, server)
            return clock_fault(await ahead(connection, time.time))
        finally:
            await connection.close()
    except psycopg.Error as error:
        return start_advice(server, error)
    except CannotStart as fault:
        return str(fault)


@contextmanager
def _one_state(server: str) -> Iterator[psycopg.Connection[Row]]:
    """One state of the database, whatever is written meanwhile."""
    with psycopg.connect(server, connect_timeout=CONNECT, autocommit=True, row_factory=rows) as connection:
        teach(connection)
        connection.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection


class _Asked:
    """`Asked` over a connection."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def execute(self, sql: str, params: Sequence[object] = (), /) -> Rows:
        return self._connection.execute(positional(sql), params)


class _Log:
    """`Log` over a connection."""

    def __init__(self, connection: psycopg.Connection[Row], key: bytes) -> None:
        self._connection = connection
        self._key = key

    def entries(self, after: int, *, one: bool = False) -> Iterable[tuple[Any, ...]]:
        """A million of them come by and by, not at once."""
        if one:
            yield from self._connection.execute(f"{_ENTRIES} LIMIT 1".encode(), {"after": after})
            return
        with self._connection.cursor(name="entries") as cursor:
            cursor.itersize = 10_000
            yield from cursor.execute(_ENTRIES.encode(), {"after": after})

    def heads(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(b"SELECT one, id, hash FROM audit_head")]

    def counted(self) -> list[int]:
        """The server remembers no number that we give."""
        return []

    def strange_guard(self) -> str:
        wanted = _guards_of(dict(migrations("postgres"))[4])
        found = {
            row["name"]: (row["function"], _words(row["body"]), row["awake"])
            for row in self._connection.execute(_GUARDS.encode())
        }
        return next((name for name in sorted(wanted.keys() | found.keys()) if wanted.get(name) != found.get(name)), "")

    def unproven(self) -> list[str]:
        return check_authority(_Asked(self._connection), self._key)


def _guards_of(sql: str) -> dict[str, tuple[str, str, str]]:
    """The guards as the migration makes them: the function of each, its words, and that it is awake."""
    bodies = dict(_FUNCTION.findall(sql))
    return {name: (function, _words(bodies[function]), "O") for name, function in _TRIGGER.findall(sql)}


def _words(body: str) -> str:
    return " ".join(body.split())


def verify_audit(server: str, posted: Sequence[Head], seal_key: bytes) -> Verdict:
    """Look at a database, also of a running Visnyk. Raises `CannotStart` when there is no audit log to look at."""
    try:
        with _one_state(server) as connection:
            return check_log(_Log(connection, seal_key), posted)
    except psycopg.errors.UndefinedTable as error:
        raise CannotStart(f"There is no database of Visnyk at {shown(server)}. DATABASE_URL names it.") from error
    except psycopg.Error as error:
        raise CannotStart(start_advice(server, error)) from error


def unproven_rows(server: str, seal_key: bytes) -> list[str]:
    """Name the rows that somebody put in, altered or took away, of what is open; also while Visnyk runs."""
    with _one_state(server) as connection:
        return check_authority(_Asked(connection), seal_key, everything=False)


def holder_of(server: str) -> tuple[int, datetime] | None:
    """Return the process that holds the database, and since when; None if none does."""
    try:
        with _one_state(server) as connection:
            row = connection.execute(HOLDER.encode(), {"lock": LOCK}).fetchone()
    except psycopg.Error:
        return None
    number = re.search(r":(\d+) ", row["name"]) if row is not None else None
    return (int(number[1]), row["since"]) if row is not None and number is not None else None
