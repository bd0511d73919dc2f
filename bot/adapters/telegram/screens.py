"""Screens in Telegram's chats: shown, and redrawn where the message can be edited."""

from __future__ import annotations

from collections.abc import Awaitable
from urllib.parse import urlencode

import telegram

from bot.adapters.base import Receipt, Turn
from bot.adapters.telegram import outcome
from bot.adapters.telegram.answers import answered, following, receipt_of
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.keyboard import keyboard
from bot.adapters.telegram.render import CAPTION_LIMIT, TEXT_LIMIT, clean_runs, to_html, within_limits
from bot.adapters.text import split
from bot.domain import Paragraph, Screen, plain
from bot.errors import Rejected

NO_PREVIEW = telegram.LinkPreviewOptions(is_disabled=True)


class Screens:
    """The part of `Messenger` that shows screens."""

    def __init__(self, bots: Bots) -> None:
        self._bots = bots

    async def show(self, chat: str, screen: Screen, again: Turn, *, thread: int) -> Receipt:
        return await following(chat, lambda to: self._show_in(to, screen, again, thread))

    async def _show_in(self, chat: str, screen: Screen, again: Turn, thread: int) -> Receipt:
        if screen.in_place and not screen.runs:
            await self._offer(chat, keyboard(screen.buttons), screen.replaces)
            return Receipt(screen.replaces)
        parts = split(clean_runs(screen.runs), TEXT_LIMIT) or [()]
        keyboards = [*[None] * (len(parts) - 1), keyboard(screen.buttons)]
        if screen.in_place:
            await self._edit(chat, parts[0], keyboard(screen.buttons), screen.replaces)
            return Receipt(screen.replaces)
        receipt = await self._redraw(chat, parts[0], keyboards[0], screen.replaces, again, thread)
        for part, buttons in zip(parts[1:], keyboards[1:], strict=True):
            await again()
            receipt = await self._say(chat, part, buttons, thread)
        return receipt

    async def _redraw(
        self,
        chat: str,
        runs: Paragraph,
        buttons: telegram.InlineKeyboardMarkup | None,
        replaces: int,
        again: Turn,
        thread: int,
    ) -> Receipt:
        if not replaces:
            return await self._say(chat, runs, buttons, thread)
        try:
            await self._edit(chat, runs, buttons, replaces)
        except Rejected as rejected:
            if not outcome.cannot_be_edited(rejected.reason):
                raise
            await again()
            return await self._say(chat, runs, buttons, thread)
        return Receipt(replaces)

    async def _edit(
        self, chat: str, runs: Paragraph, buttons: telegram.InlineKeyboardMarkup | None, message_id: int
    ) -> None:
        call = self._bots.desk.edit_message_text(
            to_html(within_limits(runs)),
            chat,
            message_id,
            parse_mode="HTML",
            reply_markup=buttons,
            link_preview_options=NO_PREVIEW,
        )
        try:
            await answered(call, channel=False)
        except Rejected as rejected:
            if outcome.is_under_a_picture(rejected.reason) and len(plain(runs)) <= CAPTION_LIMIT:
                await self._edit_caption(chat, runs, buttons, message_id)
            elif not outcome.is_unchanged(rejected.reason):
                raise

    async def _edit_caption(
        self, chat: str, runs: Paragraph, buttons: telegram.InlineKeyboardMarkup | None, message_id: int
    ) -> None:
        """Redraw a screen that stood under a post with a picture, which stays."""
        call = self._bots.desk.edit_message_caption(
            chat, message_id, caption=to_html(within_limits(runs)), parse_mode="HTML", reply_markup=buttons
        )
        await _changed(call)

    async def _offer(self, chat: str, buttons: telegram.InlineKeyboardMarkup | None, message_id: int) -> None:
        """Leave a message as it is, but for its buttons."""
        await _changed(self._bots.desk.edit_message_reply_markup(chat, message_id, reply_markup=buttons))

    async def _say(
        self, chat: str, runs: Paragraph, buttons: telegram.InlineKeyboardMarkup | None, thread: int
    ) -> Receipt:
        """Send past python-telegram-bot, which would make objects of an answer of which only the number is wanted."""
        fields = {
            "chat_id": chat,
            "text": to_html(within_limits(runs)),
            "parse_mode": "HTML",
            "link_preview_options": NO_PREVIEW.to_json(),
        }
        if buttons is not None:
            fields["reply_markup"] = buttons.to_json()
        if thread:
            fields["message_thread_id"] = str(thread)
        call = self._bots.request.post_form(self._bots.url("sendMessage"), urlencode(fields).encode())
        return receipt_of(await answered(call, channel=False), chat)


async def _changed(call: Awaitable[object]) -> None:
    """Wait for a message to be changed; one that was so already is right."""
    try:
        await answered(call, channel=False)
    except Rejected as rejected:
        if not outcome.is_unchanged(rejected.reason):
            raise
