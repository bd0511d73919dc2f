"""Verification of the audit log: every entry is read again, and its end compared with a head noted elsewhere."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from bot.domain.audit import Fault, Head, Verdict, follow, goes_on
from bot.domain.seals import NO_KEY
from bot.errors import CannotStart
from bot.storage.sqlite.authority_check import check_authority
from bot.storage.sqlite.migration import migrations, statements
from bot.storage.sqlite.opening import BUSY
from bot.storage.sqlite.seal_key import known_key_of

#: Not by the index, which may have been left as it was.
_ENTRIES = "SELECT id, at, actor, act, subject, detail, hash FROM audit NOT INDEXED WHERE id > :after ORDER BY id"
#: Below every number that a row can have.
_FIRST = -(2**63)
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
    head, fault = _followed(connection, posted)
    fault = fault or _end(connection, head, posted) or _guards(connection)
    return Verdict(head, fault, tuple(check_authority(connection, key)) if fault is None else ())


def _followed(connection: sqlite3.Connection, posted: Sequence[Head]) -> tuple[Head, Fault | None]:
    """The last sound entry, and what is wrong with the one after it."""
    open_heads: defaultdict[int, list[Head]] = defaultdict(list)
    for told in posted:
        open_heads[told.id].append(told)
    head = Head()
    fault = _differs(head, open_heads)
    while fault is None:
        head = _far(connection, head, open_heads.keys())
        if head.id in open_heads and (fault := _differs(head, open_heads)):
            break
        row = connection.execute(f"{_ENTRIES} LIMIT 1", {"after": _end_of(head)}).fetchone()
        if row is None:
            break
        after, fault = follow(head, row)
        head = after if fault is None else head
        fault = fault or _differs(head, open_heads)
    return head, fault


def _far(connection: sqlite3.Connection, head: Head, stops: Collection[int]) -> Head:
    """The last entry that follows soundly, or the first one of `stops`. A million of them is a matter of seconds."""
    number, seal = head.id, head.hash
    for row in connection.execute(_ENTRIES, {"after": _end_of(head)}):
        if not goes_on(number, seal, row):
            break
        number, seal = row[0], row[6]
        if number in stops:
            break
    return Head(number, seal)


def _end_of(head: Head) -> int:
    """Return the number after which the next entry stands; before the first there is none."""
    return head.id or _FIRST


def _differs(head: Head, posted: dict[int, list[Head]]) -> Fault | None:
    if all(head.is_noted_as(told) for told in posted.get(head.id, ())):
        return None
    return Fault(head.id, "is another than the one whose head was posted: the log was rewritten up to here.")


def _end(connection: sqlite3.Connection, head: Head, posted: Sequence[Head]) -> Fault | None:
    """The end may have been cut off: three places remember it."""
    rows = connection.execute("SELECT one, id, hash FROM audit_head").fetchall()
    last = max([*_counted(connection), *(row[1] for row in rows), *(told.id for told in posted)], default=0)
    if last > head.id:
        return Fault(head.id + 1, f"is missing: the log went on to entry {last}.")
    if rows != [(1, head.id, head.hash)] or [head.id] != (_counted(connection) or [0]):
        return Fault(
            head.id, "is the last, but the head kept beside the log is another." if head.id else "its head is another."
        )
    return None


def _counted(connection: sqlite3.Connection) -> list[int]:
    """Return SQLite's own memory of the highest number."""
    return [row[0] for row in connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")]


def _guards(connection: sqlite3.Connection) -> Fault | None:
    """Return a fault if a trigger that refuses changes is not as the migrations of this schema made it."""
    wanted = _guards_of(connection.execute("PRAGMA user_version").fetchone()[0])
    found = dict(connection.execute(_GUARDS))
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            return Fault(0, f"its guard “{name}” is not as it was made; somebody worked on the database.")
    return None


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
