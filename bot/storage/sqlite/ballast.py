"""The ballast: room on the disk that is kept for the moment when it has none left.

On a full disk not even a deletion can be written. Then the ballast goes: what it held is enough for every halt, every
doubt and every outcome, and nothing new is reserved until there is room for a ballast again.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

#: Bytes: weeks of commands, and the outcomes of all that can be under way.
SIZE = 64 * 1024 * 1024


class Ballast:
    """The ballast file. `is_gone`: the disk was full, has no room for it yet; the empty file tells the next start."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._path = path
        self._size = size
        self.is_gone = path.exists() and path.stat().st_size == 0
        if not self.take() and not self.is_gone:
            log.warning("no_ballast", needed=2 * size)

    def take(self) -> bool:
        """Make the file, but only where as much again stays free: it must not be what fills the disk."""
        if self._is_held():
            self.is_gone = False
            return True
        try:
            if shutil.disk_usage(self._path.parent).free < 2 * self._size:
                return False
            self._occupy()
        except OSError:
            self._shrink()
            return False
        self.is_gone = False
        return True

    def drop(self) -> None:
        """Give the room up, as the disk is full. Without a ballast nothing changes."""
        if self._is_held():
            self.is_gone = True
            self._shrink()
            log.warning("ballast_dropped", bytes=self._size)

    def close(self) -> None:
        """Remove the file, which nobody needs while nothing runs; that the disk was full is remembered."""
        if not self.is_gone:
            self._path.unlink(missing_ok=True)

    def _is_held(self) -> bool:
        return self._path.exists() and self._path.stat().st_size >= self._size

    def _occupy(self) -> None:
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, self._size)
        finally:
            os.close(descriptor)

    def _shrink(self) -> None:
        with suppress(OSError):
            os.truncate(self._path, 0)
