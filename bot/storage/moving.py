"""Moving a database from one engine to another, backups of a server's, and restoring them there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.domain.audit import Head
from bot.errors import CannotStart, NotStored
from bot.storage.beside import verify_audit
from bot.storage.copying import Tables, copy
from bot.storage.place import Place
from bot.storage.seal_key import share_key
from bot.storage.sqlite import backup as file_backup
from bot.storage.sqlite import restore as file_restore
from bot.storage.sqlite import tables as file_tables
from bot.storage.sqlite.restore import Restored
from bot.storage.store import Store, open_store

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """`rows` of all tables; `head`: the end of the audit log."""

    rows: int
    head: Head


def _silent(_done: int, _of_all: int) -> None:
    """Tell nobody how far it is."""


@contextmanager
def tables_of(place: Place, *, read_only: bool) -> Iterator[Tables]:
    """The tables of a database, whichever engine has it. Raises `NotStored`."""
    if not place.server:
        with file_tables.tables_of(place.path, read_only=read_only) as in_file:
            yield in_file
        return
    from bot.storage.postgres import tables as server_tables

    with server_tables.tables_of(place.server, read_only=read_only) as on_server:
        yield on_server


def _copied(source: Place, target: Place, tell: Tell, now: datetime | None) -> int:
    try:
        with tables_of(source, read_only=True) as here, tables_of(target, read_only=False) as there:
            return copy(here, there, tell, now)
    except NotStored as error:
        raise CannotStart(f"It can't be copied: {error}. Nothing was changed.") from error


async def move(source: Place, target: Place, now: datetime, tell: Tell = _silent) -> Moved:
    """Copy a database whole to another place where there is none yet; nothing leaves the copy by itself.

    The source stays as it is, in this version's form. Raises `CannotStart` with what to do; then, and after a kill,
    what was begun is undone.
    """
    if not source.server and not source.path.is_file():
        raise CannotStart(f"There is no database at {source.path}.")
    await asyncio.to_thread(share_key, source.path, target.path)
    one = await open_store(source)
    try:
        other = await open_store(target)
        try:
            head = await _checked(one, other, source)
            rows = await asyncio.to_thread(_copied, source, target, tell, now)
        finally:
            await other.close()
    finally:
        await one.close()
    verdict = await asyncio.to_thread(verify_audit, target, [head])
    if verdict.fault is not None:
        raise CannotStart(f"The copy is not sound: {verdict.fault}")
    return Moved(rows, verdict.head)


async def _checked(one: Store, other: Store, source: Place) -> Head:
    """Return the head of the source's log, which must be sound, while the target must be empty."""
    if (await other.read.audit_head()).id:
        raise CannotStart("There is a newsroom in the database to move to. Name an empty one.")
    verdict = await asyncio.to_thread(verify_audit, source)
    if verdict.fault is not None:
        raise CannotStart(f"The database to move from is not sound: {verdict.fault}")
    return await one.read.audit_head()


async def backup_of(place: Place, target: Path, now: datetime) -> Head | None:
    """Copy a database to a new file while Visnyk may be running; return the head of its log. Raises `CannotStart`."""
    if not place.server:
        return await file_backup.backup_database(place.path, target, now)
    if await asyncio.to_thread(target.exists):
        raise CannotStart(f"{target} exists already. Name a new file; backups are never written over.")
    try:
        await file_backup.make_empty(target)
        await asyncio.to_thread(_copied, place, Place(target), _silent, now)
        return (await asyncio.to_thread(verify_audit, target)).head
    except BaseException:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise


async def restore_to(backup: Path, place: Place, now: datetime) -> Restored:
    """Put a backup in the place of a database; what was there is kept in a file. Raises `CannotStart`."""
    if not place.server:
        return await file_restore.restore_database(backup, place.path, now)
    file_restore.check_paths(backup, place.path)
    fresh, kept = place.beside(".restoring"), place.path.with_name(f"visnyk-before-{now:%Y%m%d-%H%M%S}.db")
    store = await open_store(place)
    try:
        with file_restore.explained(backup):
            head = await file_restore.prepared(backup, fresh, now)
        is_new = not (await store.read.audit_head()).id
        if not is_new:
            await backup_of(place, kept, now)
        await asyncio.to_thread(_copied, Place(fresh), place, _silent, None)
    finally:
        await store.close()
        await asyncio.to_thread(file_restore.remove, fresh)
    return Restored(head, None if is_new else kept)
