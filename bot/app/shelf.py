"""The shelf: kept pictures as the store has them, for the platforms to which they are uploaded."""

from __future__ import annotations

from bot.storage import Store


class Shelf:
    """`PictureShelf` over the store, which is opened after the platforms are chosen."""

    def __init__(self) -> None:
        self.store: Store | None = None

    async def content(self, digest: str) -> bytes | None:
        assert self.store is not None
        return await self.store.read.picture(digest)

    async def file(self, digest: str, bot: str) -> str:
        assert self.store is not None
        return await self.store.read.picture_file(digest, bot)

    async def keep_file(self, digest: str, bot: str, file: str) -> None:
        assert self.store is not None
        await self.store.write(lambda tx: tx.keep_picture_file(digest, bot, file))
