"""A newsroom with an https address, and pictures that stand at addresses or do not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from bot.domain import Media
from bot.ingest.fetching import Fetcher, NotFetched
from bot.sandbox import Sandbox
from bot.sandbox.telegram_content import SMALL_JPEG
from tests.conftest import Clock, Scene, free_port, hold_no_ballast, lay_database, people, settings_for

PUBLIC = "https://bot.example.org"
#: As Viber names it, and as an editor types one.
BORROWED, TYPED = "https://dl-media.viber.com/1/b.jpg", "https://example.org/bridge.jpg"
#: Different files of the same grey dot: the notes of how large it is meant to be are not left out.
_DENSITY = b"\x00\x48\x00\x48"
TEXT = "Міст відкрили\n\nРух є.\n\nджерело: ДСНС"


def numbered(number: int) -> bytes:
    """A picture that no other number makes, of which nothing is left out when it is kept."""
    return SMALL_JPEG.replace(_DENSITY, struct.pack(">HH", 1 + number // 60_000, 1 + number % 60_000), 1)


PICTURE, OTHER = numbered(1), numbered(2)


def picture(width: int, height: int) -> bytes:
    """A picture from black to white, which is light whatever its size."""
    return _saved(Image.linear_gradient("L").resize((width, height)).convert("RGB"))


def noise(width: int, height: int) -> bytes:
    """A picture that can hardly be packed."""
    return _saved(Image.effect_noise((width, height), 90).convert("RGB"))


def huge_png(side: int) -> bytes:
    """A small file that says it is a picture of this side."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(1000)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture_as(form: str) -> bytes:
    return _saved(Image.new("RGB", (8, 8), "grey"), form)


def _saved(image: Image.Image, form: str = "JPEG") -> bytes:
    paper = BytesIO()
    image.save(paper, form, quality=95)
    return paper.getvalue()


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
