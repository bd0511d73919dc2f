"""Keeps what stands at addresses of pictures and videos, as the darkroom makes it, or notes why nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.likeness import packed
from bot.domain.picture import LARGEST, ROOM, Unkept, digest_of, file_at, still_of
from bot.errors import SendError
from bot.ingest.drafting import media_of
from bot.ingest.fetching import PATIENCE, Fetcher, NotFetched
from bot.ingest.page import Page
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: Time after its article was changed or went out for which a picture stays, however little room there is: phones that
#: were off still fetch it.
SPARED = timedelta(days=2)
#: Time for which is known how a picture looks that a reader asked about.
ASKED_FOR = timedelta(hours=1)


class _Developed(Protocol):
    """A file that the darkroom hands out; it is loaded with the first picture alone."""

    @property
    def content(self) -> bytes: ...

    @property
    def form(self) -> str: ...

    @property
    def still(self) -> bytes: ...


class Keeper:
    """Fetches a picture or video once and keeps it by its bytes. Both may take seconds, beside everything else.

    `held` returns a file that Telegram holds; it raises `SendError`.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        *,
        now: Callable[[], datetime],
        held: Callable[[str], Awaitable[bytes]] | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._held = held
        self._now = now
        # One after the other: a large picture takes a core and a hundred megabytes while it is made smaller.
        self._darkroom = asyncio.Semaphore(1)
        # Apart: readers who ask about many pictures must not keep the desk waiting for its own.
        self._viewing = asyncio.Semaphore(1)

    async def keep_of(self, page: Page) -> Page:
        """Keep the video or picture of a page before anything names it; return the page with what it is left with.

        Where its video can't be kept, the picture takes its place. Raises `NotStored`.
        """
        if page.video and not await self.keep(page.video) and page.picture is not None:
            page = replace(page, video="", dropped=(*page.dropped, page.video))
        if not page.video and (picture := media_of(page)) is not None:
            await self.keep(picture.url)
        return page

    async def keep(self, url: str) -> bool:
        """Keep the picture or video at `url` before anything names it; return whether it is. Raises `NotStored`."""
        now = self._now()
        try:
            raw = await self._raw(url)
            async with self._darkroom:
                made, looks = await asyncio.to_thread(_developed, raw)
        except NotFetched as failed:
            reason = failed.reason
            log.warning("picture_not_kept", reason=reason)
            await self._store.write(lambda tx: tx.no_picture(url, reason, now))
            return False
        return await self._store.write(lambda tx: _kept(tx, url, made, looks, now))

    async def look(self, place: str) -> None:
        """Note how a picture looks that a reader asks about; nothing of it is kept. Raises `NotStored`."""
        async with self._viewing:
            try:
                looks = await asyncio.to_thread(_seen, await self._raw(place))
            except NotFetched as failed:
                log.info("picture_not_seen", reason=failed.reason)
                looks = b""
        now = self._now()
        await self._store.write(lambda tx: tx.note_asked_look(place, looks, now, now - ASKED_FOR))

    async def _raw(self, url: str) -> bytes:
        file = file_at(url)
        if not file:
            return (await self._fetcher.fetch(url))[0]
        if self._held is None:
            raise NotFetched(Unkept.ADDRESS)
        try:
            async with asyncio.timeout(PATIENCE):
                content = await self._held(file)
        except (SendError, TimeoutError):
            raise NotFetched(Unkept.SILENT) from None
        if len(content) > LARGEST:
            raise NotFetched(Unkept.TOO_LARGE)
        return content


async def _kept(tx: Queries, url: str, made: _Developed, looks: bytes, now: datetime) -> bool:
    """Keep a picture, in the room of those that no article needs, if there is any; return whether there is."""
    size = len(made.content) + len(made.still)
    over = await tx.size_of_pictures() + size - ROOM
    while over > 0 and await tx.forget_pictures(now - SPARED, 1):
        over = await tx.size_of_pictures() + size - ROOM
    if over > 0:
        log.error("pictures_full", over=over)
        await tx.no_picture(url, Unkept.FULL, now)
        return False
    if made.still:
        await tx.keep_picture(still_of(digest_of(made.content)), made.still, "jpg", now)
    await tx.keep_picture(url, made.content, made.form, now)
    await tx.keep_looks(digest_of(made.content), looks)
    return True


def _developed(raw: bytes) -> tuple[_Developed, bytes]:
    """Develop a picture in a thread, and see how it or its still looks. The library is loaded with the first one: the
    start does not wait for it.
    """
    from bot.ingest.darkroom import Spoiled, developed
    from bot.ingest.looks import looks_of

    try:
        made = developed(raw)
    except Spoiled as spoiled:
        raise NotFetched(spoiled.reason) from spoiled
    return made, packed(looks_of(made.still or made.content))


def _seen(raw: bytes) -> bytes:
    from bot.ingest.looks import LARGEST_ASKED, look_of

    look = look_of(raw) if len(raw) <= LARGEST_ASKED else None
    return packed([look]) if look is not None else b""
