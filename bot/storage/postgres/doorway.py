"""The way in while another process leads: calls of the platforms are kept, and the leader is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import psycopg

from bot.errors import NotStored
from bot.storage.postgres.driver import PostgresDriver, plain
from bot.storage.postgres.words import Connection
from bot.storage.transaction import Transaction

#: The channel on which the server passes signals from one process to another.
CHANNEL = "visnyk"
T = TypeVar("T")
Q = TypeVar("Q", bound=Transaction)


class Doorway(Generic[Q]):
    """Transactions beside the leader's. They only add what the leader has not read yet."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]], queries: type[Q], seal_key: bytes) -> None:
        self._connect = connect
        self._queries = queries
        self._seal_key = seal_key
        self._connection: Connection | None = None
        self._turn = asyncio.Lock()

    async def write(self, work: Callable[[Q], Awaitable[T]]) -> T:
        """Run `work` in a transaction, and give its signals to the leader. Raises `NotStored`."""
        async with self._turn:
            try:
                return await self._write(await self._open(), work)
            except psycopg.Error as error:
                raise NotStored(plain(error)) from error

    async def _write(self, connection: Connection, work: Callable[[Q], Awaitable[T]]) -> T:
        async with connection.transaction():
            tx = self._queries(PostgresDriver(connection, self._seal_key))
            result = await work(tx)
            for signal in sorted(tx.signals):
                await connection.execute(b"SELECT pg_notify(%(to)s, %(signal)s)", {"to": CHANNEL, "signal": signal})
        return result

    async def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
        return self._connection

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()


async def listen(connect: Callable[[], Awaitable[Connection]], tell: Callable[[str], None]) -> None:
    """Pass on the signals of other processes, until the connection breaks. Raises `psycopg.Error`."""
    connection = await connect()
    try:
        await connection.execute(f"LISTEN {CHANNEL}".encode())
        async for notice in connection.notifies():
            tell(notice.payload)
    finally:
        await connection.close()
