"""SQLite as we use it: one writer with group commit, readers beside it, one process, numbered migrations."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Generic, TypeVar

import aiosqlite
import structlog

from bot.errors import CannotStart, NotStored

log = structlog.get_logger(__name__)
T = TypeVar("T")
Row = sqlite3.Row
Params = Mapping[str, Any]

#: Marks the file as Visnyk's ("VISN"), so that another program's database is never migrated.
APPLICATION_ID = 0x5649534E
#: The signal that a write failed because the disk has no room.
FULL = "full"
#: How many waiting writes share one commit at most.
GROUP = 200
#: How long a write waits for another process's lock before it is given up, in milliseconds.
BUSY = 5000

_WRITER_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY}",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "wal_autocheckpoint=1000",
    "journal_size_limit=67108864",
    "temp_store=MEMORY",
)
_READER_PRAGMAS = (f"busy_timeout={BUSY}", "query_only=ON", "mmap_size=0", "wal_autocheckpoint=0")


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


def _translated(error: sqlite3.Error) -> Exception:
    """The primary code stands in the low byte."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(str(error))
    return NotStored(str(error)) if code in _PASSING else error


def _is_full(error: Exception) -> bool:
    return isinstance(error, DiskFull) or (
        isinstance(error, sqlite3.Error) and isinstance(_translated(error), DiskFull)
    )


