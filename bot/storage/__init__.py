"""The store: the only truth about time and work. Every question to it is a method with a name."""

from bot.storage.audit_check import Verdict, verify_audit
from bot.storage.desk import BUTTON_LIFE
from bot.storage.insight import Reason
from bot.storage.ledger import Tally
from bot.storage.recorder import Mark, Region, Trace
from bot.storage.sqlite.backup import backup_database
from bot.storage.sqlite.database import FULL
from bot.storage.store import Queries, Store, open_store, team_in

__all__ = [
    "BUTTON_LIFE",
    "FULL",
    "Mark",
    "Queries",
    "Reason",
    "Region",
    "Store",
    "Tally",
    "Trace",
    "Verdict",
    "backup_database",
    "open_store",
    "team_in",
    "verify_audit",
]
