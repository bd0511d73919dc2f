"""The store: the only truth about time and work. Every question to it is a method with a name."""

from bot.storage.beside import (
    address_of,
    begun_before,
    fault_of,
    holder_of,
    looked_at,
    team_in,
    unproven_rows,
    verify_audit,
)
from bot.storage.engine import FULL, LOST
from bot.storage.moving import Moved, backup_of, move, restore_to
from bot.storage.place import Place
from bot.storage.recorder import Left, Mark, Region, Slot, Trace
from bot.storage.sqlite.restore import Restored
from bot.storage.store import Queries, Store, open_store

__all__ = [
    "FULL",
    "LOST",
    "Left",
    "Mark",
    "Moved",
    "Place",
    "Queries",
    "Region",
    "Restored",
    "Slot",
    "Store",
    "Trace",
    "address_of",
    "backup_of",
    "begun_before",
    "fault_of",
    "holder_of",
    "looked_at",
    "move",
    "open_store",
    "restore_to",
    "team_in",
    "unproven_rows",
    "verify_audit",
]
