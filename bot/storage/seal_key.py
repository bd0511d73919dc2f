"""The key of the buttons' seals: in a file of its own beside the database, so that no row and no backup has it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.domain.seals import NO_KEY
from bot.errors import CannotStart

#: Bytes of the key.
LENGTH = 32


def file_of(database: Path) -> Path:
    return database.with_name(database.name + ".key")


def key_of(database: Path) -> bytes:
    """Return the key of this database, made now if there is none. Raises `CannotStart`."""
    if (found := known_key_of(database)) != NO_KEY:
        return found
    made = secrets.token_bytes(LENGTH)
    _put(file_of(database), made)
    return made


def known_key_of(database: Path) -> bytes:
    """The key of this database; `NO_KEY` where there is none, as beside a backup."""
    try:
        found = file_of(database).read_bytes()
    except OSError:
        return NO_KEY
    return found if len(found) == LENGTH else NO_KEY


def share_key(ours: Path, copy: Path) -> None:
    """Give a copy our key unless it has one, so that buttons on phones go on to work. Raises `CannotStart`."""
    if (key := known_key_of(ours)) != NO_KEY and known_key_of(copy) == NO_KEY:
        _put(file_of(copy), key)


def _put(file: Path, key: bytes) -> None:
    fresh = file.with_name(file.name + ".new")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(key)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
    except OSError as error:
        raise CannotStart(f"The key {file} can't be written: {error.strerror}.") from error
