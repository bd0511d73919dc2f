"""One connection to a SQLite file; what a failing disk says becomes our own errors."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiosqlite

from bot.domain.seals import NO_KEY
from bot.errors import NotStored
from bot.storage.engine import Params, Row, Unreadable

#: The file or the disk can't serve now, but may later; every other error is a mistake of ours and says so.
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
    }
)


class DiskFull(NotStored):
    """The disk has no room."""


def translated(error: sqlite3.Error) -> Exception:
    """The primary code stands in the low byte. Only Python's own errors have none, and those are of reading text."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return Unreadable(str(error))
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return DiskFull(str(error))
    return NotStored(str(error)) if code & 0xFF in _PASSING else error


def is_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or (isinstance(error, sqlite3.Error) and isinstance(translated(error), DiskFull))


class SqliteDriver:
    def __init__(self, connection: aiosqlite.Connection, seal_key: bytes = NO_KEY) -> None:
        self._connection = connection
        self.seal_key = seal_key

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        try:
            return list(await self._connection.execute_fetchall(sql, params))
        except sqlite3.OperationalError as error:
            # Its frames hold the cursor, and an open cursor holds the reader in the past: it would see no later commit.
            traceback.clear_frames(error.__traceback__)
            raise translated(error) from error

    async def run(self, sql: str, params: Params) -> int:
        try:
            # Such a statement is over: closing its cursor too would be a second trip to the connection's thread.
            cursor = await self._connection.execute(sql, params)
        except sqlite3.OperationalError as error:
            raise translated(error) from error
        return cursor.rowcount

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        try:
            await self._connection.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise translated(error) from error

    @asynccontextmanager
    async def savepoint(self, error: type[Exception]) -> AsyncIterator[None]:
        await self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except error as failure:
            if not self._connection.in_transaction:  # SQLite gave up all of it (disk full), the savepoint too
                raise (failure if isinstance(failure, NotStored) else NotStored(str(failure))) from failure
            await self._connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            if self._connection.in_transaction:
                await self._connection.execute("RELEASE attempt")

    async def highest_given(self, table: str) -> int | None:
        """Return the highest number given, from the table that SQLite keeps once the first was given."""
        rows = await self.all("SELECT seq FROM sqlite_sequence WHERE name = :table", {"table": table})
        return int(rows[0][0]) if rows else 0


class PartDriver(SqliteDriver):
    """The driver of one of several jobs that share a commit. Its savepoint begins before it first changes something:
    most jobs that the alarm clock wakes find nothing to do, and each statement is a trip to the connection's thread.
    """

    def __init__(self, connection: aiosqlite.Connection, seal_key: bytes) -> None:
        super().__init__(connection, seal_key)
        self.has_begun = False

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        if not sql.lstrip().startswith("SELECT"):
            await self._begin()
        return await super().all(sql, params)

    async def run(self, sql: str, params: Params) -> int:
        await self._begin()
        return await super().run(sql, params)

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        await self._begin()
        await super().many(sql, rows)

    @asynccontextmanager
    async def savepoint(self, error: type[Exception]) -> AsyncIterator[None]:
        await self._begin()
        async with super().savepoint(error):
            yield

    async def _begin(self) -> None:
        if not self.has_begun:
            await super().run("SAVEPOINT job", {})
            self.has_begun = True
