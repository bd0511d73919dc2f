"""The second place of backups: the folder of another disk or machine, to which each checked one is copied."""

from __future__ import annotations

import filecmp
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.errors import CannotStart

#: What is said of a copy whose bytes differ from the backup.
DIFFERS = "The copy in the folder of [backups] to is not like the backup."


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The `folder` of `[backups] to`. It is never made: where its disk is not mounted, a copy would land on ours."""

    folder: Path

    @property
    def is_there(self) -> bool:
        return self.folder.is_dir()

    def has(self, backup: Path) -> bool:
        """True if the backup was copied whole; a copy gets its name only then."""
        return (self.folder / backup.name).is_file()

    def take(self, backup: Path) -> None:
        """Copy a backup, compare it byte by byte, and only then give it its name.

        Raises `CannotStart` or `OSError`, and leaves nothing behind then.
        """
        if not self.is_there:
            raise CannotStart("The folder of [backups] to is not there: is its disk mounted?")
        begun = self.folder / f"{backup.name}.part"
        try:
            begun.unlink(missing_ok=True)
            with backup.open("rb") as source, os.fdopen(_created(begun), "wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            if not filecmp.cmp(backup, begun, shallow=False):
                raise CannotStart(DIFFERS)
            begun.rename(self.folder / backup.name)
        finally:
            begun.unlink(missing_ok=True)


def _created(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
