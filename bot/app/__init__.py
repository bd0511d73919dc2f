"""The one place where parts are chosen and joined."""

from bot.app.configured import picture_secret
from bot.app.errands import audit, backup, check, database, database_name, migrate, moved, restore
from bot.app.house import open_app, utc_now
from bot.app.loop import fastest, run
from bot.app.modes import remedies
from bot.app.parts import App
from bot.storage import LOST

__all__ = [
    "LOST",
    "App",
    "audit",
    "backup",
    "check",
    "database",
    "database_name",
    "fastest",
    "migrate",
    "moved",
    "open_app",
    "picture_secret",
    "remedies",
    "restore",
    "run",
    "utc_now",
]
