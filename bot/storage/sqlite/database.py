"""SQLite as we use it: one writer with group commit, readers beside it, one process, numbered migrations."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Generic, TypeVar

import aiosqlite
import structlog

from bot.domain.audit import Head
from bot.errors import CannotStart, NotStored
from bot.storage.engine import FULL, Alone
from bot.storage.jobs import Job, Jobs
from bot.storage.seal_key import key_of, known_key_of
from bot.storage.sqlite.ballast import Ballast
from bot.storage.sqlite.driver import PartDriver, SqliteDriver, is_full, translated
from bot.storage.sqlite.migration import bring_up_to_date
from bot.storage.sqlite.opening import (
    READER,
    SCRUBBER,
    WRITER,
    close_all,
    connect,
    drop_strange_log,
    start_advice,
    take_lock,
)
from bot.storage.transaction import Transaction

log = structlog.get_logger(__name__)
T = TypeVar("T")

Q = TypeVar("Q", bound=Transaction)


class Database(Generic[Q]):
    """One file, one process. `write` is durable when it returns; `read` sees what was committed."""

    def __init__(
        self,
        path: Path,
        queries: type[Q],
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        lock: int,
        ballast: Ballast,
        seal_key: bytes,
    ) -> None:
        self._path = path
        self._queries = queries
        self._writer = writer
        self._driver = SqliteDriver(writer, seal_key)
        self.read = queries(SqliteDriver(reader, seal_key))
        self._ballast = ballast
        #: The lock beside the file keeps every other process away.
        self.lead = Alone()
        #: See `Transaction.audit_end`.
        self._audit_end: Head | None = None
        self._reader_connection = reader
        self._lock = lock
        self._jobs = Jobs()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        #: Why the latest write was not taken; empty if it was.
        self.trouble = ""
        self._task = asyncio.create_task(self._run(), name="store-writer")

    @classmethod
    async def open(cls, path: Path, queries: type[Q], *, migrate: bool = True) -> Database[Q]:
        """Lock, open, migrate. Raises `CannotStart` with what to do."""
        lock = take_lock(path)
        connections: list[aiosqlite.Connection] = []
        try:
            await asyncio.to_thread(drop_strange_log, path)
            writer = await connect(path, WRITER)
            connections.append(writer)
            await bring_up_to_date(writer, path, migrate)
            connections.append(await connect(path, READER))
            seal_key = await asyncio.to_thread(key_of, path)
        except (sqlite3.Error, NotStored, OSError) as error:
            await close_all(connections, lock)
            raise CannotStart(start_advice(path, error)) from error
        except BaseException:
            await close_all(connections, lock)
            raise
        ballast = Ballast(path.with_name(path.name + ".ballast"))
        return cls(path, queries, writer, connections[1], lock, ballast, seal_key)

    def on(self, signal: str, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit in which `signal` was given."""
        self._listeners.setdefault(signal, []).append(listener)

    @property
    def is_full(self) -> bool:
        return self._ballast.is_gone

    def find_room(self) -> bool:
        return self._ballast.take()

    async def write(self, work: Callable[[Q], Awaitable[T]], *, behind: bool = False) -> T:
        """Run `work` in a transaction shared with whoever else waits; returns when it is on the disk.

        `behind`: when nobody else writes, and alone, for long work by the way. An exception of `work` undoes only its
        own part. Cancelling the caller does not undo it: once queued, it is carried out. Raises `NotStored` when the
        store can't take it.
        """
        if self._jobs.is_closed:
            raise NotStored("the store is closed")
        job = Job(work, asyncio.get_running_loop().create_future())
        self._jobs.add(job, behind=behind)
        answer: T = await asyncio.shield(job.answer)
        return answer

    async def hand_over(self) -> None:
        """No other process waits."""

    async def scrub(self) -> bool:
        """Empty the write-ahead log: it holds the pages as they were before something was deleted."""
        connection = await connect(self._path, SCRUBBER)
        try:
            rows = list(await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))
        except sqlite3.Error as error:
            raise translated(error) from error
        finally:
            await connection.close()
        return not rows[0][0]

    async def close(self) -> None:
        """Carry out what was queued, then close."""
        self._jobs.close()
        await self._task
        await close_all([self._reader_connection, self._writer], self._lock)
        self._ballast.close()

    async def _run(self) -> None:
        while (turn := await self._jobs.next()) is not None:
            job, is_shared = turn
            await self._commit([job], shared=is_shared)
            if is_shared:
                self._jobs.wrote()

    async def _commit(self, group: list[Job], *, shared: bool = True) -> None:
        audit_end = self._audit_end
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
            group = self._jobs.join(group) if shared else group
            await (self._alone(group[0]) if len(group) == 1 else self._together(group))
            self.trouble = ""
        except (sqlite3.Error, NotStored) as error:
            # They have waited for the same lock; in a queue each would wait for it again.
            group = self._jobs.join(group)
            log.warning("store_failed", error=str(error), writes=len(group))
            self.trouble = str(error)
            self._audit_end = audit_end
            await self._roll_back()
            if is_full(error):
                self._ballast.drop()
                self._tell({FULL})
            for job in group:
                job.error = NotStored(str(error))
        for job in group:
            job.tell()
        self._tell({name for job in group if job.error is None for name in job.signals})

    def _tell(self, signals: Iterable[str]) -> None:
        for signal in signals:
            for listener in self._listeners.get(signal, ()):
                listener()

    async def _roll_back(self) -> None:
        """Roll back, unless SQLite did it by itself. If that fails now, the next BEGIN fails and comes here again."""
        if self._writer.in_transaction:
            with suppress(sqlite3.Error):
                await self._writer.execute("ROLLBACK")

    async def _alone(self, job: Job) -> None:
        """The usual case by far: its savepoint would be the transaction itself."""
        await self._writer.execute("COMMIT" if await self._attempt(job, self._driver) else "ROLLBACK")

    async def _together(self, group: Sequence[Job]) -> None:
        """A savepoint each: a job that fails takes down only itself."""
        for job in group:
            driver = PartDriver(self._writer, self._driver.seal_key)
            is_done = await self._attempt(job, driver)
            if driver.has_begun:
                if not is_done:
                    await self._writer.execute("ROLLBACK TO job")
                await self._writer.execute("RELEASE job")
        await self._writer.execute("COMMIT")

    async def _attempt(self, job: Job, driver: SqliteDriver) -> bool:
        """Return False when the job failed and what it did must be undone."""
        transaction = self._queries(driver, self._audit_end)
        try:
            job.result = await job.work(transaction)
        except (Exception, asyncio.CancelledError) as error:
            if not self._writer.in_transaction:  # SQLite gave up the whole transaction (disk full)
                raise (error if isinstance(error, NotStored) else NotStored(str(error))) from error
            job.error = error
            return False
        job.signals = transaction.signals
        self._audit_end = transaction.audit_end
        return True


@asynccontextmanager
async def looking(path: Path, queries: type[Q]) -> AsyncIterator[Q]:
    """Questions to a file that another process may have open. Raises `NotStored` if there is none of this version."""
    if not await asyncio.to_thread(path.exists):
        raise NotStored(f"there is no {path}")
    try:
        connection = await connect(path, READER)
        try:
            yield queries(SqliteDriver(connection, known_key_of(path)))
        finally:
            await connection.close()
    except sqlite3.Error as error:
        raise NotStored(str(error)) from error
