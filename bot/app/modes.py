"""Modes: which of our files others on this machine may read, and whether they may put files beside them."""

from __future__ import annotations

import stat
from pathlib import Path

#: File in which an operator's settings may stand, beside the environment.
DOTENV = Path(".env")


def remedies(database: Path) -> list[str]:
    """Return the commands after which nobody else reads readers' ids and secrets, or replaces their files."""
    files = [database.with_name(database.name + end) for end in ("", "-wal", "-shm", ".flight", ".key")]
    found = [f"chmod 600 {file}" for file in (*files, DOTENV) if _mode(file) & (stat.S_IRWXG | stat.S_IRWXO)]
    folder = database.absolute().parent
    mode = _mode(folder)
    if mode & (stat.S_IWGRP | stat.S_IWOTH) and not mode & stat.S_ISVTX:
        found.append(f"chmod go-w {folder}")
    return found


def _mode(path: Path) -> int:
    """The mode; 0 where there is nothing."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0
