"""Opening the file: our own process alone, with the settings that a durable store needs."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite

from bot.errors import CannotStart

#: Milliseconds for which a write waits for another process's lock before it is given up.
BUSY = 5000

#: Bytes, in new files. A commit writes whole pages, mostly a single one: a page of readers fits into this, and SQLite's
#: usual 4,096 would lie across two blocks of the disk.
PAGE = 1024

WRITER = (
    f"page_size={PAGE}",
    "journal_mode=WAL",
    "synchronous=FULL",
    f"busy_timeout={BUSY}",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    "wal_autocheckpoint=4000",
    "journal_size_limit=67108864",
    "temp_store=MEMORY",
    # What is forgotten is overwritten, so that nobody finds it in the file.
    "secure_delete=ON",
)
#: Shorter than `BUSY`: while it waits for a reader, nobody can write.
SCRUBBER = ("busy_timeout=500", "secure_delete=ON")
READER = (f"busy_timeout={BUSY}", "query_only=ON", "mmap_size=0", "wal_autocheckpoint=0")


async def connect(path: Path, pragmas: Sequence[str]) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        await connection.executescript(";".join(f"PRAGMA {pragma}" for pragma in pragmas))
    except BaseException:
        # Its thread would keep the process from ending.
        await connection.close()
        raise
    return connection


async def close_all(connections: Sequence[aiosqlite.Connection], lock: int) -> None:
    for connection in connections:
        await connection.close()
    os.close(lock)


def take_lock(path: Path) -> int:
    """A lock file beside the database; its text is the holder's process id."""
    lock_path = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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
    keep_private(path)
    return descriptor


def holder_of(path: Path) -> tuple[int, datetime] | None:
    """Return the process that holds the database, and since when; None if none does."""
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        holder = os.read(descriptor, 32).decode(errors="replace")
        since = datetime.fromtimestamp(os.fstat(descriptor).st_mtime, UTC)
        return (int(holder), since) if holder.isdecimal() else None
    finally:
        os.close(descriptor)
    return None


def keep_private(path: Path) -> None:
    """Take everybody else's rights to the files that hold readers' ids; an earlier version left them readable."""
    for end in ("", "-wal", "-shm", ".flight", ".ballast"):
        # On a disk without rights, or with another owner, `doctor` says what is left to do.
        with suppress(OSError):
            path.with_name(path.name + end).chmod(0o600)


def drop_strange_log(path: Path) -> None:
    """Refuse a restored backup beside the write-ahead log of the file that it replaced: SQLite would mix the two.

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


def start_advice(path: Path, error: Exception) -> str:
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
