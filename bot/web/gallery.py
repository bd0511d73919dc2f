"""The gallery: pictures that the desk names by an address are fetched and kept before what names them is handled, and
those that readers ask about are looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.commands.messages import asks_about_picture, is_for_us
from bot.domain import ChatKind, MediaKind, Said
from bot.domain.picture import ADDRESSES, file_at, named_in
from bot.errors import NotStored
from bot.ingest.fetching import Fetcher
from bot.ingest.keeping import Keeper
from bot.web.albums import Heard
from bot.worker import end

#: Pictures of one reader that are looked at within a span, in seconds, and pictures of all that wait for it at once.
LOOKS, WITHIN, WAITING = 10, 3600.0, 50


class Gallery:
    """Keeps pictures by their addresses: only what somebody of the desk names by one is fetched from there, and what
    can't be kept is noted with the reason. A reader's picture is taken from the platform alone.
    """

    def __init__(self, fetcher: Fetcher, keeper: Keeper) -> None:
        self._fetcher = fetcher
        self._keeper = keeper
        self._ring: Callable[[], None] = lambda: None
        #: By the number of the update's row.
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._done: set[int] = set()
        #: By reader, the loop times of their looks.
        self._looks: dict[str, list[float]] = {}

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
            addresses, asked = _named_by(heard), _asked_by(heard)
            if addresses:
                work = self._keep_all(addresses)
            elif asked and self._may_look(heard):
                work = self._look(asked)
            else:
                return True
            task = self._under_way[row] = asyncio.create_task(work)
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

    def _may_look(self, heard: Heard) -> bool:
        """True unless this reader, or all together, asked about very many pictures; one that is not looked at gets
        another answer.
        """
        now, who = asyncio.get_running_loop().time(), str(heard.incoming.sender.address) if heard.incoming else ""
        self._looks = {each: kept for each, times in self._looks.items() if (kept := _since(times, now - WITHIN))}
        if len(self._under_way) >= WAITING or len(self._looks.get(who, ())) >= LOOKS:
            return False
        self._looks.setdefault(who, []).append(now)
        return True

    async def _look(self, place: str) -> None:
        with suppress(NotStored):  # then it is as if nobody had looked
            await self._keeper.look(place)

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


def _asked_by(heard: Heard) -> str:
    """Return where a reader's picture can be had; empty where there is none, or the platform does not hold it."""
    incoming = heard.incoming
    said = incoming.event if incoming is not None else None
    if heard.rows[0].from_desk or not isinstance(said, Said) or said.media is None or incoming is None:
        return ""
    is_held = said.media.kind is MediaKind.PHOTO and (said.media.borrowed or bool(file_at(said.media.place)))
    is_meant = incoming.chat_kind is ChatKind.PRIVATE and asks_about_picture(said)
    return said.media.place if is_held and is_meant else ""


def _since(times: list[float], then: float) -> list[float]:
    return [each for each in times if each > then]
