"""The store: the only truth about time and work. Every question to it is a method with a name."""

from bot.storage.engine import FULL
from bot.storage.recorder import Left, Mark, Region, Slot, Trace
from bot.storage.sqlite.audit_check import verify_audit
from bot.storage.sqlite.authority_check import unproven_rows
from bot.storage.sqlite.backup import backup_database
from bot.storage.sqlite.opening import holder_of
from bot.storage.sqlite.restore import Restored, restore_database
from bot.storage.store import Queries, Store, begun_before, looked_at, open_store, team_in

__all__ = [
    "FULL",
    "Left",
    "Mark",
    "Queries",
    "Region",
    "Restored",
    "Slot",
    "Store",
    "Trace",
    "backup_database",
    "begun_before",
    "holder_of",
    "looked_at",
    "open_store",
    "restore_database",
    "team_in",
    "unproven_rows",
    "verify_audit",
]
