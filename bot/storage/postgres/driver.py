"""Connections to a PostgreSQL server as the store asks them; what a failing server says becomes our own errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus

from bot.errors import NotStored
from bot.storage.engine import Params
from bot.storage.postgres.words import Connection, Row, converted

#: The most questions that are asked at the same time.
READERS = 4
#: Seconds without a refusal after which a disk that was full counts as having room.
CALM = 20.0
#: The server can't serve now, but may later; every other error is a mistake of ours and says so.
_PASSING = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    errors.IdleInTransactionSessionTimeout,
    errors.InFailedSqlTransaction,
    errors.ReadOnlySqlTransaction,
)


class DiskFull(NotStored):
    """The server's disk has no room."""


class Room:
    """The room on the server's disk: none from a refusal until nothing has been refused for a while, because small
    writes may still fit where large ones do not.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._refused_at: float | None = None

    @property
    def is_gone(self) -> bool:
        return self._refused_at is not None

    def refused(self) -> None:
        self._refused_at = self._now()

    def is_found(self) -> bool:
        """Return True if there is room again, as far as anybody can tell."""
        if self._refused_at is not None and self._now() - self._refused_at >= CALM:
            self._refused_at = None
        return not self.is_gone


def translated(error: Exception) -> Exception:
    if isinstance(error, errors.DiskFull):
        return DiskFull(plain(error))
    return NotStored(plain(error)) if isinstance(error, _PASSING) else error


def plain(error: Exception) -> str:
    """Return the first line of what the server says."""
    return str(error).strip().partition("\n")[0] or type(error).__name__


def is_in_transaction(connection: Connection) -> bool:
    """True while a transaction is open and sound."""
    return connection.info.transaction_status == TransactionStatus.INTRANS


class PostgresDriver:
    """One connection, which whoever has the driver uses alone."""

    def __init__(self, connection: Connection, seal_key: bytes) -> None:
        self._connection = connection
        self.seal_key = seal_key

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        try:
            return await (await self._connection.execute(converted(sql), params)).fetchall()
        except psycopg.Error as error:
            raise translated(error) from error

    async def run(self, sql: str, params: Params) -> int:
        try:
            return (await self._connection.execute(converted(sql), params)).rowcount
        except psycopg.Error as error:
            raise translated(error) from error

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        try:
            async with self._connection.cursor() as cursor:
                await cursor.executemany(converted(sql), rows)
        except psycopg.Error as error:
            raise translated(error) from error

    @asynccontextmanager
    async def savepoint(self, error: type[Exception]) -> AsyncIterator[None]:
        await self.run("SAVEPOINT attempt", {})
        try:
            yield
        except error:
            await self.run("ROLLBACK TO attempt", {})
            raise
        finally:
            # What else went wrong undoes all of it: then there is nothing to go on with.
            if is_in_transaction(self._connection):
                await self.run("RELEASE attempt", {})

    async def highest_given(self, table: str) -> int | None:
        """None: numbers of the audit log are ours, and the server remembers none of them."""
        return None


class Readers:
    """A few connections that only read. One that broke is replaced, and its question is asked once more."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], seal_key: bytes) -> None:
        self._connect = connect
        self.seal_key = seal_key
        self._idle: list[Connection] = []
        self._places = asyncio.Semaphore(READERS)

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        async with self._places:
            while self._idle:
                try:
                    return await self._asked(self._idle.pop(), sql, params)
                except NotStored:  # it may have broken long ago: those beside it too
                    continue
            try:
                fresh = await self._connect()
            except psycopg.Error as error:
                raise translated(error) from error
            return await self._asked(fresh, sql, params)

    async def _asked(self, connection: Connection, sql: str, params: Params) -> Sequence[Row]:
        try:
            found = await PostgresDriver(connection, self.seal_key).all(sql, params)
        finally:
            if connection.info.transaction_status == TransactionStatus.IDLE:
                self._idle.append(connection)
            else:
                await connection.close()
        return found

    async def run(self, sql: str, params: Params) -> int:
        await self.all(sql, params)
        return 0

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        for row in rows:
            await self.all(sql, row)

    @asynccontextmanager
    async def savepoint(self, error: type[Exception]) -> AsyncIterator[None]:
        """Nothing is to be undone where one only reads."""
        yield

    async def highest_given(self, table: str) -> int | None:
        return None

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()
