"""The check of what gives somebody authority, in a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.authority_check import check_authority
from bot.storage.seal_key import known_key_of
from bot.storage.sqlite.opening import BUSY


def unproven_rows(path: Path) -> list[str]:
    """Name the rows that somebody put in, altered or took away, of what is open; also while Visnyk runs."""
    with closing(sqlite3.connect(path, timeout=BUSY / 1000, isolation_level=None)) as connection:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("BEGIN")
        connection.row_factory = sqlite3.Row
        return check_authority(connection, known_key_of(path), everything=False)
