"""Verification of the audit log in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.audit import Head, Verdict
from bot.domain.seals import NO_KEY
from bot.errors import CannotStart
from bot.storage.audit_check import check_log
from bot.storage.authority_check import check_authority
from bot.storage.schema import migrations
from bot.storage.seal_key import known_key_of
from bot.storage.sqlite.migration import statements
from bot.storage.sqlite.opening import BUSY

#: Not by the index, which may have been left as it was.
_ENTRIES = "SELECT id, at, actor, act, subject, detail, hash FROM audit NOT INDEXED WHERE id > :after ORDER BY id"
_GUARDS = """SELECT name, sql FROM sqlite_schema WHERE tbl_name IN ('audit', 'audit_head') AND sql IS NOT NULL"""


def verify_audit(path: Path, posted: Sequence[Head] = ()) -> Verdict:
    """Look at a database, also of a running Visnyk. `posted`: heads that were told outside of it.

    Raises `CannotStart` when there is no audit log to look at.
    """
    if not path.is_file():
        raise CannotStart(f"There is no database at {path}. DATABASE_URL names it.")
    try:
        with closing(sqlite3.connect(path, timeout=BUSY / 1000, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute("BEGIN")  # one state of the file, whatever is written meanwhile
            return check_audit(connection, posted, known_key_of(path))
    except sqlite3.Error as error:
        raise CannotStart(f"The audit log in {path} can't be read: {error}.") from error


def check_audit(connection: sqlite3.Connection, posted: Sequence[Head] = (), key: bytes = NO_KEY) -> Verdict:
    # What is no longer text (bytes changed in the file) is a fault of its entry, not of our reading.
    connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    return check_log(_Log(connection, key), posted)


class _Log:
    """`Log` over a connection."""

    def __init__(self, connection: sqlite3.Connection, key: bytes) -> None:
        self._connection = connection
        self._key = key

    def entries(self, after: int, *, one: bool = False) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(f"{_ENTRIES} LIMIT 1" if one else _ENTRIES, {"after": after})

    def heads(self) -> list[tuple[Any, ...]]:
        return self._connection.execute("SELECT one, id, hash FROM audit_head").fetchall()

    def counted(self) -> list[int]:
        """Return SQLite's own memory of the highest number, where it says 0 before the first."""
        rows = self._connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
        return [row[0] for row in rows] or [0]

    def strange_guard(self) -> str:
        wanted = _guards_of(self._connection.execute("PRAGMA user_version").fetchone()[0])
        found = dict(self._connection.execute(_GUARDS))
        return next((name for name in sorted(wanted.keys() | found.keys()) if wanted.get(name) != found.get(name)), "")

    def unproven(self) -> list[str]:
        before, self._connection.row_factory = self._connection.row_factory, sqlite3.Row
        try:
            return check_authority(self._connection, self._key)
        finally:
            self._connection.row_factory = before


@cache
def _guards_of(version: int) -> Mapping[str, str]:
    """The guards that the migrations up to this one make."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as sample:
        for statement in _statements_up_to(version):
            sample.execute(statement)
        return dict(sample.execute(_GUARDS))


def _statements_up_to(version: int) -> Iterator[str]:
    for number, sql in migrations():
        if number <= version:
            yield from statements(sql)
