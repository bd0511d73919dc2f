"""The one place where parts are chosen and joined."""

from bot.app.configured import picture_secret
from bot.app.errands import audit, backup, check, migrate
from bot.app.house import App, open_app, utc_now

__all__ = ["App", "audit", "backup", "check", "migrate", "open_app", "picture_secret", "utc_now"]
