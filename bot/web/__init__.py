"""The doors: what the platforms call, and what an operator looks at; behind them the inbox."""

from bot.web.doors import Doors
from bot.web.inbox import Inbox
from bot.web.media import Pictures
from bot.web.menus import Menus

__all__ = ["Doors", "Inbox", "Menus", "Pictures"]
