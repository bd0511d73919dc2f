"""Telegram: python-telegram-bot's types over our own wire."""

from bot.adapters.telegram.messenger import TelegramMessenger

__all__ = ["TelegramMessenger"]
