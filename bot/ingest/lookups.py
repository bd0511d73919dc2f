"""Fetches the pages whose addresses the desk sent, beside everything else, and hands them to the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.domain.lookup import Lookup
from bot.errors import NotStored
from bot.ingest.fetching import PAGE, Fetcher, NotFetched
from bot.ingest.keeping import Keeper
from bot.ingest.page import NoArticle, Page, Unread
from bot.storage import Queries, Store
from bot.worker import PAUSE, Worker, end

log = structlog.get_logger(__name__)

#: What the desk does with a page, or with the reason why there is none, in one transaction.
Take = Callable[[Queries, Lookup, Page | str], Awaitable[None]]


class Lookups:
    """Each lookup is a task of its own: a slow site keeps nobody else waiting."""

    def __init__(self, store: Store, fetcher: Fetcher, keeper: Keeper, take: Take) -> None:
        self._store = store
        self._fetcher = fetcher
        self._keeper = keeper
        self._take = take
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self.worker = Worker("lookups", self._step)

    def start(self) -> None:
        self._store.on("lookup", self.worker.wake)
        self.worker.start()

    async def stop(self) -> None:
        """Stop at once: what is not answered is fetched again at the next start."""
        await self.worker.cancel()
        await end(list(self._under_way.values()), 0.0)

    async def _step(self) -> float | None:
        for lookup in await self._store.read.lookups():
            if lookup.id not in self._under_way:
                task = self._under_way[lookup.id] = asyncio.create_task(self._answer(lookup))
                task.add_done_callback(partial(self._ended, lookup.id))
        return None

    def _ended(self, number: int, _: asyncio.Task[None]) -> None:
        del self._under_way[number]
        self.worker.wake()

    async def _answer(self, lookup: Lookup) -> None:
        found = await self._looked_at(lookup.url)
        log.info("page_looked_at", site=lookup.site, outcome=found if isinstance(found, str) else "page")
        try:
            await self._store.write(lambda tx: self._give(tx, lookup, found))
        except NotStored:
            await asyncio.sleep(PAUSE)  # and it is fetched again

    async def _give(self, tx: Queries, lookup: Lookup, found: Page | str) -> None:
        if await tx.end_lookup(lookup):
            await self._take(tx, lookup, found)

    async def _looked_at(self, url: str) -> Page | str:
        try:
            fetched = await self._fetcher.get(url, PAGE)
            page = await asyncio.to_thread(_read, fetched.content, fetched.url, fetched.charset)
        except (NotFetched, NoArticle) as error:
            return str(error.reason)
        return await self._keeper.keep_of(page)


def _read(content: bytes, url: str, charset: str) -> Page:
    """Read a page in a thread. What reads pages is loaded with the first one: the start does not wait for it."""
    from bot.ingest.reader import read

    try:
        return read(content, url, charset)
    except (RecursionError, ValueError):  # nobody's page brings anybody else's down
        log.exception("page_not_read")
        raise NoArticle(Unread.NO_ARTICLE) from None
