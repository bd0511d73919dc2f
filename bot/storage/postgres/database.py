"""PostgreSQL as we use it: one writing connection with group commit, a few that read, numbered migrations."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

import psycopg
import structlog

from bot.domain.audit import Head
from bot.errors import CannotStart, NotStored
from bot.storage.engine import FULL, LOST
from bot.storage.jobs import Job, Jobs
from bot.storage.postgres.doorway import Doorway, listen
from bot.storage.postgres.driver import DiskFull, Readers, Room, translated
from bot.storage.postgres.leading import Replaced, lasting
from bot.storage.postgres.line import Line, Undecided
from bot.storage.postgres.opening import READER, WRITER, connect, start_advice
from bot.storage.transaction import Transaction

#: Seconds between two looks whether the database is still ours.
BEAT = 1.0
#: Seconds until a connection that listens is made, or made again.
LISTEN_AGAIN = 0.2
#: What other processes may have kept or changed: looked at with each beat, whether or not they could say so.
INBOX, PEOPLE = "inbox", "people"
log = structlog.get_logger(__name__)
T = TypeVar("T")
Q = TypeVar("Q", bound=Transaction)


class Database(Generic[Q]):
    """One database, one process that leads. `write` is durable when it returns; `read` sees what was committed."""

    def __init__(
        self, server: str, queries: type[Q], line: Line, seal_key: bytes, steady: Callable[[], float] = lasting
    ) -> None:
        self._queries = queries
        self._line = line
        self._seal_key = seal_key
        self._readers = Readers(partial(connect, server, READER, line.name), seal_key)
        self.read = queries(self._readers)
        self.lead = line
        self._anew = partial(connect, server, WRITER, line.name)
        self._doorway = Doorway(self._anew, queries, seal_key)
        #: See `Transaction.audit_end`.
        self._audit_end: Head | None = None
        self._jobs = Jobs()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        #: Why the latest write was not taken; empty if it was.
        self.trouble = ""
        self._room = Room(steady)
        self._task = asyncio.create_task(self._run(), name="store-writer")
        self._watches = [asyncio.create_task(self._beat()), asyncio.create_task(self._hear())]

    @classmethod
    async def open(
        cls,
        server: str,
        queries: type[Q],
        seal_key: bytes,
        *,
        migrate: bool = True,
        stands_by: bool = False,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = lasting,
    ) -> Database[Q]:
        """Connect, lock, examine, migrate; with `stands_by` also if another process has the lock. Raises `CannotStart`
        with what to do. `clock` is this machine's, in seconds; `steady` the one that nobody sets.
        """
        line = Line(server, _name(), migrate=migrate, clock=clock)
        try:
            await line.open(stands_by=stands_by)
        except (psycopg.Error, NotStored) as error:
            await line.close()
            raise CannotStart(start_advice(server, error)) from error
        except BaseException:
            await line.close()
            raise
        return cls(server, queries, line, seal_key, steady)

    def on(self, signal: str, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit in which `signal` was given."""
        self._listeners.setdefault(signal, []).append(listener)

    @property
    def is_full(self) -> bool:
        return self._room.is_gone

    def find_room(self) -> bool:
        return self._room.is_found()

    async def write(self, work: Callable[[Q], Awaitable[T]], *, behind: bool = False) -> T:
        """Run `work` in a transaction shared with whoever else waits; returns when it is on the server's disk.

        See `Engine.write`. Raises `NotStored` when the server can't take it.
        """
        if self._jobs.is_closed:
            raise NotStored("the store is closed")
        if not self.lead.is_ours:
            return await self._doorway.write(work)
        job = Job(work, asyncio.get_running_loop().create_future())
        self._jobs.add(job, behind=behind)
        answer: T = await asyncio.shield(job.answer)
        return answer

    async def hand_over(self) -> None:
        with suppress(NotStored):
            await self.write(lambda _tx: self._line.give_up(), behind=True)

    async def scrub(self) -> bool:
        """Let the server reuse the room of what was deleted: until then it stands in its files."""
        try:
            await self._line.vacuum()
        except psycopg.Error as error:
            raise translated(error) from error
        return True

    async def close(self) -> None:
        """Carry out what was queued, then close."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        self._jobs.close()
        self._line.is_closing = True
        await self._task
        await self._doorway.close()
        await self._readers.close()
        await self._line.close()

    async def _run(self) -> None:
        while (turn := await self._jobs.next()) is not None:
            job, is_shared = turn
            await self._commit([job], shared=is_shared)
            if is_shared:
                self._jobs.wrote()

    async def _beat(self) -> None:
        """Find out also when nobody writes that the server is away, or that another process has taken over."""
        while True:
            await asyncio.sleep(BEAT)
            if not self.lead.is_ours:
                self._tell({PEOPLE})
                continue
            try:
                await self.write(self._look_at_clock, behind=True)
            except Replaced:  # only our clock is wrong: the connection is sound
                self._tell({LOST})
            except NotStored:
                pass
            self._tell({INBOX})

    async def _look_at_clock(self, _tx: Q) -> None:
        """Write nothing: to begin and to commit says enough."""
        await self._line.look_at_clock()

    async def _hear(self) -> None:
        """Pass on what processes at other doors have kept, from when we lead; what is not heard is seen by the beat."""
        while True:
            if self.lead.is_ours:
                with suppress(psycopg.Error):
                    await listen(self._anew, lambda signal: self._tell({signal}))
            await asyncio.sleep(LISTEN_AGAIN)

    async def _commit(self, group: list[Job], *, shared: bool = True) -> None:
        audit_end = self._audit_end
        try:
            await self._line.begin()
            group = self._jobs.join(group) if shared else group
            await (self._alone(group[0]) if len(group) == 1 else self._together(group))
            self.trouble = ""
        except (psycopg.Error, NotStored) as error:
            # They have waited for the same server; in a queue each would wait for it again.
            group = self._jobs.join(group)
            self._audit_end = audit_end
            await self._failed(translated(error), group)
        if full := next((job.error for job in group if isinstance(job.error, DiskFull)), None):
            self._is_refused(full)
        for job in group:
            job.tell()
        self._tell({name for job in group if job.error is None for name in job.signals})

    async def _failed(self, error: Exception, group: Sequence[Job]) -> None:
        log.warning("store_failed", error=str(error), writes=len(group))
        self.trouble = str(error)
        await self._line.roll_back()
        if isinstance(error, Replaced):
            self._tell({LOST})
        for job in group:
            job.error = DiskFull(str(error)) if isinstance(error, DiskFull) else NotStored(str(error))

    def _is_refused(self, full: DiskFull) -> None:
        """The rest of the group may have been taken: a halt must not wait for room that a broadcast needs."""
        self.trouble = str(full)
        self._room.refused()
        self._tell({FULL})

    def _tell(self, signals: Iterable[str]) -> None:
        for signal in signals:
            for listener in self._listeners.get(signal, ()):
                listener()

    async def _alone(self, job: Job) -> None:
        """The usual case by far: its savepoint would be the transaction itself."""
        await (self._end() if await self._attempt(job) else self._line.roll_back())

    async def _together(self, group: Sequence[Job]) -> None:
        """A savepoint each: a job that fails takes down only itself."""
        for job in group:
            await self._line.run("SAVEPOINT job")
            if not await self._attempt(job):
                await self._line.run("ROLLBACK TO job")
            await self._line.run("RELEASE job")
        await self._end()

    async def _end(self) -> None:
        try:
            await self._line.commit()
        except Undecided as doubt:
            # Nothing may leave until it is known what stands: whoever asked goes on waiting.
            log.warning("commit_undecided", error=str(doubt))
            self.trouble = str(doubt)
            await self._line.settle()

    async def _attempt(self, job: Job) -> bool:
        """Return False when the job failed and what it did must be undone."""
        transaction = self._queries(self._line.driver(self._seal_key), self._audit_end)
        try:
            job.result = await job.work(transaction)
        except (Exception, asyncio.CancelledError) as error:
            if self._line.is_lost:
                raise (error if isinstance(error, NotStored) else NotStored(str(error))) from error
            job.error = error
            return False
        if not self._line.is_sound:  # it went on after the database had refused a part of it
            raise NotStored("the database took only a part of it")
        job.signals = transaction.signals
        self._audit_end = transaction.audit_end
        return True


def _name() -> str:
    """Return what the server lists our connections as: machine, process, and a word of this process alone."""
    return f"visnyk {socket.gethostname()[:24]}:{os.getpid()} {secrets.token_hex(4)}"
