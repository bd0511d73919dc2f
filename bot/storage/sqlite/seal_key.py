"""The key of the buttons' seals: in a file of its own beside the database, so that no row and no backup has it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.domain.seals import NO_KEY

#: Bytes of the key.
LENGTH = 32


def file_of(database: Path) -> Path:
    return database.with_name(database.name + ".key")


def key_of(database: Path) -> bytes:
    """Return the key of this database, made now if there is none. Raises `OSError`."""
    if found := known_key_of(database):
        return found
    made = secrets.token_bytes(LENGTH)
    file = file_of(database)
    fresh = file.with_name(file.name + ".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(made)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    return made


def known_key_of(database: Path) -> bytes:
    """The key of this database; `NO_KEY` where there is none, as beside a backup."""
    try:
        found = file_of(database).read_bytes()
    except OSError:
        return NO_KEY
    return found if len(found) == LENGTH else NO_KEY
