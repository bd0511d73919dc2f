"""The shelf: kept pictures as the store has them, for the platforms to which they are uploaded."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog

from bot.storage import Store

log = structlog.get_logger(__name__)
T = TypeVar("T")


class Shelf:
    """`PictureShelf` over the store, which is opened after the platforms are chosen."""

    def __init__(self) -> None:
        self.store: Store | None = None

    async def content(self, digest: str) -> bytes | None:
        assert self.store is not None
        return await _whatever_breaks(self.store.read.picture(digest), None)

    async def file(self, digest: str, bot: str) -> str:
        assert self.store is not None
        return await _whatever_breaks(self.store.read.picture_file(digest, bot), "")

    async def keep_file(self, digest: str, bot: str, file: str) -> None:
        assert self.store is not None
        await _whatever_breaks(self.store.write(lambda tx: tx.keep_picture_file(digest, bot, file)), None)


async def _whatever_breaks(work: Awaitable[T], otherwise: T) -> T:
    """Return what `work` gives, or `otherwise` if the store breaks: a fault here says nothing about the message."""
    try:
        return await work
    except Exception:
        # As broad as around a worker's pass: a damaged page must not leave in doubt what was never requested.
        log.exception("picture_shelf_broke")
        return otherwise
