"""Kept pictures and films on their way to Telegram: each is uploaded once for each bot, then named by its `file_id`."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import telegram

from bot.adapters.base import PictureShelf
from bot.adapters.telegram.card import card, content
from bot.domain.ledger import Cause
from bot.errors import Rejected

Answer = Mapping[str, Any]
#: Names that are kept in memory; more pictures than are ever under way.
KNOWN = 1000
#: Names under which bytes are uploaded: Telegram takes a film for one by its ending.
FILE_NAMES = {"photo": "photo.jpg", "video": "video.mp4", "animation": "animation.gif"}


class Uploads:
    """Knows under which name Telegram holds a picture for a bot, and learns it from the first message with it."""

    def __init__(self, shelf: PictureShelf | None) -> None:
        self._shelf = shelf
        self._known: dict[tuple[str, str], str] = {}
        self._under_way: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def file(self, bot: telegram.Bot, digest: str) -> str:
        """Return the picture's name for this bot; empty if nothing with it was sent yet."""
        key = (_name(bot), digest)
        if key not in self._known and self._shelf is not None:
            self._know(key, await self._shelf.file(digest, key[0]))
        return self._known.get(key, "")

    def is_wrong(self, bot: telegram.Bot, digest: str, rejected: Rejected) -> bool:
        """True if Telegram no longer knows the picture by its name, which is then forgotten."""
        if "file identifier" not in rejected.reason.lower():
            return False
        self._known[_name(bot), digest] = ""
        return True

    async def first(self, bot: telegram.Bot, digest: str, send: Callable[[bytes | str], Awaitable[Answer]]) -> Answer:
        """Send the first message with a picture, by its bytes; those who come meanwhile send by the name it got."""
        key = (_name(bot), digest)
        async with self._under_way[key]:
            file = self._known.get(key, "")
            if not file:
                return await self._upload(key, send)
        return await send(file)

    async def _upload(self, key: tuple[str, str], send: Callable[[bytes | str], Awaitable[Answer]]) -> Answer:
        kept = await self._content(key[1])
        if kept is None:
            raise Rejected(Cause.PICTURE_GONE)
        answer = await send(kept)
        if file := _file_in(answer):
            self._know(key, file)
            await self._keep(key, file)
        return answer

    async def _content(self, digest: str) -> bytes | None:
        if digest == card().digest:
            return content()
        return await self._shelf.content(digest) if self._shelf is not None else None

    async def _keep(self, key: tuple[str, str], file: str) -> None:
        if self._shelf is not None:
            await self._shelf.keep_file(key[1], key[0], file)

    def _know(self, key: tuple[str, str], file: str) -> None:
        while len(self._known) >= KNOWN:
            oldest = next(iter(self._known))
            del self._known[oldest]
            self._under_way.pop(oldest, None)
        self._known[key] = file


def _name(bot: telegram.Bot) -> str:
    """The bot's number: the part of its token that is no secret."""
    return bot.token.partition(":")[0]


def _file_in(answer: Answer) -> str:
    message = answer.get("result")
    shown = message if isinstance(message, dict) else {}
    sizes = shown.get("photo")
    held = sizes[-1] if isinstance(sizes, list) and sizes else shown.get("video") or shown.get("animation")
    file = held.get("file_id") if isinstance(held, dict) else None
    return file if isinstance(file, str) else ""
