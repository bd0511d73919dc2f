"""Changes that the machine's owner can make to an audit log."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path


def alter(path: Path, attack: Callable[[sqlite3.Connection], object]) -> None:
    """Alter the database as the machine's owner can: the guards are lifted and put back."""
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as db:
        guards = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        db.execute("BEGIN IMMEDIATE")
        for name, _ in guards:
            db.execute(f"DROP TRIGGER {name}")
        attack(db)
        for _, sql in guards:
            db.execute(sql)
        db.execute("COMMIT")


LAST = "(SELECT max(id) FROM audit)"
SIGNS = {
    "another actor": f"UPDATE audit SET actor = 'person:9' WHERE id = {LAST}",
    "another content": f"UPDATE audit SET detail = '{{}}' WHERE id = {LAST}",
    "no longer text": f"UPDATE audit SET actor = CAST(x'ff41' AS TEXT) WHERE id = {LAST}",
    "the last one gone": f"DELETE FROM audit WHERE id = {LAST}",
    "one more": f"INSERT INTO audit SELECT id + 1, at, actor, act, subject, detail, hash FROM audit WHERE id = {LAST}",
    "another head": "UPDATE audit_head SET hash = substr(hash, 2) || 'g'",
    "no head": "DELETE FROM audit_head",
}
