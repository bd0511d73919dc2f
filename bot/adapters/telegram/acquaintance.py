"""A new bot and its operator get acquainted: whose token it is, who writes first, and to which channels it is added."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import telegram
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.adapters.telegram.bots import Bots
from bot.adapters.telegram.request import AiohttpRequest
from bot.errors import CannotStart
from bot.texts import sentence

#: Seconds for which Telegram keeps a question open until somebody does something.
OPEN = 20


class Useless(CannotStart):
    """The token is good for nothing: unknown, or another program's."""


@dataclass(frozen=True, slots=True)
class Starter:
    """The person who wrote to the bot first."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """A channel of which the bot was made a member. `may_post`: it has the right to post there."""

    chat: int
    title: str
    may_post: bool


class Acquaintance:
    """Listens to a bot that no other program serves. Every method raises `CannotStart` with a sentence."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot
        self._next = 0
        self.username = ""
        self.starters: list[Starter] = []
        self.channels: dict[int, Found] = {}

    async def introduce(self) -> str:
        """Return the bot's username, which proves the token."""
        try:
            me = await self._bot.get_me()
            webhook = await self._bot.get_webhook_info()
        except TelegramError as error:
            raise _sentence(error) from None
        if webhook.url:
            raise Useless(
                sentence("Another program serves this bot: it has a webhook. Make a new bot with @BotFather.")
            )
        self.username = str(me.username)
        return self.username

    async def listen(self, seconds: int = OPEN) -> None:
        """Note what happened since the last time; wait up to `seconds` for something to happen."""
        try:
            updates = await self._bot.get_updates(
                offset=self._next, timeout=seconds, allowed_updates=["message", "my_chat_member"]
            )
        except TelegramError as error:
            raise _sentence(error) from None
        for update in updates:
            self._next = update.update_id + 1
            self._note(update)

    def _note(self, update: telegram.Update) -> None:
        message, change = update.message, update.my_chat_member
        who = message.from_user if message and message.chat.type == "private" else None
        if message and who and (message.text or "").startswith("/start"):
            self.starters.append(Starter(who.id, who.full_name))
        if change and change.chat.type == "channel":
            member = change.new_chat_member
            may = isinstance(member, telegram.ChatMemberAdministrator) and bool(member.can_post_messages)
            if member.status in ("left", "kicked"):
                self.channels.pop(change.chat.id, None)
            else:
                self.channels[change.chat.id] = Found(change.chat.id, str(change.chat.title), may)


@asynccontextmanager
async def acquainted(token: str, api_url: str, proxy: str) -> AsyncIterator[Acquaintance]:
    """Talk with Telegram by this token until the block ends."""
    request = AiohttpRequest(timeout=OPEN + 10.0, secrets=(token, urlsplit(proxy).password or ""), proxy=proxy)
    await request.initialize()
    try:
        yield Acquaintance(Bots(token, "", api_url, request).desk)
    finally:
        await request.shutdown()


def _sentence(error: TelegramError) -> CannotStart:
    match error:
        case InvalidToken():
            return Useless(sentence("Telegram does not know this token. Copy it again from @BotFather."))
        case Conflict():
            return CannotStart(sentence("Another program listens to this bot right now. End it, or make a new bot."))
        case NetworkError():
            text = (
                "Telegram does not answer. Check the internet connection, a firewall, HTTPS_PROXY and TELEGRAM_PROXY."
            )
            return CannotStart(sentence(text))
        case _:
            return CannotStart(sentence("Telegram refuses: {why}.", why=error.message))
