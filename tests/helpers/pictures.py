"""A newsroom with an https address, and pictures that stand at addresses or do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.domain import Media
from bot.ingest.fetching import Fetcher, NotFetched
from bot.sandbox import Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.conftest import Clock, Scene, free_port, hold_no_ballast, lay_database, people, settings_for

PUBLIC = "https://bot.example.org"
#: As Viber names it, and as an editor types one.
BORROWED, TYPED = "https://dl-media.viber.com/1/b.jpg", "https://example.org/bridge.jpg"
PICTURE = SMALL_JPEG + b"kept"
OTHER = SMALL_JPEG + b"another"
TEXT = "Міст відкрили\n\nРух є.\n\nджерело: ДСНС"


@asynccontextmanager
async def a_public_scene(folder: Path) -> AsyncIterator[Scene]:
    """A newsroom with an https address, without which Viber fetches nothing from us."""
    hands = Clock()
    async with Sandbox(now=lambda: hands.at.timestamp()) as sandbox:
        people(sandbox)
        hold_no_ballast(folder)
        await lay_database(folder / "visnyk.db")
        port = free_port()
        sandbox.board.routes[PUBLIC] = f"http://127.0.0.1:{port}"
        scene = Scene(sandbox, settings_for(sandbox, folder, port, PUBLIC_URL=PUBLIC), hands)
        await scene.start()
        try:
            await scene.says("/list", "")
            await scene.says_on_viber("/list", "")
            yield scene
        finally:
            await scene.stop()


async def media(scene: Scene, article: int = 1) -> Media:
    entry = await scene.app.store.read.entry(article)
    assert entry is not None and entry.article.media is not None
    return entry.article.media


async def looked_at(scene: Scene, url: str) -> tuple[int, bytes]:
    """The bytes that a phone gets when it opens the picture."""
    async with aiohttp.ClientSession() as phone, phone.get(scene.sandbox.board.routed(url)) as answer:
        return answer.status, await answer.read()


async def refusal(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(NotFetched) as failed:
        await fetcher.fetch(url)
    return failed.value.reason
