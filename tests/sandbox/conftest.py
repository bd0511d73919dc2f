"""A sandbox with a newsroom in it, and a bot's door beside it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import Sandbox
from tests.sandbox.scene import (
    ADMIN,
    CHANNEL,
    IVAN,
    OLENA,
    TOKEN,
    VIBER_CHANNEL_TOKEN,
    VIBER_TOKEN,
    Caller,
    Door,
)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as sandbox:
        sandbox.telegram.add_bot(TOKEN)
        sandbox.telegram.add_person(OLENA, "Olena", started=True)
        sandbox.telegram.add_channel(CHANNEL, "News", "news")
        sandbox.telegram.set_admin(CHANNEL, TOKEN)
        sandbox.viber.add_bot(VIBER_TOKEN)
        sandbox.viber.add_channel(VIBER_CHANNEL_TOKEN, "News", ADMIN)
        sandbox.viber.add_person(IVAN, "Ivan", subscribed=True)
        yield sandbox


@pytest.fixture
async def caller(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(sandbox, session)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    door = Door()
    app = web.Application()
    app.router.add_post("/hook", door.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield door
    await runner.cleanup()
