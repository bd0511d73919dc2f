"""Questions and changes in SQL, over one connection; what a failing disk says becomes our own errors."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite

from bot.errors import NotStored

Row = sqlite3.Row
Params = Mapping[str, Any]

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
    """There is no room on the disk."""


def translated(error: sqlite3.Error) -> Exception:
    """The primary code stands in the low byte."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(str(error))
    return NotStored(str(error)) if code in _PASSING else error


def is_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or (isinstance(error, sqlite3.Error) and isinstance(translated(error), DiskFull))


class Reader:
    """Questions in SQL over one connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, params: Params | None = None) -> list[Row]:
        """Raises `NotStored` when the file can't be used at this moment."""
        try:
            return list(await self._connection.execute_fetchall(sql, params or {}))
        except sqlite3.OperationalError as error:
            raise translated(error) from error

    async def one(self, sql: str, params: Params | None = None) -> Row | None:
        rows = await self.all(sql, params)
        return rows[0] if rows else None

    async def value(self, sql: str, params: Params | None = None) -> Any:
        row = await self.one(sql, params)
        return row[0] if row is not None else None


class Transaction(Reader):
    """One write in the making. Nothing of it stands until the commit; `signal` tells others after it."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        super().__init__(connection)
        self.signals: set[str] = set()

    async def run(self, sql: str, params: Params | None = None) -> int:
        """Execute one statement that gives no rows; returns how many it changed."""
        try:
            # Such a statement is over: closing its cursor too would be a second trip to the connection's thread.
            cursor = await self._connection.execute(sql, params or {})
        except sqlite3.OperationalError as error:
            raise translated(error) from error
        return cursor.rowcount

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        if not rows:
            return
        try:
            await self._connection.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise translated(error) from error

    @asynccontextmanager
    async def undone_by(self, error: type[Exception]) -> AsyncIterator[None]:
        """What happens inside is undone when `error` comes out of it; what the transaction did before stays."""
        await self._connection.execute("SAVEPOINT attempt")
        try:
            yield
        except error:
            await self._connection.execute("ROLLBACK TO attempt")
            raise
        finally:
            if self._connection.in_transaction:
                await self._connection.execute("RELEASE attempt")

    def signal(self, name: str) -> None:
        self.signals.add(name)
