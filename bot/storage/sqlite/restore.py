"""Restoring: a copy takes the database's place, and what was there is kept beside it."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiosqlite

from bot.domain.audit import Head
from bot.errors import CannotStart, NotStored
from bot.storage.sqlite.audit_check import verify_audit
from bot.storage.sqlite.backup import make_safe
from bot.storage.sqlite.migration import bring_up_to_date
from bot.storage.sqlite.opening import take_lock

#: The files that belong to one state of the database.
ENDS = ("", "-wal", "-shm", ".flight")


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept`: where the database lies that was there before; None if there was none."""

    head: Head
    kept: Path | None


async def restore_database(copy: Path, path: Path, now: datetime) -> Restored:
    """Put `copy` in the place of the database at `path`, brought to this version's form and safe to start from.

    The copy itself is only read. Raises `CannotStart` with what to do, and leaves all as it was then.
    """
    check_paths(copy, path)
    lock = take_lock(path)
    fresh = path.with_name(f"{path.name}.restoring")
    try:
        with explained(copy):
            head = await prepared(copy, fresh, now)
            kept = await asyncio.to_thread(_exchange, fresh, path, now)
    finally:
        await asyncio.to_thread(remove, fresh)
        os.close(lock)
    return Restored(head, kept)


@contextmanager
def explained(copy: Path) -> Iterator[None]:
    """Raise `CannotStart` with what to do where a copy can't be read, or its restored form can't be written."""
    try:
        yield
    except (sqlite3.Error, NotStored, OSError) as error:
        raise CannotStart(
            f"{copy} can't be restored: {error}. Try another backup, and look whether the disk has room. "
            "Nothing was changed."
        ) from error


def check_paths(copy: Path, path: Path) -> None:
    if not copy.is_file():
        raise CannotStart(f"There is no file {copy}. Name a backup; they lie in the folder {path.parent / 'backups'}.")
    if path.exists() and copy.samefile(path):
        raise CannotStart(f"{copy} is the database itself. Name a backup of it.")


def _only_read(copy: Path) -> str:
    return f"{copy.absolute().as_uri()}?mode=ro"


async def prepared(copy: Path, fresh: Path, now: datetime) -> Head:
    """Make `fresh` out of the copy: checked, of this version, and nothing leaves it by itself."""
    await asyncio.to_thread(remove, fresh)
    await asyncio.to_thread(fresh.touch, 0o600, exist_ok=False)
    source, made = aiosqlite.connect(_only_read(copy), uri=True), aiosqlite.connect(fresh, isolation_level=None)
    async with source, made:
        await source.backup(made)
        await made.execute("PRAGMA journal_mode=DELETE")
        made.row_factory = sqlite3.Row
        await bring_up_to_date(made, copy, True)
        await make_safe(made, now)
    verdict = await asyncio.to_thread(verify_audit, fresh, [])
    if verdict.fault is not None:
        raise CannotStart(f"{copy} can't be restored: {verdict.fault} Nothing was changed; try an older backup.")
    return verdict.head


def _exchange(fresh: Path, path: Path, now: datetime) -> Path | None:
    """Let `fresh` take the place of the database in one step: whenever the machine dies, one of the two is there."""
    kept = path.with_name(f"{path.stem}-before-{now:%Y%m%d-%H%M%S}{path.suffix}")
    there = [end for end in ENDS if path.with_name(path.name + end).exists()]
    for end in there:
        _keep(path.with_name(path.name + end), kept.with_name(kept.name + end))
    fresh.replace(path)
    for end in there:
        if end:
            path.with_name(path.name + end).unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    return kept if "" in there else None


def _keep(file: Path, beside: Path) -> None:
    """Give the file a second name; a copy where the disk knows no such names."""
    try:
        os.link(file, beside)
    except OSError:
        shutil.copy2(file, beside)


def remove(fresh: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)
