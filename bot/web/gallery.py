"""The gallery: pictures that the desk names by an address are fetched and kept before what names them is handled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.commands.messages import is_for_us
from bot.domain import ChatKind, Said
from bot.domain.picture import ADDRESSES, named_in
from bot.errors import NotStored
from bot.ingest.fetching import Fetcher
from bot.ingest.keeping import Keeper
from bot.web.albums import Heard
from bot.worker import end


class Gallery:
    """Keeps pictures by their addresses. Only what somebody of the desk says makes it fetch; what can't be kept is
    noted with the reason.
    """

    def __init__(self, fetcher: Fetcher, keeper: Keeper) -> None:
        self._fetcher = fetcher
        self._keeper = keeper
        self._ring: Callable[[], None] = lambda: None
        #: By the number of the update's row.
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()

    def when_done(self, ring: Callable[[], None]) -> None:
        """Call `ring` whenever something may be handled."""
        self._ring = ring

    async def stop(self) -> None:
        await end(list(self._under_way.values()), 0.0)
        await self._fetcher.close()

    def has(self, heard: Heard) -> bool:
        """True if what somebody said names no picture, or what can be kept is kept; else that begins."""
        row = heard.rows[0].id
        if row in self._done:
            return True
        if row not in self._under_way:
            addresses = _named_by(heard)
            if not addresses:
                return True
            task = self._under_way[row] = asyncio.create_task(self._keep_all(addresses))
            task.add_done_callback(lambda _: self._ended(row))
        return False

    async def keep(self, url: str) -> None:
        """Keep what stands at an address that one of the newsroom's own systems names, or note why that can't be."""
        await self._keep(url)

    def handled(self, heard: Heard) -> None:
        self._done.discard(heard.rows[0].id)

    def _ended(self, row: int) -> None:
        del self._under_way[row]
        self._done.add(row)
        self._ring()

    async def _keep_all(self, addresses: list[str]) -> None:
        await asyncio.gather(*map(self._keep, addresses))

    async def _keep(self, url: str) -> None:
        with suppress(NotStored):  # then it is as if nobody had looked
            await self._keeper.keep(url)


def _named_by(heard: Heard) -> list[str]:
    said = heard.incoming.event if heard.incoming is not None else None
    if not heard.rows[0].from_desk or not isinstance(said, Said):
        return []
    if heard.incoming is not None and heard.incoming.chat_kind is ChatKind.GROUP and not is_for_us(said):
        return []
    found = [said.media.place] if said.media is not None else []
    if said.untaken is not None:
        found.append(said.untaken.at)
    return list(dict.fromkeys(url for url in (*found, *named_in(said.text)) if url))[:ADDRESSES]
