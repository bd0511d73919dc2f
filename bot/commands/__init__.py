"""Chat commands: from what a person said to what the newsroom does and the chat shows."""

from bot.commands.commands import Commands

__all__ = ["Commands"]
