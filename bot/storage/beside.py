"""Looking at the database from beside it, whichever engine has it, and whether or not Visnyk runs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.domain.audit import Head, Verdict
from bot.domain.people import Person
from bot.errors import NotStored
from bot.storage.place import Place
from bot.storage.seal_key import known_key_of
from bot.storage.sqlite import audit_check as file_audit
from bot.storage.sqlite import authority as file_authority
from bot.storage.sqlite import database as file_database
from bot.storage.sqlite import opening as file_opening
from bot.storage.store import Queries

# Only whoever has a server pays for its driver: it is imported where it is used.

T = TypeVar("T")


@asynccontextmanager
async def looking(where: Place | Path) -> AsyncIterator[Queries]:
    """Questions to what is committed. Raises `NotStored` if there is no database of this version."""
    place = Place.of(where)
    if not place.server:
        async with file_database.looking(place.path, Queries) as queries:
            yield queries
        return
    from bot.storage.postgres import looking as on_server

    async with on_server.looking(place.server, Queries, known_key_of(place.path)) as queries:
        yield queries


async def looked_at(where: Place | Path, look: Callable[[Queries], Awaitable[T]]) -> T | None:
    """Return what `look` finds in the database; None if none of this version is there."""
    try:
        async with looking(where) as queries:
            return await look(queries)
    except NotStored:
        return None


async def team_in(where: Place | Path) -> list[Person]:
    """The desk as the database has it; nobody where there is none of this version."""
    return await looked_at(where, lambda queries: queries.team()) or []


async def begun_before(where: Place | Path, at: datetime) -> bool:
    """True if the house had been at work by then; False where there is no database."""
    return bool(await looked_at(where, lambda queries: queries.audit_begun_before(at)))


def address_of(place: Place) -> str:
    """Return the path of the database, or its server's address without the password, as an operator may see it."""
    if not place.server:
        return str(place.path)
    from bot.storage.postgres.opening import shown

    return shown(place.server)


async def fault_of(place: Place) -> str:
    """Say why the database's server can't be used as it is, and what to do; empty: it can."""
    from bot.storage.postgres import looking as on_server

    return await on_server.fault_of(place.server)


def verify_audit(where: Place | Path, posted: Sequence[Head] = ()) -> Verdict:
    """Check the whole audit log. `posted`: heads that were told outside of the database. Raises `CannotStart`."""
    place = Place.of(where)
    if not place.server:
        return file_audit.verify_audit(place.path, posted)
    from bot.storage.postgres import looking as on_server

    return on_server.verify_audit(place.server, posted, known_key_of(place.path))


def unproven_rows(where: Place | Path) -> list[str]:
    """Name the rows that somebody put in, altered or took away, of what is open."""
    place = Place.of(where)
    if not place.server:
        return file_authority.unproven_rows(place.path)
    from bot.storage.postgres import looking as on_server

    return on_server.unproven_rows(place.server, known_key_of(place.path))


def holder_of(where: Place | Path) -> tuple[int, datetime] | None:
    """Return the process that holds the database, and since when; None if none does."""
    place = Place.of(where)
    if not place.server:
        return file_opening.holder_of(place.path)
    from bot.storage.postgres import looking as on_server

    return on_server.holder_of(place.server)
