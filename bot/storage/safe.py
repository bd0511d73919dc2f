"""Making a copied database safe to start from: nothing leaves it by itself.

A copy does not know what went out after it was made. So the desk looks at each article and channel first, and readers
under way are left alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.storage.convert import to_ms

#: Nothing is in doubt about a change of copies: it waits until somebody makes it again.
STOP_CHANGES = """UPDATE dispatch SET state = 'stopped', reason = 'restored from a backup'
    WHERE kind <> 'post' AND state IN ('ready', 'sending', 'waiting')"""
STATEMENTS = (
    STOP_CHANGES,
    "UPDATE article SET state = 'held' WHERE state IN ('queued', 'counting')",
    "UPDATE article SET ends_at = NULL WHERE ends_at IS NOT NULL",
    "UPDATE dispatch SET state = 'in_doubt' WHERE channel IS NOT NULL AND state IN ('ready', 'sending')",
    "UPDATE dispatch SET state = 'stopped', reason = 'restored from a backup' WHERE state = 'running'",
    "DELETE FROM reply",
    "DELETE FROM countdown",
    "DELETE FROM afterword",
    # What somebody asked for after the copy was begun is done in the original; here it would be done again.
    "UPDATE inbox SET done_at = :now, body = :nothing WHERE done_at IS NULL",
    """INSERT INTO notice (key, kind, args, at) VALUES ('restored', 'restored', '{}', :now)
       ON CONFLICT (key) WHERE over_at IS NULL DO UPDATE SET told_at = NULL, at = :now""",
)


def values(now: datetime) -> dict[str, Any]:
    """The parameters of the statements."""
    return {"now": to_ms(now), "nothing": b""}
