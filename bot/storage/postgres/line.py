"""The one connection that writes: locked against other processes, made again when it breaks, and asked what became of
a commit whose answer was lost.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import NoReturn

import psycopg
import structlog

from bot.errors import CannotStart, NotStored
from bot.storage.postgres.driver import PostgresDriver, is_in_transaction, plain
from bot.storage.postgres.leading import (
    LEASE,
    Replaced,
    Silence,
    ahead,
    clock_fault,
    end_earlier,
    end_silent,
    holder,
    lasting,
    locked,
    unlock,
)
from bot.storage.postgres.migration import bring_up_to_date, can_serve
from bot.storage.postgres.opening import WRITER, connect, examine, shown
from bot.storage.postgres.words import Connection, Row

log = structlog.get_logger(__name__)

#: Seconds for which a lock is waited for: a process that was killed has left it within milliseconds.
PATIENCE = 2.0
#: Seconds between two looks at something that somebody else is about to settle.
LOOK_EVERY = 0.1
#: Looks between two at the leader itself, and looks in a row at a clock that is wrong until its process leads no more.
SELDOM, WRONG = 10, 3


class Undecided(NotStored):
    """The connection broke in the commit: whether it was carried out, the server must be asked."""


class Line:
    """Opened once, it is used by one writer, one transaction after the other. It is a `Lead`."""

    def __init__(self, server: str, name: str, *, migrate: bool = True, clock: Callable[[], float] = time.time) -> None:
        self._server = server
        #: How the server lists our connections.
        self.name = name
        self._migrates = migrate
        self._clock = clock
        self._connection: Connection | None = None
        #: The server's number of the transaction under way.
        self._transaction = ""
        self.is_closing = False
        self.is_ours = False
        self.why = ""
        self.may_serve = False
        self._silence = Silence()
        #: When we asked what the server answered last, by the clock that nobody sets.
        self._confirmed = float("-inf")
        #: Looks in a row that found our clock wrong.
        self._wrong = 0

    async def open(self, *, stands_by: bool = False) -> None:
        """Raises `CannotStart` with what to do, `NotStored` and `psycopg.Error`."""
        connection = await self._reached()
        if not stands_by:
            if not await self._locked():
                raise CannotStart(
                    f"Another Visnyk ({await holder(connection)}) uses the database {shown(self._server)}. Stop it "
                    "first, or name another database in DATABASE_URL."
                )
            await self._lead(connection)
            return
        await self._try(connection, 0)
        if not self.is_ours:
            self.may_serve = await can_serve(connection, self._server)

    async def _reached(self) -> Connection:
        connection = self._connection = await connect(self._server, WRITER, self.name)
        await examine(connection, self._server)
        return connection

    async def _lead(self, connection: Connection) -> None:
        """Begin to lead, as the lock is ours."""
        await bring_up_to_date(connection, self._server, self._migrates)
        asked = lasting()
        await connection.execute(b"UPDATE visnyk SET holder = %(name)s", {"name": self.name})
        self._confirmed, self.is_ours, self.may_serve, self.why = asked, True, True, ""

    # While another one leads.

    async def take(self) -> None:
        """Return once this process leads. Raises `CannotStart` when a newer version has led meanwhile."""
        look = 0
        while not self.is_ours:
            await asyncio.sleep(LOOK_EVERY)
            look += 1
            try:
                await self._try(self._open() if not self.is_lost else await self._reached(), look)
            except (psycopg.Error, NotStored) as error:
                self._explain(plain(error))
                await self._drop()

    async def _try(self, connection: Connection, look: int) -> None:
        if await locked(connection):
            if fault := clock_fault(await ahead(connection, self._clock)):
                await unlock(connection)
                self._explain(fault)
            else:
                await self._lead(connection)
        elif look % SELDOM == 0:
            self._explain(f"Another Visnyk ({await holder(connection)}) leads.")
            if await end_silent(connection, self._silence):
                log.warning("silent_leader_ended", why=self.why)

    def _explain(self, why: str) -> None:
        if why != self.why:
            log.info("does_not_lead", why=why)
        self.why = why

    # While we lead.

    def may_send(self) -> bool:
        """True while the database has answered so lately that nobody else can have begun to lead."""
        return self.is_ours and lasting() - self._confirmed < LEASE

    async def give_up(self) -> None:
        """Let whoever stands by lead at once; nothing but the end of a transaction without changes follows."""
        await unlock(self._open())
        self.is_ours, self.why = False, "This one is being stopped."

    async def look_at_clock(self) -> None:
        """Compare our clock with the database's. Raises `Replaced` when it has been wrong for too long to lead."""
        fault = clock_fault(await ahead(self._open(), self._clock))
        self._wrong = self._wrong + 1 if fault else 0
        if fault:
            log.warning("clock_is_wrong", why=fault)
        if self._wrong >= WRONG:
            raise Replaced(fault)

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
        asked = lasting()
        try:
            await self.run("COMMIT")
        except psycopg.Error as error:
            if self.is_lost:
                raise Undecided(str(error).strip()) from error
            raise
        self._confirmed = asked

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
        connection = self._connection = await connect(self._server, WRITER, self.name)
        await end_earlier(connection, self.name)
        if not await self._locked():
            await self._replaced("another Visnyk uses the database")
        row = await self._row("SELECT holder FROM visnyk")
        if row is None or row["holder"] != self.name:
            await self._replaced("another Visnyk has worked on the database meanwhile; start this one again")

    async def _replaced(self, why: str) -> NoReturn:
        self._confirmed = float("-inf")
        await self._drop()
        raise Replaced(why)

    async def _locked(self) -> bool:
        for _ in range(int(PATIENCE / LOOK_EVERY)):
            if await locked(self._open()):
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
