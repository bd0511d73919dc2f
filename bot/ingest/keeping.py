"""Keeps what stands at addresses of pictures, as the darkroom makes it, or notes why nothing is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import structlog

from bot.domain.picture import LARGEST, ROOM, Unkept, file_at
from bot.errors import SendError
from bot.ingest.fetching import PATIENCE, Fetcher, NotFetched
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: Time after its article was changed or went out for which a picture stays, however little room there is: phones that
#: were off still fetch it.
SPARED = timedelta(days=2)


class Keeper:
    """Fetches a picture once and keeps it by its bytes. Both may take seconds, beside everything else.

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

    async def keep(self, url: str) -> None:
        """Keep the picture at `url` before anything names it. Raises `NotStored`."""
        now = self._now()
        try:
            raw = await self._raw(url)
            async with self._darkroom:
                content, form = await asyncio.to_thread(_developed, raw)
        except NotFetched as failed:
            reason = failed.reason
            log.warning("picture_not_kept", reason=reason)
            await self._store.write(lambda tx: tx.no_picture(url, reason, now))
        else:
            await self._store.write(lambda tx: _kept(tx, url, content, form, now))

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


async def _kept(tx: Queries, url: str, content: bytes, form: str, now: datetime) -> None:
    """Keep a picture, in the room of those that no article needs, if there is any."""
    over = await tx.size_of_pictures() + len(content) - ROOM
    while over > 0 and await tx.forget_pictures(now - SPARED, 1):
        over = await tx.size_of_pictures() + len(content) - ROOM
    if over > 0:
        log.error("pictures_full", over=over)
        await tx.no_picture(url, Unkept.FULL, now)
    else:
        await tx.keep_picture(url, content, form, now)


def _developed(raw: bytes) -> tuple[bytes, str]:
    """Develop a picture in a thread. The library is loaded with the first one: the start does not wait for it."""
    from bot.ingest.darkroom import Spoiled, developed

    try:
        made = developed(raw)
    except Spoiled as spoiled:
        raise NotFetched(spoiled.reason) from spoiled
    return made.content, made.form
