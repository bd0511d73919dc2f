"""Articles on their way to Telegram's channels and readers."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import telegram
from telegram.error import TelegramError

from bot.adapters.base import PictureShelf, Post, Receipt
from bot.adapters.telegram.answers import answered, following, judged, new_number, receipt_at_a_glance, receipt_of
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.render import TelegramPost
from bot.adapters.telegram.request import Answer
from bot.adapters.telegram.uploads import FILE_NAMES, Uploads
from bot.adapters.text import is_web_link
from bot.domain import Channel
from bot.errors import NotSent, Rejected, SendError

#: No parameters beside those of the post.
NO_MORE: Mapping[str, Any] = MappingProxyType({})


class Posts:
    """The part of `Messenger` that posts articles, and fetches the pictures and videos that they need."""

    def __init__(self, bots: Bots, shelf: PictureShelf | None) -> None:
        self._bots = bots
        self.uploads = self._uploads = Uploads(shelf)

    async def publish(self, channel: Channel, post: Post, *, reply_to: int = 0) -> Receipt:
        own, bot = await self._for_channel_bot(of_telegram(post)), self._bots.channels

        async def to(chat: str) -> Receipt:
            if own.picture:
                return receipt_of(await self._with_picture(bot, chat, own, channel=True), chat)
            return receipt_of(await answered(_posting(bot, chat, own, reply_to), channel=True), chat)

        return await following(channel.chat, to)

    async def _with_picture(
        self, bot: telegram.Bot, chat: str, post: TelegramPost, *, channel: bool, more: Mapping[str, Any] = NO_MORE
    ) -> Mapping[str, Any]:
        """Send a post with a kept picture or film: by the name that Telegram gave it, or by its bytes."""

        async def send(file: bytes | str) -> Mapping[str, Any]:
            whole = replace(post, params={**post.params, **more, post.kind: file})
            return await answered(_posting(bot, chat, whole), channel=channel)

        if file := await self._uploads.file(bot, post.picture):
            try:
                return await send(file)
            except Rejected as rejected:
                if not self._uploads.is_wrong(bot, post.picture, rejected):
                    raise
        return await self._uploads.first(bot, post.picture, send)

    async def _for_channel_bot(self, post: TelegramPost) -> TelegramPost:
        """The post as the channel's bot can send it: a `file_id` is good for one bot only, so the other one uploads."""
        file = post.params.get(post.kind)
        if not self._bots.are_two or not isinstance(file, str) or is_web_link(file):
            return post
        return replace(post, params={**post.params, post.kind: await self.fetch(file)})

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0, reply_to: int = 0) -> Receipt:
        """The fast path for many readers: the body is made once per post, and only the number of the answer is read."""
        own = of_telegram(post)
        rest = own.form
        if own.picture:
            file = await self._uploads.file(self._bots.desk, own.picture)
            if not file:
                return await self._first(chat, own, paid=paid, thread=thread)
            rest += f"&{own.kind}={quote(file)}".encode()
        if paid:
            rest += b"&allow_paid_broadcast=true"
        if thread:
            rest += b"&message_thread_id=%d" % thread
        if reply_to:
            rest += _answering(reply_to)
        url = self._bots.url(own.method)
        try:
            return await self._send(url, chat, rest)
        except Rejected as rejected:
            if not own.picture or not self._uploads.is_wrong(self._bots.desk, own.picture, rejected):
                raise
            return await self._first(chat, own, paid=paid, thread=thread)
        except SendError as failed:
            return await self._send(url, new_number(failed), rest)

    async def _first(self, chat: str, post: TelegramPost, *, paid: bool, thread: int) -> Receipt:
        more: dict[str, Any] = {}
        if paid:
            more["allow_paid_broadcast"] = True
        if thread:
            more["message_thread_id"] = thread

        async def to(chat: str) -> Receipt:
            return receipt_of(await self._with_picture(self._bots.desk, chat, post, channel=False, more=more), chat)

        return await following(chat, to)

    async def _send(self, url: str, chat: str, rest: bytes) -> Receipt:
        to = chat if chat.isdecimal() else quote(chat)
        answer, error = Answer(), None
        try:
            await self._bots.request.post_form(url, b"%s&chat_id=%s" % (rest, to.encode()), answer=answer)
        except TelegramError as raised:
            error = raised
        if error is None and (receipt := receipt_at_a_glance(answer)):
            return receipt
        return receipt_of(judged(answer, error, channel=False), chat)

    async def file_of(self, post: TelegramPost) -> str:
        """Return the name under which Telegram holds the post's kept picture for the desk's bot; empty: none yet."""
        return await self._uploads.file(self._bots.desk, post.picture) if post.picture else ""

    async def fetch(self, file: str) -> bytes:
        """As in `Messenger`; Telegram gives bots files of up to 20 MB (docs/platforms/telegram.md#limits)."""
        path = (await answered(self._bots.desk.get_file(file), channel=False)).get("result", {}).get("file_path", "")
        try:
            status, content = await self._bots.request.do_request(self._bots.file_url(quote(path)), "GET")
        except TelegramError as error:
            raise NotSent(str(error)) from error
        if status != 200 or not path:
            raise NotSent(f"Telegram gave no content (HTTP {status})")
        return content


def _answering(message_id: int) -> bytes:
    """Return the field of an answer to a message that may be gone by now."""
    return b"&reply_parameters=" + quote(f'{{"message_id":{message_id},"allow_sending_without_reply":true}}').encode()


def _posting(bot: telegram.Bot, chat: str, post: TelegramPost, reply_to: int = 0) -> Awaitable[telegram.Message]:
    params: dict[str, Any] = dict(post.params)
    if reply_to:
        params["reply_parameters"] = telegram.ReplyParameters(reply_to, allow_sending_without_reply=True)
    keyboard = telegram.InlineKeyboardMarkup.de_json(params.pop("reply_markup", None) or {"inline_keyboard": []}, bot)
    params["reply_markup"] = keyboard if keyboard.inline_keyboard else None
    if isinstance(params.get(post.kind), bytes):
        params["filename"] = FILE_NAMES[post.kind]
    if post.method == "sendPhoto":
        return bot.send_photo(chat, **params)
    if post.method == "sendVideo":
        return bot.send_video(chat, **params)
    if post.method == "sendAnimation":
        return bot.send_animation(chat, **params)
    params["link_preview_options"] = telegram.LinkPreviewOptions.de_json(params["link_preview_options"], bot)
    return bot.send_message(chat, **params)


def of_telegram(post: Post) -> TelegramPost:
    if not isinstance(post, TelegramPost):
        raise Rejected("This post was not made for Telegram.")
    return post
