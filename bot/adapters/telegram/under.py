"""A screen under the post that it is about: in one message of Telegram's where both fit, else in two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import telegram

from bot.adapters.base import Receipt, Turn
from bot.adapters.telegram import outcome
from bot.adapters.telegram.answers import answered
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.copies import INPUTS
from bot.adapters.telegram.keyboard import keyboard
from bot.adapters.telegram.posts import Posts
from bot.adapters.telegram.render import (
    CAPTION_LIMIT,
    ENTITY_LIMIT,
    GAP,
    TEXT_LIMIT,
    TelegramPost,
    clean,
    clean_runs,
    to_html,
    within_limits,
)
from bot.adapters.telegram.screens import NO_PREVIEW, Screens
from bot.adapters.text import stripped
from bot.domain import Run, Screen, plain
from bot.errors import Rejected


def joined(post: TelegramPost, screen: Screen) -> TelegramPost | None:
    """Return the post with the screen below it in the same message; None if that is more than one message takes.

    Of the post every character, link and formatting stays as its readers get it; its button comes first.
    """
    assert screen.above is not None
    body, limit = ("text", TEXT_LIMIT) if post.method == "sendMessage" else ("caption", CAPTION_LIMIT)
    own = str(post.params[body])
    rest = within_limits((Run(GAP + clean(screen.above.end)), *_below(screen)))
    visible = post.visible + plain(rest)
    if len(visible) > limit:
        return None
    html = to_html(rest)
    if own.count("</") + html.count("</") > ENTITY_LIMIT:
        html = to_html([Run(plain(rest))])
    params = {**post.params, body: own + html}
    rows = [*_rows(post.params.get("reply_markup")), *_rows(_keyboard(screen))]
    if rows:
        params["reply_markup"] = {"inline_keyboard": rows}
    plainer = joined(post.plainer, screen) if post.plainer is not None else None
    return replace(post, params=params, visible=visible, plainer=plainer)


def apart(screen: Screen) -> Screen:
    """Return the screen by itself, which says first that the post stands above it."""
    assert screen.above is not None
    said = (Run(screen.above.apart), Run(GAP)) if screen.above.apart else ()
    return replace(screen, runs=(*said, *screen.runs), above=None)


def _below(screen: Screen) -> tuple[Run, ...]:
    below = stripped(clean_runs(screen.runs))
    return (Run(GAP), *below) if below else ()


def _keyboard(screen: Screen) -> Any:
    made = keyboard(screen.buttons)
    return made.to_dict() if made is not None else None


def _rows(markup: Any) -> list[Any]:
    return list(markup["inline_keyboard"]) if markup else []


class Under:
    """The part of `Messenger` that shows screens under posts."""

    def __init__(self, bots: Bots, posts: Posts, screens: Screens) -> None:
        self._bots = bots
        self._posts = posts
        self._screens = screens

    async def show(self, chat: str, post: TelegramPost, screen: Screen, again: Turn, *, thread: int) -> Receipt:
        whole = joined(post, screen)
        if screen.replaces:
            return await self._redraw(chat, whole, screen, again, thread)
        if whole is not None:
            return await self._posts.send(chat, whole, thread=thread)
        receipt = await self._posts.send(chat, post, thread=thread)
        if not screen.runs and not screen.buttons:
            return receipt
        await again()
        return await self._screens.show(chat, apart(screen), again, thread=thread)

    async def _redraw(self, chat: str, whole: TelegramPost | None, screen: Screen, again: Turn, thread: int) -> Receipt:
        """Redraw both in their message. One that has become too long, or of another kind, keeps the screen alone.

        It says of no post above it what readers get: the one that may stand there is of an earlier version.
        """
        alone = replace(screen, above=None)
        if whole is None:
            return await self._screens.show(chat, alone, again, thread=thread)
        try:
            await self._edit(chat, whole, screen)
        except Rejected as rejected:
            if outcome.is_unchanged(rejected.reason):
                return Receipt(screen.replaces)
            if screen.in_place:
                return await self._screens.show(chat, alone, again, thread=thread)
            if not outcome.cannot_be_edited(rejected.reason):
                raise
            await again()
            return await self._posts.send(chat, whole, thread=thread)
        return Receipt(screen.replaces)

    async def _edit(self, chat: str, whole: TelegramPost, screen: Screen) -> None:
        bot, message = self._bots.desk, screen.replaces
        markup = telegram.InlineKeyboardMarkup.de_json(
            whole.params.get("reply_markup") or {"inline_keyboard": []},  # type: ignore[arg-type]
            bot,
        )
        if whole.kind not in INPUTS:
            text = str(whole.params["text"])
            call = bot.edit_message_text(
                text, chat, message, parse_mode="HTML", reply_markup=markup, link_preview_options=NO_PREVIEW
            )
            await answered(call, channel=False)
            return
        file = await self._posts.file_of(whole) or str(whole.params.get(whole.kind) or "")
        if not file:
            raise Rejected("message can't be edited: its picture was not uploaded yet")
        media = INPUTS[whole.kind](file, caption=str(whole.params["caption"]), parse_mode="HTML")
        await answered(bot.edit_message_media(media, chat, message, reply_markup=markup), channel=False)
