"""Telegram as a platform: joins its parts, and makes the small calls itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlencode, urlsplit

from bot.adapters import base
from bot.adapters.base import (
    Broadcast,
    CommandHint,
    Finding,
    MayLeave,
    PictureShelf,
    Post,
    Receipt,
    Turn,
    WayIn,
    at_any_time,
    at_once,
)
from bot.adapters.telegram import inbound, outcome
from bot.adapters.telegram.answers import answered, asked
from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.calls import TelegramCalls
from bot.adapters.telegram.copies import Copies
from bot.adapters.telegram.doctor import Examiner, examine
from bot.adapters.telegram.posts import Posts, of_telegram
from bot.adapters.telegram.render import Json, TelegramPost, as_field, render
from bot.adapters.telegram.request import AiohttpRequest
from bot.adapters.telegram.screens import Screens
from bot.adapters.telegram.under import Under
from bot.adapters.telegram.updates import Updates
from bot.domain import Article, Channel, Outlet, Platform, Screen
from bot.domain.traits import Traits
from bot.errors import Gone, InDoubt, Rejected, SendError

TRAITS = Traits(
    edits=True,
    silences=True,
    batch=1,
    page_size=512,  # keeps a row of the ledger in one page of the database
    splits_at=3500,  # the app splits at 4,096
    animates=True,
    names_waits=True,
    group_marks=("-", "@"),
    keyboard_stays=False,
    has_replies=True,
    dates_presses=False,
    counts_unanswered=False,
    writing_subscribes=False,
    pins=True,
)

#: Longest name of a topic, in characters (docs/platforms/telegram.md#limits).
TOPIC_NAME = 128


class TelegramMessenger:
    """`Messenger` over the Bot API. `timeout`: seconds to wait for an answer; waiting is cheaper than a doubt.
    `public_url` is where we are called, empty if we poll; `shelf` holds the kept pictures.

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
        shelf: PictureShelf | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        secrets = (token, channel_token, webhook_secret, urlsplit(proxy).password or "")
        self._request = AiohttpRequest(timeout=timeout, secrets=secrets, proxy=proxy)
        self._bots = Bots(token, channel_token, api_url, self._request)
        self._posts = Posts(self._bots, shelf)
        self.copies: base.Copies | None = Copies(self._bots, self._posts)
        self._screens = Screens(self._bots)
        self._under = Under(self._bots, self._posts, self._screens)
        self._updates = Updates(self._bots, webhook_secret, public_url)
        self.calls = TelegramCalls(webhook_secret, now)
        self.posts_apart = self._bots.are_two

    async def open(self, may_leave: MayLeave = at_any_time) -> None:
        self._request.may_leave = may_leave
        await self._request.initialize()

    async def close(self) -> None:
        await self._request.shutdown()

    def render(self, article: Article, outlet: Outlet) -> TelegramPost:
        return render(article, outlet)

    async def ping(self) -> None:
        await answered(self._bots.desk.get_me(), channel=False)

    async def publish(self, channel: Channel, post: Post, *, reply_to: int = 0) -> Receipt:
        return await self._posts.publish(channel, post, reply_to=reply_to)

    def receipt(self, channel: Channel, message_id: int) -> Receipt:
        username = channel.chat[1:] if channel.chat.startswith("@") else None
        return Receipt(message_id, inbound.post_link(channel.chat, username, message_id))

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0, reply_to: int = 0) -> Receipt:
        return await self._posts.send(chat, post, paid=paid, thread=thread, reply_to=reply_to)

    async def broadcast(self, chats: Sequence[str], post: Post) -> Broadcast:
        if len(chats) != 1:
            raise Rejected("Telegram takes one reader per request.")
        try:
            receipt = await self.send(chats[0], post)
        except Gone as gone:
            return Broadcast(0, {chats[0]: gone})
        return Broadcast(receipt.message_id)

    async def show(
        self, chat: str, screen: Screen, again: Turn = at_once, *, thread: int = 0, post: Post | None = None
    ) -> Receipt:
        if post is not None:
            return await self._under.show(chat, of_telegram(post), screen, again, thread=thread)
        return await self._screens.show(chat, screen, again, thread=thread)

    async def open_topic(self, chat: str, name: str) -> int:
        """As in `Messenger`; the name is cut to 128 characters."""
        made = (await asked(self._bots.desk.create_forum_topic(chat, name[:TOPIC_NAME]))).get("result")
        thread = made.get("message_thread_id") if isinstance(made, dict) else None
        if not isinstance(thread, int):
            raise InDoubt("Telegram's answer names no topic")
        return thread

    async def rename_topic(self, chat: str, thread: int, name: str) -> None:
        try:
            await answered(self._bots.desk.edit_forum_topic(chat, thread, name[:TOPIC_NAME]), channel=False)
        except Rejected as rejected:
            if not outcome.is_unchanged(rejected.reason):
                raise

    async def fetch(self, file: str) -> bytes:
        return await self._posts.fetch(file)

    async def acknowledge(self, answer_to: str) -> None:
        with suppress(SendError):
            await answered(self._bots.desk.answer_callback_query(answer_to), channel=False)

    async def set_menu(self, commands: Mapping[str, Sequence[CommandHint]], chat: str | None = None) -> None:
        # By hand: python-telegram-bot makes objects of fifty commands only to take them apart again.
        scope: Json = {"type": "chat", "chat_id": int(chat)} if chat else {"type": "all_private_chats"}
        for language, hints in commands.items():
            menu = [{"command": hint.name, "description": hint.description} for hint in hints]
            fields = {"commands": as_field(menu), "scope": as_field(scope)}
            fields |= {"language_code": language} if language else {}
            call = self._bots.request.post_form(self._bots.url("setMyCommands"), urlencode(fields).encode())
            await answered(call, channel=False)

    def invitation_link(self, code: str) -> str:
        name = self.calls.username
        return f"https://t.me/{name}?start={code}" if name else ""

    async def receive(self, public_url: str) -> None:
        await self._updates.receive(public_url)

    async def way_in(self) -> WayIn:
        return await self._updates.way_in()

    async def poll(self, *, wait: bool = True) -> Sequence[bytes]:
        return await self._updates.poll(wait=wait)

    async def check(self, channels: Sequence[Channel], groups: Sequence[str] = ()) -> Sequence[Finding]:
        examiner = Examiner(asked, self._bots.api_url, self._updates.called_at)
        findings = await examine(examiner, self._bots.desk, self._bots.channels, channels, groups)
        self.calls.username = examiner.username or self.calls.username
        return findings
