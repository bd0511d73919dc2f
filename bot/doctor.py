"""The doctor: examines what must be right before going live, and says what to do about it."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot import app as house
from bot.adapters.base import Finding
from bot.errors import CannotStart
from bot.storage.sqlite.ballast import SIZE
from config.settings import Settings

#: Least free space on the disk, in bytes: the log and the backups need room too.
ROOM = 200 * 1024 * 1024
#: Files that a newsroom needs at once: half for the platforms' calls, half for sending.
FILES = 1024
#: First version of SQLite that can't damage a WAL file; older ones do so very rarely.
SOUND_SQLITE = (3, 51, 3)


async def examine(settings: Settings, now: Callable[[], datetime] = house.utc_now) -> list[Finding]:
    """All findings. Only a broken newsroom.toml raises: `SettingsError`."""
    path = settings.database_path
    here = [_folder(path), _disk(path), _sqlite()] if not settings.database_server else [await house.database(settings)]
    findings = [*here, _private(path), _files(), _owners(settings)]
    if settings.viber_token and not settings.public_url:
        findings.append(
            Finding(False, "Viber can't call us: PUBLIC_URL is empty.", "Set it to this machine's https address.")
        )
    try:
        findings += await house.check(settings, now)
    except CannotStart as error:
        findings.append(Finding(False, str(error)))
    return findings


def _nearest(path: Path) -> Path:
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return folder


def _folder(path: Path) -> Finding:
    writable = os.access(_nearest(path), os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    return Finding(
        writable,
        f"The database {path} can{'' if writable else 'not'} be written.",
        "Give this user the right to write there, or name another place in DATABASE_URL.",
    )


def _disk(path: Path) -> Finding:
    free = shutil.disk_usage(_nearest(path)).free
    kept = f"; {SIZE // 1024**2} MB of it are kept for the day when the rest is used up"
    what = f"{free // 1024**2:,} MB free for the database{kept if free > ROOM else ''}."
    return Finding(free > ROOM, what, "Make room: at least 200 MB.")


def _private(path: Path) -> Finding:
    """Return the files that others on this machine may read: tokens and readers' ids are not their affair."""
    if not (found := house.remedies(path)):
        return Finding(True, "Nobody else on this machine can read the database or .env, or put a file beside it.")
    names = " ".join(each.split()[-1] for each in found)
    return Finding(False, f"Others on this machine can read or replace {names}.", f"Do: {'; '.join(found)}")


def _files() -> Finding:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    count = "any number of" if most == resource.RLIM_INFINITY else f"{most:,}"
    enough = most == resource.RLIM_INFINITY or most >= FILES
    return Finding(enough, f"Visnyk may open {count} files at once.", f"Allow at least {FILES:,} (ulimit -n).")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    known = "" if sqlite3.sqlite_version_info >= SOUND_SQLITE else " (3.51.3 mends a rare fault; one writer avoids it)"
    return Finding(True, f"SQLite {version}{known}.")


def _owners(settings: Settings) -> Finding:
    count = len(settings.owners)
    return Finding(
        count > 0,
        f"{count} owner{'' if count == 1 else 's'} in OWNERS.",
        "Nobody can queue an article yet: write /whoami to the bot and put the answer into OWNERS.",
    )
