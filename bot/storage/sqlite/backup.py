"""Backups: an online copy that is safe to start from."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import aiosqlite

from bot.domain.audit import Head
from bot.errors import CannotStart
from bot.storage.safe import STATEMENTS, STOP_CHANGES, values
from bot.storage.sqlite.migration import bring_up_to_date


async def backup_database(source: Path, target: Path, now: datetime) -> Head | None:
    """Copy while Visnyk may be running; checks the copy. Raises `CannotStart` with what to do.

    Returns the head of the copy's audit log; None when it has none (a database of an older Visnyk).
    """
    _check_paths(source, target)
    try:
        await asyncio.to_thread(target.touch, 0o600, exist_ok=False)
        async with aiosqlite.connect(source) as live:
            await live.execute("PRAGMA query_only=ON")
            return await _copy(live, target, now)
    except (sqlite3.Error, OSError) as error:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise CannotStart(f"The backup to {target} failed: {error}. Check the folder and the free space.") from error


def _check_paths(source: Path, target: Path) -> None:
    if not source.exists():
        raise CannotStart(f"There is no database at {source} to back up. DATABASE_URL names it.")
    if target.exists():
        raise CannotStart(f"{target} exists already. Name a new file; backups are never written over.")


async def _copy(live: aiosqlite.Connection, target: Path, now: datetime) -> Head | None:
    async with aiosqlite.connect(target, isolation_level=None) as copy:
        await live.backup(copy)
        await copy.execute("PRAGMA journal_mode=DELETE")
        await make_safe(copy, now)
        return await _head(copy)


async def make_safe(copy: aiosqlite.Connection, now: datetime) -> None:
    """Let nothing leave the copy by itself. Raises `sqlite3.Error` if it is damaged."""
    await copy.execute("BEGIN IMMEDIATE")
    columns = {row[1] for row in await copy.execute_fetchall("PRAGMA table_info(dispatch)")}
    # A database of an older Visnyk, which is copied as it is, knows no changes.
    for statement in [each for each in STATEMENTS if "kind" in columns or each is not STOP_CHANGES]:
        await copy.execute(statement, values(now))
    await copy.execute("COMMIT")
    rows = list(await copy.execute_fetchall("PRAGMA integrity_check"))
    if [row[0] for row in rows] != ["ok"]:
        raise sqlite3.DatabaseError(f"the copy is damaged ({rows[0][0]})")


async def _head(copy: aiosqlite.Connection) -> Head | None:
    if not list(await copy.execute_fetchall("SELECT 1 FROM sqlite_schema WHERE name = 'audit_head'")):
        return None
    rows = list(await copy.execute_fetchall("SELECT id, hash FROM audit_head"))
    return Head(*rows[0]) if rows else None


async def make_empty(file: Path) -> None:
    """Make an empty database of this version. Raises `CannotStart` when there is something at that place."""
    try:
        await asyncio.to_thread(file.touch, 0o600, exist_ok=False)
        async with aiosqlite.connect(file, isolation_level=None) as made:
            made.row_factory = sqlite3.Row
            await bring_up_to_date(made, file, True)
    except (sqlite3.Error, OSError) as error:
        raise CannotStart(f"{file} can't be made: {error}. Check the folder and the free space.") from error
