"""The place where the database lies, and where the files lie that belong to this machine alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """`server`: the address of a PostgreSQL database; empty: the database is the SQLite file `path`.

    Beside `path` lie the key of the buttons' seals, the flight recorder and the backups, whatever the engine.
    """

    path: Path
    server: str = ""

    @classmethod
    def of(cls, where: Place | Path) -> Place:
        """Return the place itself; of a path, that of the file."""
        return where if isinstance(where, Place) else cls(where)

    def beside(self, end: str) -> Path:
        return self.path.with_name(self.path.name + end)
