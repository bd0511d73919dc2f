"""The clients that are compared: each gives a function that sends the same post to one reader."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.adapters.telegram import TelegramMessenger
from bot.adapters.telegram.render import TelegramPost
from bot.bench.scene import ARTICLE, PRESS, TOKEN
from bot.domain import Platform

Send = Callable[[int], Awaitable[object]]

#: What is compared with the clients below.
OURS = "Visnyk, with its ledger"
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Missing(Exception):
    """Raised for a client that can't be measured here, with the reason."""


@dataclass(frozen=True, slots=True)
class Client:
    """`open(url, connections)`; `share`: of the messages of a full round, as slow ones would take minutes."""

    name: str
    open: Callable[[str, int], AbstractAsyncContextManager[Send]]
    share: float


def post() -> TelegramPost:
    """Return the message that every client sends."""
    messenger = TelegramMessenger(TOKEN)
    return messenger.render(ARTICLE, PRESS.outlet(ARTICLE, Platform.TELEGRAM, channel=False))


@asynccontextmanager
async def _telegram(url: str, connections: int) -> AsyncIterator[Send]:
    import telegram
    from telegram.request import HTTPXRequest

    text = str(post().params["text"])
    bot = telegram.Bot(TOKEN, base_url=f"{url}/bot", request=HTTPXRequest(connections, pool_timeout=60))
    async with bot:
        yield lambda chat: bot.send_message(chat, text, parse_mode="HTML")


@asynccontextmanager
async def _rate_limited(url: str, connections: int) -> AsyncIterator[Send]:
    _need("aiolimiter", "pip install -r tests/requirements.txt")
    from telegram.ext import AIORateLimiter, ExtBot
    from telegram.request import HTTPXRequest

    text = str(post().params["text"])
    limiter = AIORateLimiter(overall_max_rate=1_000_000, overall_time_period=1)
    request = HTTPXRequest(connections, pool_timeout=60)
    bot = ExtBot(TOKEN, base_url=f"{url}/bot", request=request, rate_limiter=limiter)
    async with bot:
        yield lambda chat: bot.send_message(chat, text, parse_mode="HTML")


@asynccontextmanager
async def _aiogram(url: str, connections: int) -> AsyncIterator[Send]:
    _need("aiogram", "pip install -r tests/requirements.txt")
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer

    text = str(post().params["text"])
    session = AiohttpSession(limit=connections, api=TelegramAPIServer.from_base(url))
    # It would trust nobody but the authorities that certifi lists.
    session._connector_init["ssl"] = ssl.create_default_context()
    async with Bot(TOKEN, session=session) as bot:
        yield lambda chat: bot.send_message(chat, text, parse_mode="HTML")


@asynccontextmanager
async def _bare(url: str, connections: int) -> AsyncIterator[Send]:
    form = post().form
    address = URL(f"{url}/bot{TOKEN}/sendMessage")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:

        async def send(chat: int) -> object:
            async with session.post(address, data=b"%s&chat_id=%d" % (form, chat), headers=_FORM) as response:
                return json.loads(await response.read())["result"]["message_id"]

        yield send


def _need(module: str, advice: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise Missing(f"{module} is not installed ({advice})")


BARE = Client("bare aiohttp loop", _bare, 1.0)
PTB = Client("python-telegram-bot Bot", _telegram, 0.03)
AIOGRAM = Client("aiogram Bot", _aiogram, 0.2)
CLIENTS = (PTB, Client("python-telegram-bot ExtBot, rate-limited", _rate_limited, 0.03), AIOGRAM, BARE)


def named(name: str) -> Client:
    return next(client for client in CLIENTS if client.name == name)


async def send_all(send: Send, chats: range, connections: int) -> None:
    """Send to all chats, as many at once as there are connections, each task taking the next chat."""
    waiting = iter(chats)

    async def work() -> None:
        for chat in waiting:
            await send(chat)

    await asyncio.gather(*(work() for _ in range(connections)))
