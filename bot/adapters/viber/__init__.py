"""Viber: one-to-one messages and broadcasts by the bot's token, channel posts by the channel's."""

from bot.adapters.viber.messenger import ViberMessenger

__all__ = ["ViberMessenger"]
