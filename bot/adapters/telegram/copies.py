"""Copies of an article in Telegram's chats: changed where they stand (docs/platforms/telegram.md#edits)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import telegram
from telegram.error import TelegramError

from bot.adapters.base import Post, Receipt
from bot.adapters.telegram import outcome
from bot.adapters.telegram.answers import answered, judged
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.card import card as neutral
from bot.adapters.telegram.posts import Posts, of_telegram
from bot.adapters.telegram.render import Json, TelegramPost, render
from bot.adapters.telegram.request import Answer
from bot.adapters.telegram.uploads import FILE_NAMES
from bot.adapters.text import is_web_link
from bot.domain import Article, Channel, Outlet
from bot.errors import NoCopy, Rejected, SendError

TEXT, CAPTION, MEDIA = "editMessageText", "editMessageCaption", "editMessageMedia"
#: What only a new message has.
_NOT_OF_AN_EDIT = frozenset({"disable_notification"})
#: What an edit puts into a message, by its kind.
INPUTS = {
    "photo": telegram.InputMediaPhoto,
    "video": telegram.InputMediaVideo,
    "animation": telegram.InputMediaAnimation,
}
#: The receipt of every edit: the copy keeps the number that it has.
DONE = Receipt(0)


class Copies:
    """The part of `Messenger` that changes what is in a chat already."""

    def __init__(self, bots: Bots, posts: Posts) -> None:
        self._bots = bots
        self._posts = posts

    def edition(self, was: Post, article: Article, outlet: Outlet) -> TelegramPost:
        card = render(replace(article, media=neutral()), outlet)
        return edition(of_telegram(was), render(article, outlet), card, is_withdrawn=article.is_withdrawn)

    async def edit(self, chat: str, message_id: int, edition: Post) -> Receipt:
        """The fast path for many readers: the body is made once, and only the chat and the message differ."""
        own = of_telegram(edition)
        return await _in_either_form(own, lambda form: self._edit(chat, message_id, form))

    async def edit_post(self, channel: Channel, message_id: int, edition: Post) -> Receipt:
        bot, own = self._bots.channels, of_telegram(edition)
        return await _in_either_form(own, lambda form: self._edit_by(bot, channel.chat, message_id, form, is_post=True))

    async def remove(self, chat: str, message_id: int) -> Receipt:
        """As in `Copies`: possible for 48 hours (docs/platforms/telegram.md#deletions)."""
        return await _settled(answered(self._bots.desk.delete_message(chat, message_id), channel=False))

    async def remove_post(self, channel: Channel, message_id: int) -> Receipt:
        return await _settled(answered(self._bots.channels.delete_message(channel.chat, message_id), channel=True))

    async def pin(self, channel: Channel, message_id: int) -> Receipt:
        """As in `Copies` (docs/platforms/telegram.md#pins)."""
        bot = self._bots.channels
        call = bot.pin_chat_message(channel.chat, message_id, disable_notification=True)
        return await _settled(answered(call, channel=True))

    async def unpin(self, channel: Channel, message_id: int) -> Receipt:
        call = self._bots.channels.unpin_chat_message(channel.chat, message_id=message_id)
        return await _settled(answered(call, channel=True))

    async def _edit(self, chat: str, message_id: int, form: TelegramPost) -> None:
        if form.method == MEDIA:
            await self._edit_by(self._bots.desk, chat, message_id, form, is_post=False)
            return
        answer, error = Answer(), None
        body = b"%s&chat_id=%s&message_id=%d" % (form.form, quote(chat).encode(), message_id)
        try:
            await self._bots.request.post_form(self._bots.url(form.method), body, answer=answer)
        except TelegramError as raised:
            error = raised
        if error is not None or answer.status != 200 or not answer.body.startswith(b'{"ok":true'):
            judged(answer, error, channel=False)

    async def _edit_by(
        self, bot: telegram.Bot, chat: str, message_id: int, form: TelegramPost, *, is_post: bool
    ) -> None:
        async def send(file: bytes | str) -> Mapping[str, Any]:
            return await answered(_editing(bot, chat, message_id, form, file), channel=is_post)

        if not form.picture or form.method != MEDIA:
            await send(await self._file(bot, form))
        elif file := await self._posts.uploads.file(bot, form.picture):
            await send(file)
        else:
            await self._posts.uploads.first(bot, form.picture, send)

    async def _file(self, bot: telegram.Bot, form: TelegramPost) -> bytes | str:
        """Return what an edit shows, as this bot can name it: a `file_id` is good for one bot only."""
        file = _file_of(form)
        is_named = file and form.method == MEDIA and not is_web_link(file)
        return await self._posts.fetch(file) if is_named and bot is not self._bots.desk else file


async def _settled(call: Awaitable[object]) -> Receipt:
    """Return the receipt also where nothing was left to do."""
    try:
        await call
    except Rejected as rejected:
        if not (outcome.is_deleted(rejected.reason) or outcome.is_unchanged(rejected.reason)):
            raise
    return DONE


async def _in_either_form(form: TelegramPost, edit: Callable[[TelegramPost], Awaitable[None]]) -> Receipt:
    """Edit a copy; if it shows a picture where we thought there is none, or none where we thought there is, as that."""
    try:
        await edit(form)
    except SendError as error:
        if not isinstance(error, Rejected) or outcome.is_unchanged(error.reason):
            return _done(error)
        if form.plainer is None or not outcome.is_of_the_other_form(error.reason):
            raise _of_a_copy(error) from None
        try:
            await edit(form.plainer)
        except SendError as again:
            return _done(_of_a_copy(again))
    return DONE


def _done(error: SendError) -> Receipt:
    if isinstance(error, Rejected) and outcome.is_unchanged(error.reason):
        return DONE
    raise error


def _of_a_copy(error: SendError) -> SendError:
    """The error as it concerns one copy alone, where it does."""
    gone = isinstance(error, Rejected) and outcome.cannot_be_edited(error.reason)
    return NoCopy(error.reason) if gone else error


def edition(was: TelegramPost, post: TelegramPost, card: TelegramPost, *, is_withdrawn: bool) -> TelegramPost:
    """Return how a copy of `was` becomes `post`; its `plainer` form is for copies that are with or without a picture
    although others are not. Pure.

    A picture can't be taken away: the `card` takes its place, with the words of `post`.
    """
    words = _text(post.plainer if is_withdrawn and post.plainer is not None else post)
    has_words_alone = post.method == "sendMessage" or is_withdrawn
    if has_words_alone:
        is_text = was.method == "sendMessage"
        return replace(words, plainer=_media(card)) if is_text else replace(_media(card), plainer=words)
    other = _text(post.plainer) if post.plainer is not None else None
    is_kept = was.method == post.method and _file_key(was) == _file_key(post)
    return replace(_caption(post) if is_kept else _media(post), plainer=other)


def _file_key(post: TelegramPost) -> object:
    return post.picture or _file_of(post)


def _file_of(post: TelegramPost) -> str:
    file = post.params.get(post.kind) or post.params.get("file") or ""
    return file if isinstance(file, str) else ""


def _kept(post: TelegramPost, *names: str) -> dict[str, Json]:
    return {
        name: value
        for name, value in post.params.items()
        if name not in _NOT_OF_AN_EDIT and not isinstance(value, bytes) and (not names or name in names)
    }


def _text(post: TelegramPost) -> TelegramPost:
    return TelegramPost(TEXT, _kept(post), post.visible, None, post.whole, post.unmarked)


def _caption(post: TelegramPost) -> TelegramPost:
    params = _kept(post, "caption", "parse_mode", "reply_markup")
    return TelegramPost(CAPTION, params, post.visible, None, post.whole, post.unmarked)


def _media(post: TelegramPost) -> TelegramPost:
    """`file` is no parameter of Telegram's: the call is made with it."""
    params: dict[str, Json] = {"kind": post.kind, **_kept(post, "caption", "parse_mode")}
    params |= {**_kept(post, "reply_markup"), "file": _file_of(post)}
    return TelegramPost(MEDIA, params, post.visible, None, post.whole, post.unmarked, post.picture)


def _editing(
    bot: telegram.Bot, chat: str, message_id: int, form: TelegramPost, file: bytes | str
) -> Awaitable[telegram.Message | bool]:
    params: dict[str, Any] = dict(form.params)
    markup = params.pop("reply_markup", None)
    params["reply_markup"] = telegram.InlineKeyboardMarkup.de_json(markup, bot) if markup else None
    if form.method == TEXT:
        params["link_preview_options"] = telegram.LinkPreviewOptions.de_json(params["link_preview_options"], bot)
        return bot.edit_message_text(chat_id=chat, message_id=message_id, **params)
    if form.method == CAPTION:
        return bot.edit_message_caption(chat_id=chat, message_id=message_id, **params)
    name = FILE_NAMES[params["kind"]] if isinstance(file, bytes) else None
    media = INPUTS[params["kind"]](file, caption=params["caption"], parse_mode=params["parse_mode"], filename=name)
    return bot.edit_message_media(media, chat_id=chat, message_id=message_id, reply_markup=params["reply_markup"])
