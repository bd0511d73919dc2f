"""Reads the newsroom's feeds, each at its own interval, and hands the desk what is new in them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.domain.feeds import FAULT, NO_FEED, NOBODY, Brought, FeedState, Known, Looked
from bot.domain.news import FeedFails
from bot.errors import NotStored
from bot.ingest.fetching import FEED, NOT_MODIFIED, PAGE, Fetched, Fetcher, NotFetched
from bot.ingest.keeping import Keeper
from bot.ingest.page import Item, NoArticle, NoFeed, Page, Reading, Seen, Unread
from bot.ingest.subscription import Feed, Fresh, after_answer, after_failure, fresh
from bot.storage import Queries, Store
from bot.worker import PAUSE, Worker, end

log = structlog.get_logger(__name__)

#: Failed looks in a row before the owners are told: a site that restarts is nobody's trouble.
TOLD_AFTER = 3
#: Longest rest between two looks at what is due, in seconds: the clock may be moved meanwhile.
LONGEST = 60.0
#: An item that its feed still holds is noted again after this time, lest it be forgotten and come back as new.
NOTED_AGAIN = timedelta(days=30)


class Unclaimed(Exception):
    """Nobody of the desk is there to get what the feed brings."""


class Newsdesk(Protocol):
    """The desk as feeds see it; each in the caller's transaction. Raises `Unclaimed`."""

    async def bring(self, tx: Queries, feed: Feed, page: Page, now: datetime) -> Brought: ...

    async def change(self, tx: Queries, feed: Feed, page: Page, before: Brought, now: datetime) -> Brought: ...

    async def skipped(self, tx: Queries, feed: Feed, found: Fresh, now: datetime, *, first: bool) -> None: ...


