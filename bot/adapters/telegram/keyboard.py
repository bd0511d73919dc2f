"""The buttons under a message, as Telegram takes them."""

from __future__ import annotations

from collections.abc import Sequence

import telegram

from bot.adapters.text import is_web_link
from bot.domain import Button


def keyboard(rows: Sequence[Sequence[Button]]) -> telegram.InlineKeyboardMarkup | None:
    """The keyboard, without buttons that Telegram would refuse: one bad address would cost the whole screen."""
    kept = [
        [_button(button) for button in row if button.label and (button.id or is_web_link(button.url))] for row in rows
    ]
    kept = [row for row in kept if row]
    return telegram.InlineKeyboardMarkup(kept) if kept else None


def _button(button: Button) -> telegram.InlineKeyboardButton:
    if button.id:
        return telegram.InlineKeyboardButton(button.label, callback_data=button.id)
    return telegram.InlineKeyboardButton(button.label, url=button.url)
