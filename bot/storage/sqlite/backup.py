"""Backups: an online copy that is safe to start from."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import aiosqlite

from bot.domain.audit import Head
from bot.errors import CannotStart
from bot.storage.convert import to_ms

#: A restored file does not know what went out after it was made. So in the copy nothing leaves by itself: the desk
#: looks at each article and channel first, and readers under way are left alone.
_MAKE_SAFE = (
    "UPDATE article SET state = 'held' WHERE state IN ('queued', 'counting')",
    "UPDATE dispatch SET state = 'in_doubt' WHERE channel IS NOT NULL AND state IN ('ready', 'sending')",
    "UPDATE dispatch SET state = 'stopped', reason = 'restored from a backup' WHERE state = 'running'",
    "DELETE FROM reply",
    "DELETE FROM countdown",
    # What somebody asked for after the copy was begun is done in the original; here it would be done again.
    "UPDATE inbox SET done_at = :now, body = x'' WHERE done_at IS NULL",
    """INSERT INTO notice (key, kind, args, at) VALUES ('restored', 'restored', '{}', :now)
       ON CONFLICT (key) WHERE over_at IS NULL DO UPDATE SET told_at = NULL, at = :now""",
)


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
    for statement in _MAKE_SAFE:
        await copy.execute(statement, {"now": to_ms(now)} if ":now" in statement else {})
    await copy.execute("COMMIT")
    rows = list(await copy.execute_fetchall("PRAGMA integrity_check"))
    if [row[0] for row in rows] != ["ok"]:
        raise sqlite3.DatabaseError(f"the copy is damaged ({rows[0][0]})")


async def _head(copy: aiosqlite.Connection) -> Head | None:
    if not list(await copy.execute_fetchall("SELECT 1 FROM sqlite_schema WHERE name = 'audit_head'")):
        return None
    rows = list(await copy.execute_fetchall("SELECT id, hash FROM audit_head"))
    return Head(*rows[0]) if rows else None
