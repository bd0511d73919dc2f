"""Both messengers in memory, for trying and for tests; shares no code with the bot that it judges."""

from bot.sandbox.phones import Bubble, Event, Request
from bot.sandbox.server import Sandbox

__all__ = ["Bubble", "Event", "Request", "Sandbox"]