class Feeds:
    """Each look is a task of its own: a slow site keeps no other feed waiting. What they came to is written at once."""

    def __init__(
        self, feeds: Iterable[Feed], store: Store, fetcher: Fetcher, desk: Newsdesk, *, now: Callable[[], datetime]
    ) -> None:
        self._feeds = {feed.key: feed for feed in feeds}
        self._store = store
        self._fetcher = fetcher
        self._keeper = Keeper(store, fetcher, now=now)
        self._desk = desk
        self._now = now
        self._is_set = False
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._done: dict[str, Looked] = {}
        #: The items of each feed's last answer that was taken. A start forgets them, and reads them once more.
        self._seen: dict[str, Seen] = {}
        #: One answer is read at a time: to read takes the processor, and there are others who need it.
        self._reading = asyncio.Lock()
        self.worker = Worker("feeds", self._step)

    def start(self) -> None:
        self._store.on("feeds", self.worker.wake)
        self.worker.start()

    async def stop(self) -> None:
        """Stop at once: what was not taken is asked for again at the next start."""
        await self.worker.cancel()
        await end(list(self._under_way.values()), 0.0)
        await self._fetcher.close()

    async def _step(self) -> float | None:
        if not self._is_set:
            urls = {feed.key: feed.url for feed in self._feeds.values()}
            await self._store.write(lambda tx: tx.set_feeds(urls, self._now()))
            self._is_set = True
        await self._keep_done()
        now, rests = self._now(), [LONGEST]
        for state in await self._store.read.feeds() if self._feeds else ():
            if state.is_stopped or state.key in self._under_way or state.key not in self._feeds:
                continue
            if state.looked.next_at <= now:
                self._begin(state)
            else:
                rests.append((state.looked.next_at - now).total_seconds())
        return min(rests) if self._feeds else None

    def _begin(self, state: FeedState) -> None:
        task = self._under_way[state.key] = asyncio.create_task(self._answer(state))
        task.add_done_callback(lambda _: self._ended(state.key))

    def _ended(self, key: str) -> None:
        if key not in self._done:  # it waits there for being written
            del self._under_way[key]
        self.worker.wake()

    async def _keep_done(self) -> None:
        """Write what the looks came to since the last step, in one transaction."""
        done = dict(self._done)
        if not done:
            return
        await self._store.write(lambda tx: self._keep(tx, done))
        for key in done:
            del self._done[key], self._under_way[key]

    async def _keep(self, tx: Queries, done: dict[str, Looked]) -> None:
        now = self._now()
        for key, looked in done.items():
            await tx.keep_looked(key, looked)
            if looked.failures >= TOLD_AFTER:
                await tx.tell_desk(f"feed:{key}", FeedFails(key, looked.reason), now)
            elif not looked.failures:
                await tx.trouble_gone(f"feed:{key}", now)

    async def _answer(self, state: FeedState) -> None:
        feed = self._feeds[state.key]
        try:
            looked = await self._looked(feed, state.looked)
        except NotStored:
            await asyncio.sleep(PAUSE)  # and it is asked again
            return
        except Exception:
            # The one broad catch around a look: a fault in one feed must not end all that follow.
            log.exception("feed_not_read", feed=feed.key)
            looked = after_failure(feed, state.looked, FAULT, "", self._now())
        if looked.failures:
            log.warning("feed_failed", feed=feed.key, reason=looked.reason, failures=looked.failures)
        self._done[feed.key] = looked

    async def _looked(self, feed: Feed, before: Looked) -> Looked:
        """Ask the feed, and take what is new. Nothing counts as read before the desk has it."""
        try:
            answer = await self._fetcher.get(feed.address, FEED, before.marks)
            # The time until the next question begins here: what reading takes would else come on top each time.
            asked = self._now()
            body = hashlib.sha256(answer.content).hexdigest()
            if answer.status == NOT_MODIFIED or body == before.body:
                marks = {**before.marks, **answer.marks}
                return after_answer(feed, marks, asked, before.body)
            reading = await self._read(answer, self._seen.get(feed.key, {}))
            await self._take(feed, reading, first=not before.is_known)
            self._seen[feed.key] = reading.seen
        except NotFetched as error:
            return after_failure(feed, before, error.reason, error.retry_after, self._now())
        except NoFeed:
            return after_failure(feed, before, NO_FEED, "", self._now())
        except Unclaimed:
            return after_failure(feed, before, NOBODY, "", self._now())
        return after_answer(feed, answer.marks, asked, body)

    async def _read(self, answer: Fetched, before: Seen) -> Reading:
        async with self._reading:
            return await asyncio.to_thread(_read_feed, answer, before, self._now())

    async def _take(self, feed: Feed, reading: Reading, *, first: bool) -> None:
        items = reading.items
        rows = await self._store.read.known_items([*filter(None, dict.fromkeys(reading.seen.values()))])
        own = {row.item: row for row in rows if row.feed == feed.key}
        # An id counts in its own feed alone, an address wherever it stands.
        elsewhere = {row.item for row in rows if "://" in row.item}
        known = {item.key: item.digest for item in items if item.key in elsewhere}
        known |= {row.item: row.digest for row in own.values()}
        digests = await self._store.read.known_digests([item.digest for item in items])
        found = fresh(feed, items, known, digests, first=first)
        for item in found.new:
            await self._bring(feed, item, None)
        for item in found.changed:
            await self._bring(feed, feed.with_topics(item), own[item.key])
        await self._store.write(lambda tx: self._know(tx, feed, items, found, own, first=first))

    async def _know(
        self, tx: Queries, feed: Feed, items: Sequence[Item], found: Fresh, own: dict[str, Known], *, first: bool
    ) -> None:
        """Note what became no draft, and what is still there after long."""
        now = self._now()
        for item in found.rest:
            await tx.know_item(Known(item.key, feed.key, item.digest, now))
        for row in own.values():
            if row.at < now - NOTED_AGAIN:
                await tx.know_item(replace(row, at=now))
        await tx.forget_items(now)
        if found.skipped:
            await self._desk.skipped(tx, feed, found, now, first=first)
        log.info("feed_read", feed=feed.key, items=len(items), new=len(found.new), changed=len(found.changed))

    async def _bring(self, feed: Feed, item: Item, before: Known | None) -> None:
        """Hand an item to the desk and note it, in one transaction: it comes once, whatever happens meanwhile."""
        if before is not None and before.brought.article is None:
            page = item.page
        else:
            page = await self._keeper.keep_of(await self._whole(item))
        await self._store.write(lambda tx: self._give(tx, feed, replace(item, page=page), before))

    async def _give(self, tx: Queries, feed: Feed, item: Item, before: Known | None) -> None:
        now = self._now()
        if before is None:
            brought = await self._desk.bring(tx, feed, item.page, now)
        elif before.brought.article is None:
            brought = before.brought
        else:
            brought = await self._desk.change(tx, feed, item.page, before.brought, now)
        await tx.know_item(Known(item.key, feed.key, item.digest, now, brought))

    async def _whole(self, item: Item) -> Page:
        """Return the article on the item's own page where the feed has only its beginning; else what the feed has."""
        if item.is_whole or not item.page.address:
            return item.page
        try:
            fetched = await self._fetcher.get(item.page.address, PAGE)
            async with self._reading:
                page = await asyncio.to_thread(_read_page, fetched)
        except (NotFetched, NoArticle):
            return item.page
        return replace(page, topics=item.page.topics or page.topics)


def _read_feed(answer: Fetched, before: Seen, now: datetime) -> Reading:
    """Read a feed in a thread. What reads feeds is loaded with the first one: the start does not wait for it."""
    from bot.ingest.feed import read_again

    try:
        return read_again(answer.content, answer.url, answer.charset, now=now, before=before)
    except (RecursionError, ValueError):  # nobody's feed brings anybody else's down
        raise NoFeed("it can't be read") from None


def _read_page(fetched: Fetched) -> Page:
    from bot.ingest.reader import read

    try:
        return read(fetched.content, fetched.url, fetched.charset)
    except (RecursionError, ValueError):
        raise NoArticle(Unread.NO_ARTICLE) from None
