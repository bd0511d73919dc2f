"""The daily backup: made by itself, restored into a scratch file and checked, and rotated."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.app.elsewhere import Elsewhere
from bot.domain.audit import Head
from bot.domain.news import BackupFailed
from bot.domain.times import next_slot
from bot.errors import CannotStart
from bot.storage import Place, Store, backup_of, open_store, verify_audit
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between two looks whether it is time.
LOOK_EVERY = 300.0
#: Seconds until the next attempt after one that failed.
RETRY = 3600.0
#: From this age on the latest backup is too old: a day, and half of one for a machine that was off.
TOO_OLD = timedelta(hours=36)
#: The key of the trouble that the last backup failed.
TROUBLE = "backup"
#: Names that we give; other files in the folder are not ours to delete.
NAME = re.compile(r"visnyk-(\d{8}-\d{6})(?:-\d+-[0-9a-f]+)?\.db")
STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder beside the database where the last `keep` backups lie, and the second place for them, if any."""

    place: Place
    keep: int
    to: Elsewhere | None = None

    @property
    def folder(self) -> Path:
        return self.place.path.with_name("backups")

    def made(self) -> list[tuple[datetime, Path]]:
        """Return the backups with the time in their names, oldest first."""
        return _made(self.folder)

    def age(self, now: datetime) -> timedelta | None:
        """Return the age of the latest; None if there is none."""
        made = self.made()
        return now - made[-1][0] if made else None

    def rotate(self) -> None:
        for _, path in self.made()[: -self.keep]:
            path.unlink()

    def copy(self) -> bool:
        """Bring the latest backup to the second place; return False if it is there already, or there is no such place.

        Raises `CannotStart` or `OSError`.
        """
        made = self.made()
        if self.to is None or not made or self.to.has(made[-1][1]):
            return False
        self.to.take(made[-1][1])
        for _, path in _made(self.to.folder)[: -self.keep]:
            path.unlink()
        return True


def _made(folder: Path) -> list[tuple[datetime, Path]]:
    if not folder.is_dir():
        return []
    found = [(NAME.fullmatch(path.name), path) for path in folder.iterdir()]
    return sorted((datetime.strptime(name[1], STAMP).replace(tzinfo=UTC), path) for name, path in found if name)


class Backups:
    """Makes one each day at `at` in the newsroom's `zone`; None: never."""

    def __init__(
        self, store: Store, shelf: Shelf, at: time | None, zone: ZoneInfo, *, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self.shelf = shelf
        self._slots = dict.fromkeys(range(7), (at,)) if at is not None else {}
        self._zone = zone
        self._now = now
        self._worker = Worker("backup", self._step)
        self.start = self._worker.start
        self.stop = self._worker.cancel

    def wake(self) -> None:
        if self._slots:
            self._worker.wake()

    async def _step(self) -> float | None:
        now = self._now()
        if not self._slots:  # switched off: what failed before is nobody's trouble
            await self._store.write(lambda tx: tx.trouble_over(TROUBLE, now))
            return None
        due = self._latest_due(now)
        if due is None:
            return LOOK_EVERY
        try:
            is_new = await self._make(due, now)
        except (CannotStart, OSError) as error:
            log.warning("backup_failed", reason=str(error))
            failed = BackupFailed(_without_paths(error, self.shelf.folder))
            await self._store.write(lambda tx: tx.tell_desk(TROUBLE, failed, now))
            return RETRY
        if is_new:
            await self._store.write(lambda tx: tx.trouble_gone(TROUBLE, now))
        return LOOK_EVERY

    async def _make(self, due: datetime, now: datetime) -> bool:
        """Make the backup that is due, and copy the latest where it is to be, too; return False if both were done."""
        made, is_new = await asyncio.to_thread(self.shelf.made), False
        if (not made or made[-1][0] < due) and await self._store.read.audit_begun_before(due):
            path, is_new = await make(self.shelf, now), True
            log.info("backup_made", file=path.name, kept=self.shelf.keep)
        if await asyncio.to_thread(self.shelf.copy):
            log.info("backup_copied")
            is_new = True
        return is_new

    def _latest_due(self, now: datetime) -> datetime | None:
        """Return the latest instant at which one was due; None if there was none within two days."""
        at = next_slot(self._slots, after=now - timedelta(days=2), zone=self._zone, taken=())
        while at is not None and (then := next_slot(self._slots, after=at, zone=self._zone, taken=())) and then <= now:
            at = then
        return at if at is not None and at <= now else None


def _without_paths(error: CannotStart | OSError, folder: Path) -> str:
    """Return what went wrong for a chat, which need not know where on the machine the files lie."""
    reason = error.strerror if isinstance(error, OSError) else None
    return (reason or str(error)).replace(f"{folder}/", "").replace(f"{folder.parent}/", "")


async def make(shelf: Shelf, now: datetime) -> Path:
    """Make one, restore it elsewhere and check that; only then does it count, and the oldest goes.

    Raises `CannotStart` with what to do, and leaves nothing behind then.
    """
    shelf.folder.mkdir(mode=0o700, exist_ok=True)
    begun = shelf.folder / f"visnyk-{now:{STAMP}}.part"
    await asyncio.to_thread(begun.unlink, missing_ok=True)
    try:
        head = await backup_of(shelf.place, begun, now)
        await _restored(begun, head)
        ending = f"-{head.short}" if head is not None else ""
        return begun.rename(begun.with_name(f"{begun.stem}{ending}.db"))
    finally:
        await asyncio.to_thread(begun.unlink, missing_ok=True)
        await asyncio.to_thread(shelf.rotate)


async def _restored(copy: Path, head: Head | None) -> None:
    """Start from the copy in a folder of its own, as after a loss, and check the audit chain to its end."""
    with tempfile.TemporaryDirectory(dir=copy.parent, prefix="restored-") as folder:
        scratch = Path(folder) / "visnyk.db"
        await asyncio.to_thread(shutil.copyfile, copy, scratch)
        store = await open_store(scratch)
        try:
            waiting = await store.read.waiting(1)
        finally:
            await store.close()
        verdict = await asyncio.to_thread(verify_audit, scratch, [head] if head is not None else [])
        if waiting or verdict.fault is not None:
            raise CannotStart(f"The backup can't be restored: {verdict.fault or 'it would do again what was done'}.")
