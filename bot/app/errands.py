"""The operator's errands, which work whether or not the house runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from bot.adapters.base import About, Finding, Messenger, examined
from bot.adapters.proxy import shown
from bot.app import recording, witnesses
from bot.app.backups import TOO_OLD
from bot.app.clocks import is_wrong
from bot.app.configured import (
    channels_of,
    events_proxy,
    gate_of,
    messengers_of,
    owners_of,
    place_of,
    proxies_of,
    safeguards_of,
    shelf_of,
)
from bot.domain.audit import Head, Verdict
from bot.domain.people import Person, Role
from bot.errors import CannotStart, SendError
from bot.newsroom import rulebook
from bot.newsroom.staffing import shortage
from bot.storage import (
    Moved,
    Place,
    Restored,
    address_of,
    backup_of,
    begun_before,
    fault_of,
    looked_at,
    move,
    open_store,
    restore_to,
    team_in,
    verify_audit,
)
from config.newsroom import Newsroom as NewsroomFile
from config.newsroom import load_newsroom
from config.settings import Settings


async def check(settings: Settings, now: Callable[[], datetime]) -> list[Finding]:
    """The findings of `doctor` about platforms and people. Raises `CannotStart` and `SettingsError`."""
    file = load_newsroom(settings.newsroom)
    channels = channels_of(file)
    messengers = messengers_of(settings, file.name)
    findings: list[Finding] = []
    for platform, messenger in messengers.items():
        await messenger.open()
        try:
            findings += await messenger.check([c for c in channels if c.platform is platform], file.desk.groups)
            findings += await _clock(messenger, now)
        finally:
            await messenger.close()
    ways = [_way(platform.title(), proxy) for platform, proxy in proxies_of(settings).items() if platform in messengers]
    if settings.events_url:
        ways.append(_way("EVENTS_URL", events_proxy(settings)))
    return [
        *ways,
        *findings,
        await _staff(settings, file),
        await _rules(settings, file),
        await _backups(settings, file),
        await recording.examine(settings),
        *await witnesses.examine(settings, file),
    ]


def _way(place: str, proxy: str) -> Finding:
    way = f"through the proxy {shown(proxy)}" if proxy else "directly, without a proxy"
    return Finding(True, f"The way to {place} goes {way}.", about=About.PLATFORM)


async def _clock(messenger: Messenger, now: Callable[[], datetime]) -> list[Finding]:
    """The finding about our clock beside a platform's; none if the platform does not say."""
    try:
        at = (await examined(messenger.way_in())).at
    except SendError:  # it is a finding already
        return []
    if at is None:
        return []
    behind, platform = at - now(), messenger.platform.title()
    what = f"The clock of this machine shows what {platform}'s does."
    if is_wrong(behind):
        way = "behind" if behind > timedelta(0) else "ahead of"
        what = (
            f"The clock of this machine is {timedelta(seconds=round(abs(behind).total_seconds()))} {way} {platform}'s."
        )
    return [Finding(not is_wrong(behind), what, "Have its time synchronised (NTP).", About.PLATFORM)]


