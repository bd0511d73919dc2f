"""The one connection that writes: locked against other processes, made again when it breaks, and asked what became of
a commit whose answer was lost.
"""

from __future__ import annotations

import asyncio

import psycopg

from bot.errors import CannotStart, NotStored
from bot.storage.postgres.driver import PostgresDriver, is_in_transaction
from bot.storage.postgres.migration import bring_up_to_date
from bot.storage.postgres.opening import WRITER, connect, examine, shown
from bot.storage.postgres.words import Connection, Row

#: The number of the lock that the one writing process holds in its database ("VISN").
LOCK = 0x5649534E
#: Seconds for which a lock is waited for: a process that was killed has left it within milliseconds.
PATIENCE = 2.0
#: Seconds between two looks at something that somebody else is about to settle.
LOOK_EVERY = 0.1
#: Whose connection holds the lock, and since when it stands.
HOLDER = """SELECT application_name AS name, backend_start AS since FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %(lock)s AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
#: Our own earlier connection: the server may not have noticed that it broke, and hold its lock.
_END_EARLIER = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %(name)s AND pid <> pg_backend_pid() AND datname = current_database()
        AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"""


class Undecided(NotStored):
    """The connection broke in the commit: whether it was carried out, the server must be asked."""


class Replaced(NotStored):
    """Another process works on the database, or has: what this one remembers is not how it stands."""


class Line:
    """Opened once, it is used by one writer, one transaction after the other."""

    def __init__(self, server: str, name: str) -> None:
        self._server = server
        #: How the server lists our connections.
        self.name = name
        self._connection: Connection | None = None
        #: The server's number of the transaction under way.
        self._transaction = ""
        self.is_closing = False

    async def open(self, *, migrate: bool) -> None:
        """Raises `CannotStart` with what to do, `NotStored` and `psycopg.Error`."""
        connection = self._connection = await connect(self._server, WRITER, self.name)
        await examine(connection, self._server)
        if not await self._locked():
            raise CannotStart(
                f"Another Visnyk ({await holder(connection)}) uses the database {shown(self._server)}. Stop it first, "
                "or name another database in DATABASE_URL."
            )
        await bring_up_to_date(connection, self._server, migrate)
        await connection.execute(b"UPDATE visnyk SET holder = %(name)s", {"name": self.name})

    def driver(self, seal_key: bytes) -> PostgresDriver:
        return PostgresDriver(self._open(), seal_key)

    @property
    def is_sound(self) -> bool:
        """False when the transaction under way can't be carried on."""
        return self._connection is not None and not self._connection.closed and is_in_transaction(self._connection)

    @property
    def is_lost(self) -> bool:
        return self._connection is None or self._connection.closed

    async def begin(self) -> None:
        """Begin a transaction, over a new connection if the one that was there is lost."""
        await self._renew()
        try:
            await self._begun()
        except psycopg.Error:
            if not self.is_lost:
                raise
            # It broke while nobody wrote.
            await self._renew()
            await self._begun()

    async def _begun(self) -> None:
        cursor = await self._open().execute(b"BEGIN; SELECT pg_current_xact_id()")
        cursor.nextset()
        row = await cursor.fetchone()
        self._transaction = str(row[0]) if row is not None else ""

    async def run(self, sql: str) -> None:
        await self._open().execute(sql.encode())

    async def commit(self) -> None:
        """Raises `Undecided` when the answer was lost."""
        if not self.is_sound:
            raise NotStored("the database took only a part of it")
        try:
            await self.run("COMMIT")
        except psycopg.Error as error:
            if self.is_lost:
                raise Undecided(str(error).strip()) from error
            raise

    async def settle(self) -> None:
        """Ask until the server says what became of the lost commit. Raises `NotStored` if it was not carried out."""
        while not self.is_closing:
            try:
                await self._renew()
                match await self._outcome():
                    case "committed":
                        return
                    case "in progress":
                        pass
                    case _:
                        raise NotStored("the connection broke before the commit")
            except psycopg.Error:
                await self._drop()
            await asyncio.sleep(LOOK_EVERY)
        raise NotStored("the connection broke in the commit, and Visnyk stops")

    async def _outcome(self) -> str | None:
        row = await self._row("SELECT pg_xact_status(CAST(%(number)s AS xid8)) AS outcome", number=self._transaction)
        return None if row is None else row["outcome"]

    async def roll_back(self) -> None:
        """Undo what is under way; if that fails, the connection goes, and with it all that it did."""
        if self.is_lost:
            return
        try:
            await self.run("ROLLBACK")
        except psycopg.Error:
            await self._drop()

    async def vacuum(self) -> None:
        """Make what was deleted room again, over a connection of its own."""
        connection = await connect(self._server, WRITER, self.name)
        try:
            tables = b"SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()"
            for (table,) in await (await connection.execute(tables)).fetchall():
                await connection.execute(f"VACUUM (SKIP_LOCKED) {table}".encode())
        finally:
            await connection.close()

    async def close(self) -> None:
        await self._drop()

    async def _renew(self) -> None:
        """Connect and lock again. Raises `NotStored` if another process holds the lock by now."""
        if not self.is_lost:
            return
        connection = await connect(self._server, WRITER, self.name)
        self._connection = connection
        await self._row(_END_EARLIER, name=self.name)
        if not await self._locked():
            await self._drop()
            raise Replaced("another Visnyk uses the database")
        row = await self._row("SELECT holder FROM visnyk")
        if row is None or row["holder"] != self.name:
            await self._drop()
            raise Replaced("another Visnyk has worked on the database meanwhile; start this one again")

    async def _locked(self) -> bool:
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            row = await self._row("SELECT pg_try_advisory_lock(%(lock)s)", lock=LOCK)
            if row is not None and row[0]:
                return True
            await asyncio.sleep(LOOK_EVERY)
        return False

    async def _row(self, sql: str, **params: object) -> Row | None:
        return await (await self._open().execute(sql.encode(), params)).fetchone()

    def _open(self) -> Connection:
        if self._connection is None:
            raise NotStored("the database can't be reached")
        return self._connection

    async def _drop(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        self._connection = None


async def holder(connection: Connection) -> str:
    """The machine and process that hold the lock, as they call themselves; empty: nobody does."""
    row = await (await connection.execute(HOLDER.encode(), {"lock": LOCK})).fetchone()
    return "" if row is None else str(row["name"]).removeprefix("visnyk ").rpartition(" ")[0] or str(row["name"])
