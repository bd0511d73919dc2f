"""Our delivery at work on a store, without the rest of the house."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.telegram import TelegramMessenger
from bot.bench import scene
from bot.delivery import Delivery
from bot.domain import Pace, Platform
from bot.storage import Store


@asynccontextmanager
async def working(store: Store, url: str, pace: Pace) -> AsyncIterator[None]:
    """Deliver to a Telegram at `url` until the block ends."""
    async with at_work(store, TelegramMessenger(scene.TOKEN, api_url=url), pace):
        yield


@asynccontextmanager
async def at_work(store: Store, messenger: TelegramMessenger, pace: Pace) -> AsyncIterator[None]:
    await messenger.open()
    delivery = Delivery(
        store, {Platform.TELEGRAM: messenger}, scene.PRESS, (), {Platform.TELEGRAM: pace}, now=scene.now
    )
    await delivery.start()
    try:
        yield
    finally:
        await delivery.stop(1.0)
        await messenger.close()


async def deliver(store: Store) -> int:
    """One article to all readers, from the making of its dispatch until the desk is told; returns its number."""
    done = asyncio.Event()
    store.on("notice", done.set)
    entry = await scene.article(store)
    await scene.dispatch(store, entry)
    while await store.read.open_dispatches(entry.id):
        done.clear()
        await done.wait()
    return entry.id
