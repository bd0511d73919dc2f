"""One platform's courier: carries channel posts and pages of readers, and notes what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.adapters.base import Messenger, Post, Receipt
from bot.delivery.news import tell_if_complete
from bot.delivery.pace import Breaker, Limiter, backoff
from bot.delivery.pages import PageRun
from bot.domain import Channel, Pace, Press
from bot.domain.ledger import Dispatch, DispatchState
from bot.errors import Gone, InDoubt, Misconfigured, NotSent, NotStored, Rejected, SendError, Wait
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: Pages of one platform under way at once: while one waits for its last answers, the other goes on.
PAGES = 2
#: The store could not take a write: look again after this, in seconds.
STORE_PAUSE = 1.0


class Courier:
    def __init__(
        self,
        messenger: Messenger,
        store: Store,
        press: Press,
        channels: Mapping[str, Channel],
        pace: Pace,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self.messenger = messenger
        self.store = store
        self.now = now
        self.limiter = Limiter(pace.per_second)
        self.parallel = asyncio.Semaphore(pace.parallel)
        self.window = max(8, min(256, int(pace.per_second * 0.25)))
        self.breaker = Breaker()
        self.stopping = False
        self._press = press
        self._channels = channels
        self._posts: dict[tuple[int, bool], Post] = {}
        self._pages: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._posting: set[asyncio.Task[None]] = set()
        self._bell = asyncio.Event()

    def wake(self) -> None:
        self._bell.set()

    async def run(self) -> None:
        while not self.stopping:
            self._bell.clear()
            try:
                await self._start_work()
                rest = await self._time_to_rest()
            except NotStored:
                rest = STORE_PAUSE
            try:
                async with asyncio.timeout(rest):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def stop(self, patience: float) -> None:
        """What is on the wire gets `patience` seconds to be answered; the rest is recorded as in doubt."""
        self.stopping = True
        self.wake()
        tasks = [*self._pages.values(), *self._posting]
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _start_work(self) -> None:
        if self.breaker.is_open or self.stopping:
            return
        now = self.now()
        platform = self.messenger.platform
        if await self.store.read.has_ready_channels(platform, now):
            for dispatch in await self.store.write(lambda tx: tx.claim_channels(platform, now)):
                self._spawn(self._publish(dispatch))
        if len(self._pages) < PAGES:
            for key in await self.store.read.next_pages(platform, now, PAGES + len(self._pages)):
                if key not in self._pages and len(self._pages) < PAGES:
                    self._pages[key] = asyncio.create_task(self._carry(*key))

    async def _time_to_rest(self) -> float | None:
        if self.breaker.is_open:
            return self.breaker.seconds_left
        at = await self.store.read.next_attempt(self.messenger.platform)
        if at is None:
            return None
        # Work that is due is under way, and its end rings; the second is for a store that failed meanwhile.
        return max(1.0 if self._pages or self._posting else 0.05, min(60.0, (at - self.now()).total_seconds()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._posting.add(task)
        task.add_done_callback(self._posted)

    def _posted(self, task: asyncio.Task[None]) -> None:
        self._posting.discard(task)
        self._report(task)

    def _report(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_failed", platform=self.messenger.platform, exc_info=error)
        self.wake()

    # Readers

    async def _carry(self, dispatch_id: int, number: int) -> None:
        try:
            dispatch = await self.store.read.dispatch(dispatch_id)
            assert dispatch is not None
            page = await self.store.read.page(dispatch_id, number)
            chats = await self.store.read.chats(page.low, len(page.states))
            await PageRun(self, dispatch, page, chats).run()
        finally:
            self._report_page(dispatch_id, number)

    def _report_page(self, dispatch_id: int, number: int) -> None:
        task = self._pages.pop((dispatch_id, number))
        task.add_done_callback(self._report)

    async def post_for(self, dispatch: Dispatch) -> Post:
        """Rendered once per dispatch; only the address differs from reader to reader."""
        key = (dispatch.id, dispatch.plain)
        if key not in self._posts:
            article = await self.store.read.content(dispatch.article_id, dispatch.version)
            outlet = self._press.outlet(
                article, dispatch.platform, channel=dispatch.channel is not None, silent=dispatch.silent
            )
            post = self.messenger.render(article, outlet)
            while len(self._posts) >= 16:
                self._posts.pop(next(iter(self._posts)))
            self._posts[key] = (post.plainer or post) if dispatch.plain else post
        return self._posts[key]

    # Channels

    async def _publish(self, dispatch: Dispatch) -> None:
        assert dispatch.channel is not None
        channel = self._channels.get(dispatch.channel)
        if channel is None:
            error: SendError = Misconfigured(f"newsroom.toml has no channel “{dispatch.channel}” any more")
            await self._channel_failed(dispatch, error, plainer=False)
            return
        post = await self.post_for(dispatch)
        try:
            receipt = await self.messenger.publish(channel, post)
        except SendError as failure:
            await self._channel_failed(dispatch, failure, plainer=post.plainer is not None and not dispatch.plain)
        except asyncio.CancelledError:
            await self._channel_failed(dispatch, InDoubt("stopped before the answer came"), plainer=False)
            raise
        else:
            await self.arrived()
            await self.record(lambda tx: self._channel_delivered(tx, dispatch, receipt))

    async def _channel_delivered(self, tx: Queries, dispatch: Dispatch, receipt: Receipt) -> None:
        now = self.now()
        await tx.settle(dispatch.id, DispatchState.DELIVERED, now, message_id=receipt.message_id, link=receipt.link)
        if receipt.message_id == 0:
            await tx.tell_desk(f"no-id:{dispatch.id}", "no_message_id", {"dispatch": dispatch.id}, now)
        await tell_if_complete(tx, dispatch.article_id, now)
        log.info("channel_posted", article=dispatch.article_id, channel=dispatch.channel)

    async def _channel_failed(self, dispatch: Dispatch, error: SendError, *, plainer: bool) -> None:
        """Only what was surely not executed is tried again; a doubt is the desk's to settle."""
        now = self.now()
        log.warning(
            "channel_not_posted", article=dispatch.article_id, channel=dispatch.channel, error=type(error).__name__
        )
        match error:
            case Wait():
                state, later, plain = DispatchState.READY, timedelta(seconds=error.seconds), False
            case NotSent():
                await self.failed_to_arrive(error)
                state, later, plain = DispatchState.READY, backoff(dispatch.attempts), False
            case Rejected() if plainer:
                state, later, plain = DispatchState.READY, timedelta(0), True
            case InDoubt():
                state, later, plain = DispatchState.IN_DOUBT, timedelta(0), False
            case _:
                state, later, plain = DispatchState.STOPPED, timedelta(0), False

        async def work(tx: Queries) -> None:
            await tx.settle(dispatch.id, state, now, reason=error.reason, not_before=now + later, plain=plain)
            if state in (DispatchState.IN_DOUBT, DispatchState.STOPPED):
                kind = "channel_in_doubt" if state is DispatchState.IN_DOUBT else "channel_stopped"
                await tx.tell_desk(f"{kind}:{dispatch.id}:{dispatch.attempts}", kind, {"dispatch": dispatch.id}, now)
                await tell_if_complete(tx, dispatch.article_id, now)

        await self.record(work)

    # The platform's health

    async def arrived(self) -> None:
        if self.breaker.success():
            await self.store.write(self._tell_recovered)

    async def _tell_recovered(self, tx: Queries) -> None:
        key = f"platform:{self.messenger.platform}"
        if await tx.trouble_over(key, self.now()):
            await tx.tell_desk(f"{key}:back", "platform_back", {"platform": self.messenger.platform}, self.now())
            await tx.trouble_over(f"{key}:back", self.now())

    async def failed_to_arrive(self, error: SendError) -> None:
        if self.breaker.failure():
            await self._tell_down("platform_down", error)

    async def turned_off(self, error: Misconfigured | Gone) -> None:
        """The fault is in our set-up: nothing of this platform can be sent until it is mended."""
        if self.breaker.trip():
            await self._tell_down("platform_misconfigured", error)

    async def _tell_down(self, kind: str, error: SendError) -> None:
        platform = self.messenger.platform
        args = {"platform": platform, "reason": error.reason}
        await self.store.write(lambda tx: tx.tell_desk(f"platform:{platform}", kind, args, self.now()))

    async def record(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """What a platform answered must be kept: while the store takes nothing, hold on to it and try again.

        Giving up (stop, kill) is safe: the reservation makes it a doubt at the next start.
        """
        while True:
            try:
                await self.store.write(work)
            except NotStored:
                if self.stopping:
                    raise
                await asyncio.sleep(STORE_PAUSE)
            else:
                return
