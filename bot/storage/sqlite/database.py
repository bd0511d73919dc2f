"""SQLite as we use it: one writer with group commit, readers beside it, one process, numbered migrations."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiosqlite
import structlog

from bot.domain.audit import Head
from bot.errors import CannotStart, NotStored
from bot.storage.engine import FULL
from bot.storage.sqlite.ballast import Ballast
from bot.storage.sqlite.driver import SqliteDriver, is_full
from bot.storage.sqlite.migration import bring_up_to_date
from bot.storage.sqlite.opening import READER, WRITER, close_all, connect, drop_strange_log, start_advice, take_lock
from bot.storage.transaction import Transaction

log = structlog.get_logger(__name__)
T = TypeVar("T")

#: How many waiting writes share one commit at most.
GROUP = 200
#: What stands behind waits until nobody has written for so many seconds: one step of a command follows another.
QUIET = 0.01
#: But for no more than so many commits of others.
SHARE = 32

Q = TypeVar("Q", bound=Transaction)


@dataclass(slots=True)
class _Job:
    work: Callable[[Any], Awaitable[Any]]
    answer: asyncio.Future[Any]
    signals: set[str] = field(default_factory=set)
    result: Any = None
    error: BaseException | None = None


class Database(Generic[Q]):
    """One file, one process. `write` is durable when it returns; `read` sees what was committed."""

    def __init__(
        self,
        queries: type[Q],
        writer: aiosqlite.Connection,
        reader: aiosqlite.Connection,
        lock: int,
        ballast: Ballast,
    ) -> None:
        self._queries = queries
        self._writer = writer
        self._driver = SqliteDriver(writer)
        self.read = queries(SqliteDriver(reader))
        self._ballast = ballast
        #: See `Transaction.audit_end`.
        self._audit_end: Head | None = None
        self._reader_connection = reader
        self._lock = lock
        self._jobs: deque[_Job] = deque()
        #: What nobody waits for.
        self._behind: deque[_Job] = deque()
        #: Commits of others while something stands behind, and the loop time of the latest.
        self._others = 0
        self._wrote_at = 0.0
        self._clock = asyncio.get_running_loop().time
        self._bell = asyncio.Event()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._closing = False
        #: Why the latest write was not taken; empty: it was.
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
        except (sqlite3.Error, NotStored) as error:
            await close_all(connections, lock)
            raise CannotStart(start_advice(path, error)) from error
        except BaseException:
            await close_all(connections, lock)
            raise
        return cls(queries, writer, connections[1], lock, Ballast(path.with_name(path.name + ".ballast")))

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
        if self._closing:
            raise NotStored("the store is closed")
        job = _Job(work, asyncio.get_running_loop().create_future())
        (self._behind if behind else self._jobs).append(job)
        self._bell.set()
        answer: T = await asyncio.shield(job.answer)
        return answer

    async def close(self) -> None:
        """What was queued is carried out first."""
        self._closing = True
        self._bell.set()
        await self._task
        await close_all([self._reader_connection, self._writer], self._lock)
        self._ballast.close()

    async def _run(self) -> None:
        while not self._closing or self._jobs or self._behind:
            if self._jobs and self._others < SHARE:
                self._others += bool(self._behind)
                await self._commit([self._jobs.popleft()])
                self._wrote_at = self._clock()
            elif not self._behind:
                await self._ring(None)
            elif (rest := self._wrote_at + QUIET - self._clock()) > 0 and self._others < SHARE and not self._closing:
                await self._ring(rest)
            else:
                self._others = 0
                await self._commit([self._behind.popleft()], shared=False)

    async def _ring(self, seconds: float | None) -> None:
        """Somebody asks, or so much time is over."""
        self._bell.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    def _joined_by_waiting(self, group: list[_Job]) -> list[_Job]:
        """Whoever came meanwhile too, up to `GROUP`."""
        while len(group) < GROUP and self._jobs:
            group.append(self._jobs.popleft())
        return group

    async def _commit(self, group: list[_Job], *, shared: bool = True) -> None:
        audit_end = self._audit_end
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
            group = self._joined_by_waiting(group) if shared else group
            await (self._alone(group[0]) if len(group) == 1 else self._together(group))
            self.trouble = ""
        except (sqlite3.Error, NotStored) as error:
            # They have waited for the same lock; in a queue each would wait for it anew.
            group = self._joined_by_waiting(group)
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
            _answer(job)
        self._tell({name for job in group if job.error is None for name in job.signals})

    def _tell(self, signals: Iterable[str]) -> None:
        for signal in signals:
            for listener in self._listeners.get(signal, ()):
                listener()

    async def _roll_back(self) -> None:
        """SQLite may have done it by itself; if it can't be done now, the next BEGIN fails and comes here again."""
        if self._writer.in_transaction:
            with suppress(sqlite3.Error):
                await self._writer.execute("ROLLBACK")

    async def _alone(self, job: _Job) -> None:
        """The usual case by far: its savepoint would be the transaction itself."""
        await self._writer.execute("COMMIT" if await self._attempt(job) else "ROLLBACK")

    async def _together(self, group: Sequence[_Job]) -> None:
        """A savepoint each: a job that fails takes down only itself."""
        for job in group:
            await self._writer.execute("SAVEPOINT job")
            if not await self._attempt(job):
                await self._writer.execute("ROLLBACK TO job")
            await self._writer.execute("RELEASE job")
        await self._writer.execute("COMMIT")

    async def _attempt(self, job: _Job) -> bool:
        """False when the job failed and what it did must be undone."""
        transaction = self._queries(self._driver, self._audit_end)
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
            yield queries(SqliteDriver(connection))
        finally:
            await connection.close()
    except sqlite3.Error as error:
        raise NotStored(str(error)) from error


def _answer(job: _Job) -> None:
    if job.answer.done():
        return
    if job.error is None:
        job.answer.set_result(job.result)
        return
    job.answer.set_exception(job.error)
    job.answer.exception()  # read here, so that a caller who left makes no noise