async def _backups(settings: Settings, file: NewsroomFile) -> Finding:
    """Return whether the latest automatic backup is young enough. A database of today needs none yet."""
    if file.backups.at is None:
        return Finding(True, "Visnyk makes no backups by itself ([backups] at): make them with `backup`.")
    now = datetime.now(UTC)
    shelf = shelf_of(settings, file)
    if shelf.to is not None and not shelf.to.is_there:
        what = f"Backups are to be copied to {shelf.to.folder}, which is not there."
        return Finding(False, what, "Mount its disk, or change [backups] to in newsroom.toml.")
    age = shelf.age(now)
    if age is None:
        is_new = not await begun_before(place_of(settings), now - TOO_OLD)
        advice = "Let Visnyk run at the time of [backups] at, or make one with `backup`."
        return Finding(is_new, "There is no backup yet.", advice)
    hours = int(age.total_seconds() // 3600)
    advice = "See backup_failed in the log; there must be room for two copies beside the database."
    return Finding(age <= TOO_OLD, f"The latest backup is {hours} h old.", advice)


async def _staff(settings: Settings, file: NewsroomFile) -> Finding:
    """Return whether the desk has enough people; those in OWNERS count even before the first start."""
    now = datetime.now(UTC)
    team = await team_in(place_of(settings))
    seated = {address for person in team for address in person.addresses}
    coming = [Person(0, "", Role.OWNER, (owner,), now) for owner in owners_of(settings) if owner not in seated]
    short = shortage(gate_of(safeguards_of(file)), [*team, *coming], now)
    if short is None:
        return Finding(True, "The desk has people enough for the approvals that newsroom.toml asks for.")
    what = ", ".join(short.rules) or "every article"
    return Finding(
        False,
        f"newsroom.toml asks for approvals: {short.needed} ({what}); people who may give one, besides the author: "
        f"{short.others}.",
        "Bring somebody with /invite editor, let a new one begin at once under /team, or set fewer `approvals`.",
    )


async def _rules(settings: Settings, file: NewsroomFile) -> Finding:
    """Return whether newsroom.toml and OWNERS count as they stand, or the owners have not said yes to all of it."""
    found = safeguards_of(file, owners_of(settings))
    weaker, is_kept = await looked_at(place_of(settings), lambda read: rulebook.waiting(read, found)) or ((), False)
    if not weaker:
        return Finding(True, "The rules of newsroom.toml and OWNERS count as they stand.")
    advice = (
        "An owner chose the earlier rules in chat: put them back there."
        if is_kept
        else "The owners are asked in chat at the next start, and again each day; or put the earlier rules back."
    )
    changes = "; ".join(str(each) for each in weaker)
    return Finding(False, f"These changes do not count until the owners approve them: {changes}.", advice)


async def migrate(settings: Settings) -> str:
    """Bring the database to this version's form; say why that was left to somebody else, if it was. Raises
    `CannotStart`.
    """
    store = await open_store(place_of(settings), stands_by=True)
    await store.close()
    return "" if store.lead.may_serve else store.lead.why


async def audit(settings: Settings, posted: Sequence[str], file: Path | None) -> Verdict:
    """Check whether the audit log, or that of the copy `file`, is whole. Raises `CannotStart`."""
    try:
        heads = [Head.parse(text) for text in posted]
    except ValueError:
        raise CannotStart(
            "--head takes what the desk was told, like 120:9f2c… with all its 64 digits after the colon."
        ) from None
    return await asyncio.to_thread(verify_audit, file or place_of(settings), heads)


def database_name(settings: Settings) -> str:
    """Return the database's path, or its server's address without the password."""
    return address_of(place_of(settings))


async def database(settings: Settings) -> Finding:
    """Return whether the database's server can be used as it is."""
    place = place_of(settings)
    fault = await fault_of(place)
    return Finding(not fault, fault or "The database's server answers, and may be used.")


async def moved(settings: Settings, source: str, target: str, tell: Callable[[int, int], None]) -> Moved:
    """Copy a database to another engine's. Raises `CannotStart` and `SettingsError`."""
    one, other = (_named(settings, address) for address in (source, target))
    if one == other:
        raise CannotStart("Both addresses name the same database.")
    return await move(one, other, datetime.now(UTC), tell)


def _named(settings: Settings, address: str) -> Place:
    try:
        return place_of(Settings(database_url=address, data_folder=settings.data_folder))
    except ValidationError as error:
        plain = address.rpartition("@")[2]  # without a password
        raise CannotStart(f"{plain} {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None


async def backup(settings: Settings, target: Path | None) -> Path:
    """Make a copy that Visnyk can start from, also while it runs, and return its place. Raises `CannotStart`.

    Without a `target` it lies beside the database; its name has the time and the head of its audit log.
    """
    path, now = settings.database_path, datetime.now(UTC)
    if target is not None:
        await backup_of(place_of(settings), target, now)
        return target
    made = path.with_name(f"{path.stem}-{now:%Y%m%d-%H%M%S}.db")
    head = await backup_of(place_of(settings), made, now)
    return made.rename(made.with_stem(f"{made.stem}-{head.short}")) if head is not None else made


async def restore(settings: Settings, copy: Path) -> Restored:
    """Put a backup in the database's place; what was there is kept beside it. Raises `CannotStart`."""
    return await restore_to(copy, place_of(settings), datetime.now(UTC))
