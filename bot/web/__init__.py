"""The doors that the platforms call and an operator looks at, and the inbox behind them."""

from bot.web.api import Api
from bot.web.doors import Doors
from bot.web.events import Events
from bot.web.figures import Vitals
from bot.web.gallery import Gallery
from bot.web.health import Health
from bot.web.inbox import Inbox
from bot.web.media import Pictures
from bot.web.menus import Menus
from bot.web.record import RecordDoor
from bot.web.refusals import Refusals

__all__ = [
    "Api",
    "Doors",
    "Events",
    "Gallery",
    "Health",
    "Inbox",
    "Menus",
    "Pictures",
    "RecordDoor",
    "Refusals",
    "Vitals",
]
