"""The status of the house at a glance, for an operator and for a monitor, whether or not it runs."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

import aiohttp

from bot import __version__
from bot.app.backups import TOO_OLD
from bot.app.configured import place_of, shelf_of
from bot.domain import Platform
from bot.storage import Queries, address_of, holder_of, looked_at
from config.newsroom import load_newsroom
from config.settings import Settings

#: Seconds for the answer of a Visnyk that runs.
PATIENCE = 5.0
#: Bytes of free disk from which on an operator should look, and those without which soon nothing can be written.
LITTLE, TOO_LITTLE = 1 << 30, 128 << 20


#: The beginning of what /readyz says on a machine that could lead, if another one did not.
STANDS_BY = "stands by: Another Visnyk"


class Level(IntEnum):
    """The exit code of `status`, as monitors read it."""

    FINE = 0
    LOOK = 1
    BAD = 2


@dataclass(frozen=True, slots=True)
class Amounts:
    """The database's answers: how much waits, the instants of the next and latest post, readers by platform."""

    waits: Mapping[str, int]
    next_at: datetime | None
    latest_at: datetime | None
    readers: Mapping[str, int]
    halted: bool


@dataclass(frozen=True, slots=True)
class Status:
    """`running`: the process and when it took the database; `ready`: what /readyz says, None without an answer."""

    at: datetime
    database: str
    running: tuple[int, datetime] | None
    ready: str | None
    amounts: Amounts | None
    backs_up: bool
    backup_age: timedelta | None
    free: int


@dataclass(frozen=True, slots=True)
class Remark:
    level: Level
    what: str
    said: str


async def status(settings: Settings, now: datetime) -> Status:
    """Look at the database, at the process that holds it and at its doors. Raises `SettingsError`."""
    path, place, file = settings.database_path, place_of(settings), load_newsroom(settings.newsroom)
    return Status(
        at=now,
        database=address_of(place),
        running=await asyncio.to_thread(holder_of, place),
        ready=await _readiness(settings),
        amounts=await looked_at(place, _counted),
        backs_up=file.backups.at is not None,
        backup_age=await asyncio.to_thread(shelf_of(settings, file).age, now),
        free=await asyncio.to_thread(_free, path),
    )


def remarks(status: Status) -> list[Remark]:
    """Judge everything that is known, in the order in which an operator asks."""
    return [*_house(status), *_work(status), *_keeping(status)]


def as_json(status: Status, judged: Sequence[Remark]) -> dict[str, object]:
    amounts = status.amounts
    return {
        "version": __version__,
        "level": max(remark.level for remark in judged).name.lower(),
        "running": status.running is not None,
        "process": status.running[0] if status.running else None,
        "since": status.running[1].isoformat() if status.running else None,
        "ready": status.ready == "ready",
        "why": status.ready,
        "halted": amounts.halted if amounts else None,
        "waiting": dict(amounts.waits) if amounts else None,
        "next_at": amounts.next_at.isoformat() if amounts and amounts.next_at else None,
        "latest_at": amounts.latest_at.isoformat() if amounts and amounts.latest_at else None,
        "readers": dict(amounts.readers) if amounts else None,
        "backup_age_seconds": status.backup_age.total_seconds() if status.backup_age is not None else None,
        "disk_free_bytes": status.free,
        "remarks": [{"level": each.level.name.lower(), "what": each.what, "said": each.said} for each in judged],
    }


def _house(status: Status) -> list[Remark]:
    found = [Remark(Level.FINE, "version", __version__)]
    if status.running is None:
        return [*found, Remark(Level.BAD, "runs", f"no: nothing holds the database {status.database}")]
    process, since = status.running
    found.append(Remark(Level.FINE, "runs", f"yes, process {process}, for {_long(status.at - since)}"))
    if status.ready is None:
        return [*found, Remark(Level.BAD, "ready", "its doors do not answer; see HOST and PORT")]
    is_fine = status.ready == "ready" or status.ready.startswith(STANDS_BY)
    return [*found, Remark(Level.FINE if is_fine else Level.BAD, "ready", status.ready)]


def _work(status: Status) -> list[Remark]:
    amounts = status.amounts
    if amounts is None:
        return [Remark(Level.BAD, "database", "none of this version; `visnyk doctor` says more")]
    doubts, latest = amounts.waits["doubts"], amounts.latest_at
    waiting = f"{amounts.waits['articles']} in the queue, {amounts.waits['dispatches']} under way"
    return [
        _halt(amounts),
        Remark(Level.FINE, "articles", waiting),
        Remark(Level.FINE, "next post", f"{amounts.next_at:%Y-%m-%d %H:%M} UTC" if amounts.next_at else "none"),
        Remark(Level.FINE, "latest post", f"{_long(status.at - latest)} ago" if latest else "none"),
        Remark(Level.LOOK if doubts else Level.FINE, "in doubt", f"{doubts}; the desk settles them with /doubts"),
        Remark(Level.FINE, "readers", ", ".join(f"{name} {count:,}" for name, count in amounts.readers.items())),
    ]


def _halt(amounts: Amounts) -> Remark:
    return Remark(Level.LOOK, "halt", "everything is halted") if amounts.halted else Remark(Level.FINE, "halt", "no")


def _keeping(status: Status) -> list[Remark]:
    disk = Level.BAD if status.free < TOO_LITTLE else Level.LOOK if status.free < LITTLE else Level.FINE
    return [_backup(status), Remark(disk, "disk", f"{status.free / (1 << 30):,.1f} GiB free")]


def _backup(status: Status) -> Remark:
    if not status.backs_up:
        return Remark(Level.FINE, "backup", "none by itself ([backups] at is empty)")
    if status.backup_age is None:
        return Remark(Level.LOOK, "backup", "none yet")
    level = Level.LOOK if status.backup_age > TOO_OLD else Level.FINE
    return Remark(level, "backup", f"restored and checked {_long(status.backup_age)} ago")


def _long(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount > 0) or "0 s"


async def _readiness(settings: Settings) -> str | None:
    """Return the first line that our doors answer; None if nobody answers."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    token = settings.metrics_token
    headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token is not None else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(PATIENCE)) as session,
            session.get(f"http://{host}:{settings.port}/readyz", headers=headers) as answer,
        ):
            return (await answer.text()).partition("\n")[0]
    except (aiohttp.ClientError, TimeoutError):
        return None


async def _counted(read: Queries) -> Amounts:
    latest = await read.latest(1)
    return Amounts(
        await read.amounts(),
        min(await read.taken_times(), default=None),
        latest[0].published_at if latest else None,
        {platform.title(): await read.count_readers(platform) for platform in Platform},
        await read.is_halted(),
    )


def _free(path: Path) -> int:
    folder = path.absolute().parent
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