class Reader:
    """Questions in SQL over one connection."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def all(self, sql: str, params: Params | None = None) -> list[Row]:
        """Raises `NotStored` when the file can't be used at this moment."""
        try:
            return list(await self._connection.execute_fetchall(sql, params or {}))
        except sqlite3.OperationalError as error:
            raise _translated(error) from error

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
            raise _translated(error) from error
        return cursor.rowcount

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        if not rows:
            return
        try:
            await self._connection.executemany(sql, rows)
        except sqlite3.OperationalError as error:
            raise _translated(error) from error

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

    def __init__(self, queries: type[Q], writer: aiosqlite.Connection, reader: aiosqlite.Connection, lock: int) -> None:
        self._queries = queries
        self._writer = writer
        self.read = queries(reader)
        self._reader_connection = reader
        self._lock = lock
        self._jobs: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._listeners: dict[str, list[Callable[[], None]]] = {}
        self._closing = self._ended = False
        #: Why the latest write was not taken; empty: it was.
        self.trouble = ""
        self._task = asyncio.create_task(self._run(), name="store-writer")

    @classmethod
    async def open(cls, path: Path, queries: type[Q], *, migrate: bool = True) -> Database[Q]:
        """Lock, open, migrate. Raises `CannotStart` with what to do."""
        lock = _take_lock(path)
        connections: list[aiosqlite.Connection] = []
        try:
            await asyncio.to_thread(_drop_strange_log, path)
            writer = await _connect(path, _WRITER_PRAGMAS)
            connections.append(writer)
            await _migrate(writer, path, migrate)
            connections.append(await _connect(path, _READER_PRAGMAS))
        except (sqlite3.Error, NotStored) as error:
            await _close_all(connections, lock)
            raise CannotStart(_start_advice(path, error)) from error
        except BaseException:
            await _close_all(connections, lock)
            raise
        return cls(queries, writer, connections[1], lock)

    def on(self, signal: str, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit in which `signal` was given."""
        self._listeners.setdefault(signal, []).append(listener)

    async def write(self, work: Callable[[Q], Awaitable[T]]) -> T:
        """Run `work` in a transaction shared with whoever else waits; returns when it is on the disk.

        An exception of `work` undoes only its own part. Cancelling the caller does not undo it: once queued,
        it is carried out. Raises `NotStored` when the store can't take it.
        """
        if self._closing:
            raise NotStored("the store is closed")
        job = _Job(work, asyncio.get_running_loop().create_future())
        self._jobs.put_nowait(job)
        answer: T = await asyncio.shield(job.answer)
        return answer

    async def close(self) -> None:
        """What was queued is carried out first."""
        self._closing = True
        self._jobs.put_nowait(None)
        await self._task
        await _close_all([self._reader_connection, self._writer], self._lock)

    async def _run(self) -> None:
        while not self._ended:
            job = await self._jobs.get()
            if job is None:
                return
            await self._commit([job])

    def _joined_by_waiting(self, group: list[_Job]) -> list[_Job]:
        """Whoever came meanwhile too, up to `GROUP`."""
        while len(group) < GROUP and not self._jobs.empty():
            job = self._jobs.get_nowait()
            if job is None:
                self._ended = True
                break
            group.append(job)
        return group

    async def _commit(self, group: list[_Job]) -> None:
        try:
            await self._writer.execute("BEGIN IMMEDIATE")
            group = self._joined_by_waiting(group)
            await (self._alone(group[0]) if len(group) == 1 else self._together(group))
            self.trouble = ""
        except (sqlite3.Error, NotStored) as error:
            # They have waited for the same lock; in a queue each would wait for it anew.
            group = self._joined_by_waiting(group)
            log.warning("store_failed", error=str(error), writes=len(group))
            self.trouble = str(error)
            await self._roll_back()
            if _is_full(error):
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
        transaction = self._queries(self._writer)
        try:
            job.result = await job.work(transaction)
        except (Exception, asyncio.CancelledError) as error:
            if not self._writer.in_transaction:  # SQLite gave up the whole transaction (disk full)
                raise (error if isinstance(error, NotStored) else NotStored(str(error))) from error
            job.error = error
            return False
        job.signals = transaction.signals
        return True


def _answer(job: _Job) -> None:
    if job.answer.done():
        return
    if job.error is None:
        job.answer.set_result(job.result)
        return
    job.answer.set_exception(job.error)
    job.answer.exception()  # read here, so that a caller who left makes no noise


async def _connect(path: Path, pragmas: Sequence[str]) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        for pragma in pragmas:
            await connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        # Its thread would keep the process from ending.
        await connection.close()
        raise
    return connection


async def _close_all(connections: Sequence[aiosqlite.Connection], lock: int) -> None:
    for connection in connections:
        await connection.close()
    os.close(lock)


def _take_lock(path: Path) -> int:
    """A lock file beside the database; its text is the holder's process id."""
    lock_path = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"The database's folder {path.parent} can't be written ({error.strerror}). "
            "Give this user the right to write there, or name another place in DATABASE_URL."
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(descriptor, 32).decode(errors="replace").strip() or "unknown"
        os.close(descriptor)
        raise CannotStart(
            f"Another Visnyk (process {holder}) uses the database {path}. Stop it first, "
            "or name another file in DATABASE_URL."
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor


def _drop_strange_log(path: Path) -> None:
    """A restored backup beside the write-ahead log of the file that it replaced: SQLite would mix the two.

    Bytes 18 and 19 of the header say 2 in a file that has such a log, 1 in our backups.
    """
    logs = [path.with_name(path.name + end) for end in ("-wal", "-shm")]
    if not path.exists() or not any(log_path.exists() for log_path in logs):
        return
    with path.open("rb") as file:
        header = file.read(20)
    if header[18:20] == b"\x01\x01":
        for log_path in logs:
            log_path.unlink(missing_ok=True)


def _start_advice(path: Path, error: Exception) -> str:
    text = str(error)
    if "readonly" in text or "unable to open" in text:
        return (
            f"The database {path} can't be written ({text}). Give this user the right to write the file and its folder."
        )
    if "full" in text or "I/O" in text:
        return f"The disk of the database {path} takes no more ({text}). Make room and start again; nothing was lost."
    if "not a database" in text or "malformed" in text:
        return (
            f"{path} is not a sound database ({text}). Restore the latest backup, or name another file in DATABASE_URL."
        )
    if "locked" in text:
        return f"Another program holds the database {path} locked. Close it and start again."
    return f"The database {path} can't be opened: {text}."


def migrations() -> list[tuple[int, str]]:
    """Every migration in order: its number and its SQL."""
    folder = resources.files("bot.storage") / "migrations"
    found = [(int(match[1]), item.read_text("utf-8")) for item in folder.iterdir() if (match := _numbered(item.name))]
    return sorted(found)


def _numbered(name: str) -> re.Match[str] | None:
    return re.fullmatch(r"(\d{4})_\w+\.sql", name)


async def _migrate(connection: aiosqlite.Connection, path: Path, allowed: bool) -> None:
    reader = Reader(connection)
    version = int(await reader.value("PRAGMA user_version"))
    owner = int(await reader.value("PRAGMA application_id"))
    tables = int(await reader.value("SELECT count(*) FROM sqlite_schema"))
    if tables and owner != APPLICATION_ID:
        raise CannotStart(f"{path} is another program's database. Name another file in DATABASE_URL.")
    newest = migrations()[-1][0]
    if version > newest:
        raise CannotStart(
            f"The database {path} was made by a newer Visnyk (schema {version}, this one knows {newest}). "
            "Install the newer version, or restore a backup made before the upgrade."
        )
    if version < newest and not allowed:
        raise CannotStart(f"The database {path} is of an older Visnyk. Run: visnyk migrate")
    for number, sql in migrations():
        if number > version:
            await _apply(connection, number, sql)


async def _apply(connection: aiosqlite.Connection, number: int, sql: str) -> None:
    """One migration in one transaction: after a kill the file is old or new, never between."""
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(sql):
            await connection.execute(statement)
        await connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        await connection.execute(f"PRAGMA user_version = {number}")
        await connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            await connection.execute("ROLLBACK")
        raise


def statements(sql: str) -> Iterable[str]:
    """`executescript` would commit first, so the file is taken apart by SQLite's own rule."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
