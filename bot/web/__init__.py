"""The doors that the platforms call and an operator looks at, and the inbox behind them."""

from bot.web.doors import Doors
from bot.web.inbox import Inbox
from bot.web.media import Pictures
from bot.web.menus import Menus

__all__ = ["Doors", "Inbox", "Menus", "Pictures"]
