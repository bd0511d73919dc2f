"""Telegram as a platform: posts, screens, updates and the examination of its set-up."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import telegram
from telegram.error import ChatMigrated, TelegramError

from bot.adapters.base import Broadcast, CommandHint, Finding, Post, Receipt, Turn, WayIn, at_once, machine_of, storable
from bot.adapters.telegram import inbound, outcome
from bot.adapters.telegram.calls import TelegramCalls
from bot.adapters.telegram.doctor import Examiner, examine
from bot.adapters.telegram.keyboard import keyboard
from bot.adapters.telegram.render import (
    TEXT_LIMIT,
    TelegramPost,
    as_field,
    clean_runs,
    render,
    to_html,
    within_limits,
)
from bot.adapters.telegram.request import AiohttpRequest, Answer, recording
from bot.adapters.text import is_web_link, split
from bot.domain import Article, Channel, Outlet, Paragraph, Platform, Screen
from bot.domain.traits import Traits
from bot.errors import Gone, InDoubt, Misconfigured, NotSent, Rejected, SendError

TRAITS = Traits(
    edits=True,
    batch=1,
    page_size=512,  # keeps a row of the ledger in one page of the database
    splits_at=3500,  # the app splits at 4,096
    names_waits=True,
    group_marks=("-", "@"),
    keyboard_stays=False,
    has_replies=True,
    dates_presses=False,
    writing_subscribes=False,
)

#: Longest name of a topic, in characters (docs/platforms/telegram.md#limits).
TOPIC_NAME = 128

#: Seconds for which Telegram may hold a poll open; it allows 50 (docs/platforms/telegram.md#polling).
POLL = 30

#: What python-telegram-bot raises for an answer of 200 that it can't read; the raw answer decides then.
_UNREADABLE = (TelegramError, *inbound.MALFORMED)

#: The beginning of the answer to a message that was sent. An answer with the number 0 is read whole.
_NUMBER = re.compile(rb'\{\s*"ok":\s*true,\s*"result":\s*\{\s*"message_id":\s*([1-9]\d{0,17}),')

_NO_PREVIEW = telegram.LinkPreviewOptions(is_disabled=True)


class TelegramMessenger:
    """`Messenger` over the Bot API. `timeout`: seconds to wait for an answer; waiting is cheaper than a doubt.
    `public_url` is where we are called, empty if we poll.

    With a `channel_token` a second bot posts to channels; readers and the desk always talk to the first.
    """

    platform = Platform.TELEGRAM
    traits = TRAITS

    def __init__(
        self,
        token: str,
        *,
        api_url: str = "https://api.telegram.org",
        channel_token: str = "",
        webhook_secret: str = "",
        public_url: str = "",
        proxy: str = "",
        timeout: float = 60.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._own_url = f"{self._api_url}/bot{token}"
        self._files_url = f"{self._api_url}/file/bot{token}"
        self._webhook_secret = webhook_secret
        self._called_at = called_at(public_url)
        self._next_update = 0
        self.calls = TelegramCalls(webhook_secret, now)
        secrets = (token, channel_token, webhook_secret, urlsplit(proxy).password or "")
        self._request = AiohttpRequest(timeout=timeout, secrets=secrets, proxy=proxy)
        self._bot = self._made(token)
        self._channel_bot = self._made(channel_token) if channel_token not in ("", token) else self._bot

    def _made(self, token: str) -> telegram.Bot:
        return telegram.Bot(
            token,
            base_url=f"{self._api_url}/bot",
            base_file_url=f"{self._api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    @property
    def posts_apart(self) -> bool:
        return self._channel_bot is not self._bot

    async def open(self) -> None:
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    def render(self, article: Article, outlet: Outlet) -> TelegramPost:
        return render(article, outlet)

    async def ping(self) -> None:
        await _answered(self._bot.get_me(), channel=False)

    async def publish(self, channel: Channel, post: Post) -> Receipt:
        own = await self._for_channel_bot(_own(post))

        async def to(chat: str) -> Receipt:
            return _receipt(await _answered(_posting(self._channel_bot, chat, own), channel=True), chat)

        return await _following(channel.chat, to)

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0) -> Receipt:
        """The fast path for many readers: the body is made once per post, and only the number of the answer is read."""
        own = _own(post)
        rest = own.form
        if paid:
            rest += b"&allow_paid_broadcast=true"
        if thread:
            rest += b"&message_thread_id=%d" % thread
        url = f"{self._own_url}/{own.method}"
        try:
            return await self._send(url, chat, rest)
        except SendError as failed:
            return await self._send(url, _new_number(failed), rest)

    async def _send(self, url: str, chat: str, rest: bytes) -> Receipt:
        to = chat if chat.isdecimal() else quote(chat)
        answer, error = Answer(), None
        try:
            await self._request.post_form(url, b"%s&chat_id=%s" % (rest, to.encode()), answer=answer)
        except TelegramError as raised:
            error = raised
        # Reading only the number costs a third of parsing the answer; an answer of any other form is parsed.
        if error is None and answer.status == 200 and (told := _NUMBER.match(answer.body)):
            return Receipt(int(told[1]))
        return _receipt(_judged(answer, error, channel=False), chat)

    async def broadcast(self, chats: Sequence[str], post: Post) -> Broadcast:
        if len(chats) != 1:
            raise Rejected("Telegram takes one reader per request.")
        try:
            receipt = await self.send(chats[0], post)
        except Gone as gone:
            return Broadcast(0, {chats[0]: gone})
        return Broadcast(receipt.message_id)

    async def show(self, chat: str, screen: Screen, again: Turn = at_once, *, thread: int = 0) -> Receipt:
        return await _following(chat, lambda to: self._show_in(to, screen, again, thread))

    async def _show_in(self, chat: str, screen: Screen, again: Turn, thread: int) -> Receipt:
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

    async def open_topic(self, chat: str, name: str) -> int:
        """As in `Messenger`; the name is cut to 128 characters."""
        made = (await _asked(self._bot.create_forum_topic(chat, name[:TOPIC_NAME]))).get("result")
        thread = made.get("message_thread_id") if isinstance(made, dict) else None
        if not isinstance(thread, int):
            raise InDoubt("Telegram's answer names no topic")
        return thread

    async def rename_topic(self, chat: str, thread: int, name: str) -> None:
        try:
            await _answered(self._bot.edit_forum_topic(chat, thread, name[:TOPIC_NAME]), channel=False)
        except Rejected as rejected:
            if not outcome.is_unchanged(rejected.reason):
                raise

    async def fetch(self, file: str) -> bytes:
        """As in `Messenger`; Telegram gives bots files of up to 20 MB (docs/platforms/telegram.md#limits)."""
        path = (await _answered(self._bot.get_file(file), channel=False)).get("result", {}).get("file_path", "")
        try:
            status, content = await self._request.do_request(f"{self._files_url}/{quote(path)}", "GET")
        except TelegramError as error:
            raise NotSent(str(error)) from error
        if status != 200 or not path:
            raise NotSent(f"Telegram gave no content (HTTP {status})")
        return content

    async def _for_channel_bot(self, post: TelegramPost) -> TelegramPost:
        """The post as the channel's bot can send it: a `file_id` is good for one bot only, so the other one uploads."""
        kind = {"sendPhoto": "photo", "sendVideo": "video"}.get(post.method, "")
        file = post.params.get(kind)
        if self._channel_bot is self._bot or not isinstance(file, str) or is_web_link(file):
            return post
        return replace(post, params={**post.params, kind: await self.fetch(file)})

    async def acknowledge(self, answer_to: str) -> None:
        with suppress(SendError):
            await _answered(self._bot.answer_callback_query(answer_to), channel=False)

    async def set_menu(self, commands: Mapping[str, Sequence[CommandHint]], chat: str | None = None) -> None:
        scope = telegram.BotCommandScopeChat(chat) if chat else telegram.BotCommandScopeAllPrivateChats()
        for language, hints in commands.items():
            menu = [(hint.name, hint.description) for hint in hints]
            await _answered(self._bot.set_my_commands(menu, scope, language or None), channel=False)

    def invitation_link(self, code: str) -> str:
        name = self.calls.username
        return f"https://t.me/{name}?start={code}" if name else ""

    async def receive(self, public_url: str) -> None:
        self._called_at = called_at(public_url)
        if not public_url:
            await _answered(self._bot.delete_webhook(), channel=True)
            return
        if not self._webhook_secret:
            raise Misconfigured("WEBHOOK_SECRET is empty: without it anybody could pose as Telegram.")
        call = self._bot.set_webhook(
            self._called_at,
            secret_token=self._webhook_secret,
            allowed_updates=inbound.ALLOWED_UPDATES,
        )
        await _answered(call, channel=True)

    async def way_in(self) -> WayIn:
        info = (await _asked(self._bot.get_webhook_info())).get("result", {})
        url, held = str(info.get("url") or ""), info.get("pending_update_count")
        is_ours = url == self._called_at
        return WayIn(is_ours, "" if is_ours else machine_of(url), held if isinstance(held, int) else None)

    async def poll(self, *, wait: bool = True) -> Sequence[bytes]:
        """As in `Messenger`; python-telegram-bot would ask for ever for a batch with an update that it can't read."""
        asked = {
            "timeout": POLL if wait else 0,
            "offset": self._next_update,
            "allowed_updates": as_field(inbound.ALLOWED_UPDATES),
        }
        patience = self._request.read_timeout + POLL
        url = f"{self._own_url}/getUpdates"
        call = self._request.post_form(url, urlencode(asked).encode(), read_timeout=patience)
        updates = (await _answered(call, channel=True)).get("result")
        if not isinstance(updates, list):
            raise InDoubt("getUpdates brought no list")
        numbers = [update["update_id"] for update in updates if _is_numbered(update)]
        self._next_update = max(numbers, default=self._next_update - 1) + 1
        # Kept as ASCII, because an update may hold half a surrogate pair, which is not UTF-8.
        return [json.dumps(update).encode() for update in updates]

    async def check(self, channels: Sequence[Channel], groups: Sequence[str] = ()) -> Sequence[Finding]:
        examiner = Examiner(_asked, self._api_url, self._called_at)
        findings = await examine(examiner, self._bot, self._channel_bot, channels, groups)
        self.calls.username = examiner.username or self.calls.username
        return findings

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
        call = self._bot.edit_message_text(
            to_html(within_limits(runs)),
            chat,
            message_id,
            parse_mode="HTML",
            reply_markup=buttons,
            link_preview_options=_NO_PREVIEW,
        )
        try:
            await _answered(call, channel=False)
        except Rejected as rejected:
            if not outcome.is_unchanged(rejected.reason):
                raise

    async def _say(
        self, chat: str, runs: Paragraph, buttons: telegram.InlineKeyboardMarkup | None, thread: int
    ) -> Receipt:
        """Past python-telegram-bot, which would make objects of an answer of which only the number is wanted."""
        fields = {
            "chat_id": chat,
            "text": to_html(within_limits(runs)),
            "parse_mode": "HTML",
            "link_preview_options": _NO_PREVIEW.to_json(),
        }
        if buttons is not None:
            fields["reply_markup"] = buttons.to_json()
        if thread:
            fields["message_thread_id"] = str(thread)
        call = self._request.post_form(f"{self._own_url}/sendMessage", urlencode(fields).encode())
        return _receipt(await _answered(call, channel=False), chat)


def called_at(public_url: str) -> str:
    """Return the address at which Telegram is to call us, empty if we poll."""
    return f"{public_url.rstrip('/')}/telegram/webhook" if public_url else ""


async def _answered(call: Awaitable[object], *, channel: bool) -> Mapping[str, Any]:
    """Return the raw answer of a call that succeeded; the one place where failures become our errors."""
    error: Exception | None = None
    with recording() as answer:
        try:
            await call
        except _UNREADABLE as raised:
            error = raised
    return _judged(answer, error, channel=channel)


def _judged(answer: Answer, error: Exception | None, *, channel: bool) -> Mapping[str, Any]:
    payload = answer.payload
    if outcome.succeeded(answer.status, payload):
        return payload or {}
    if outcome.arrived_without_id(payload):
        return {"result": {"message_id": 0}}
    moved = outcome.moved_to(payload)
    if moved:
        error = ChatMigrated(moved)
    raise outcome.translate(answer.status, payload, error and (error.__cause__ or error), channel=channel) from error


async def _asked(call: Awaitable[object]) -> Mapping[str, Any]:
    return await _answered(call, channel=True)


async def _following(chat: str, send: Callable[[str], Awaitable[Receipt]]) -> Receipt:
    """Send, and retry once with the new id if the group became a supergroup (docs/platforms/telegram.md#groups)."""
    try:
        return await send(chat)
    except SendError as failed:
        return await send(_new_number(failed))


def _new_number(failed: SendError) -> str:
    """The new id of a group that became a supergroup: nothing arrived under the old one. Else raises `failed`."""
    moved = failed.__cause__
    if not isinstance(moved, ChatMigrated):
        raise failed
    return str(moved.new_chat_id)


def _posting(bot: telegram.Bot, chat: str, post: TelegramPost) -> Awaitable[telegram.Message]:
    params: dict[str, Any] = dict(post.params)
    keyboard = telegram.InlineKeyboardMarkup.de_json(params.pop("reply_markup", None) or {"inline_keyboard": []}, bot)
    params["reply_markup"] = keyboard if keyboard.inline_keyboard else None
    if post.method == "sendPhoto":
        return bot.send_photo(chat, **params)
    if post.method == "sendVideo":
        return bot.send_video(chat, **params)
    params["link_preview_options"] = telegram.LinkPreviewOptions.de_json(params["link_preview_options"], bot)
    return bot.send_message(chat, **params)


def _receipt(answer: Mapping[str, Any], chat: str) -> Receipt:
    """The receipt in an answer. Raises `InDoubt` if a 200 carries no message number."""
    message = answer.get("result")
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int) or not isinstance(message, dict):
        raise InDoubt("Telegram's answer names no message")
    told = message.get("chat")
    told = told if isinstance(told, dict) else {}
    number = storable(number)
    return Receipt(number, inbound.post_link(str(told.get("id", chat)), _username(told), number))


def _is_numbered(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


def _username(chat: Mapping[str, Any]) -> str | None:
    """The public name of a channel or group; None for a person, whose name makes no link to a message."""
    return chat.get("username") if chat.get("type") in ("channel", "supergroup") else None


def _own(post: Post) -> TelegramPost:
    if not isinstance(post, TelegramPost):
        raise Rejected("This post was not made for Telegram.")
    return post
