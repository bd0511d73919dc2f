"""The cost of `audit verify`: `python -m tests.trials.verified [ENTRIES=200000]`, in seconds for a million entries.

Exit 1 above the budget.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.domain.audit import AuditEntry, Head, canonical_json
from bot.storage.schema import migrations
from bot.storage.sqlite.audit_check import verify_audit
from bot.storage.sqlite.migration import statements

ENTRIES = 200_000
#: Seconds for a million entries, at most.
BUDGET = 10.0
#: What a desk writes into it: mostly articles, here and there somebody of the desk.
DETAIL = {"from": "telegram:1001", "sha256": "5c8f0768ced182eef42e963aff230cb2" * 2, "version": 3}
ACTS = ("drafted", "edited", "submitted", "counting", "published")


def write(path: Path, entries: int) -> None:
    """Write a log of this many entries, in the form of this version."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("BEGIN")
        for number, sql in migrations():
            for statement in statements(sql):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {number}")
        guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        db.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(entries))
        last = db.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        db.execute("UPDATE audit_head SET id = ?, hash = ?", last)
        for _, sql in guards:
            db.execute(sql)
        db.execute("COMMIT")


def _rows(entries: int) -> Iterator[tuple[Any, ...]]:
    head = Head()
    for number in range(1, entries + 1):
        act, subject = f"article.{ACTS[number % len(ACTS)]}", f"article:{number // len(ACTS) + 1}"
        entry = AuditEntry(number, 1_795_518_000_000 + number, f"person:{number % 9 + 1}", act, subject, DETAIL)
        head = head.then(entry)
        yield number, entry.at, entry.actor, act, subject, canonical_json(DETAIL), head.hash


def main() -> int:
    options = dict(argument.split("=", 1) for argument in sys.argv[1:])
    entries = int(options.get("ENTRIES", ENTRIES))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "visnyk.db"
        write(path, entries)
        begun = time.process_time()
        fault = verify_audit(path).fault
        spent = (time.process_time() - begun) / entries * 1_000_000
    print(f"audit verify: {spent:.1f} s of the processor for a million entries, at most {BUDGET:.0f}; fault: {fault}")
    return 1 if fault is not None or spent > BUDGET else 0


if __name__ == "__main__":
    sys.exit(main())
