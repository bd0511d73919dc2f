"""Chat commands: from what a person said to what the newsroom does and the chat shows."""

from bot.commands.answers import Answer
from bot.commands.commands import Commands
from bot.commands.switchboard import Switchboard
from bot.commands.telling import Telling

__all__ = ["Answer", "Commands", "Switchboard", "Telling"]
