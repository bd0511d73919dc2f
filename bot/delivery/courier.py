"""One platform's courier: claims channel posts and pages of readers, and starts them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.adapters.base import Messenger
from bot.delivery.account import Account
from bot.delivery.clerk import Clerk
from bot.delivery.crew import Crew
from bot.delivery.fault import guarded, reason_of
from bot.delivery.flight import Bundle, chats_of
from bot.delivery.kinds import Kinds
from bot.delivery.limiter import Lane, lane_of
from bot.delivery.pages import PageRun
from bot.delivery.posts import Posts
from bot.delivery.recovery import recovered
from bot.delivery.reports import stop_expired, stop_readers
from bot.delivery.warrants import Warrants
from bot.delivery.windows import PAGES, Key, Windows
from bot.domain import PAID_PER_SECOND, Channel, Pace, Press
from bot.domain.ledger import Dispatch, DispatchKind, Position
from bot.errors import NotStored
from bot.storage import Queries, Store
from bot.worker import Worker, end

#: Seconds after which the courier looks in any case, in case nobody rang; and its shortest rest.
LOOK, BRIEF = 60.0, 0.05


class Courier:
    def __init__(
        self,
        messenger: Messenger,
        store: Store,
        press: Press,
        channels: Mapping[str, Channel],
        pace: Pace,
        warrants: Warrants,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._warrants = warrants
        self.worker = Worker(f"courier-{messenger.platform}", self._step)
        self.start, self.wake = self.worker.start, self.worker.wake
        self._clerk = Clerk(messenger.platform, self.worker, store)
        self.account = Account(messenger, pace, self._clerk, now=now, hand_back=self._hand_back)
        self._crew = Crew(pace.parallel, self.account.limiter)
        per_second = PAID_PER_SECOND if pace.paid else pace.per_second
        self._windows = Windows(per_second, messenger.traits.batch, wake=self.wake)
        self._kinds = Kinds(messenger, store, press)
        self._posts = Posts(self.account, self._kinds, channels)
        self._pages: dict[Key, asyncio.Task[None]] = {}
        self._runs: dict[Key, PageRun] = {}
        #: False while nothing may leave because what people said meanwhile was not read yet.
        self.may_leave = True

    async def stop(self, patience: float) -> None:
        """Give requests on the wire `patience` seconds to be answered; the rest is recorded as in doubt."""
        await self.worker.finish()
        await end([*self._pages.values(), *self._clerk.errands], patience)
        await self._crew.stop()

    def halt(self) -> None:
        """Let nothing leave that has not left."""
        self.account.halts += 1
        self._hand_back()

    def reader_left(self) -> None:
        """Skip a reader who unsubscribed, unless they are reserved already."""
        self.account.leavings += 1

    def _hand_back(self) -> None:
        for run in self._runs.values():
            run.hand_back()

    async def _step(self) -> float | None:
        account = self.account
        await account.end_holds()
        if self._store.is_full or not self.may_leave:  # its end rings
            return None
        if rest := account.breaker.seconds_left:
            return rest
        if account.breaker.is_probing and not await account.answers():
            return account.breaker.seconds_left
        now, platform = account.now(), account.messenger.platform
        if await self._store.read.expired(platform, now):
            await self._store.write(lambda tx: stop_expired(tx, platform, now))
        if not account.channel_limiter.held:
            await self._start_posts(now)
        if not account.held:
            await self._start_pages(now)
        return await self._time_to_rest(now)

    async def _time_to_rest(self, now: datetime) -> float:
        """Return the seconds until there may be something to start: the end of what is under way rings by itself."""
        account = self.account
        at = await self._store.read.next_attempt(account.messenger.platform, now)
        holds = [held for held in (account.held, account.channel_limiter.held) if held]
        waits = [LOOK, *holds] if at is None else [LOOK, *holds, (at - account.now()).total_seconds()]
        return max(BRIEF, min(waits))

    # Channels

    async def _start_posts(self, now: datetime) -> None:
        halts, platform = self.account.halts, self.account.messenger.platform
        if await self._store.read.has_ready_channels(platform, now):
            recorded = self._store.recorder is not None
            claimed = await self._store.write(lambda tx: self._claim(tx, now, recorded=recorded))
            for dispatch in claimed:
                self._clerk.send(self._posts.publish(dispatch, halts))

    async def _claim(self, tx: Queries, now: datetime, *, recorded: bool) -> list[Dispatch]:
        """Claim the posts that may still leave; one that may not makes room for the next of its channel."""
        platform = self.account.messenger.platform
        while not all([await self._warrants.holds(tx, each) for each in await tx.ready_articles(platform, now)]):
            pass
        return await tx.claim_channels(platform, now, recorded=recorded)

    # Readers

    async def _start_pages(self, now: datetime) -> None:
        """Start pages of the most important lane, as many as there may be; those of lesser lanes make room."""
        if not self._may_start(Lane.URGENT):
            return
        limit = PAGES + len(self._pages)
        for key in await self._store.read.next_pages(self.account.messenger.platform, now, limit):
            if key in self._pages:
                continue
            dispatch = await self._store.read.dispatch(key[0])
            assert dispatch is not None
            lane = lane_of(dispatch)
            if self._windows.outranks(lane) or not self._may_start(lane):
                return
            self._start_page(key, dispatch, lane)

    def _may_start(self, lane: Lane) -> bool:
        ending = sum(run.lane is lane and not run.goes_on for run in self._runs.values())
        return self._windows.may_start(lane, ending)

    def _start_page(self, key: Key, dispatch: Dispatch, lane: Lane) -> None:
        self._windows.begin(key, lane)
        work = guarded(self._carry(dispatch, key), lambda fault: self._give_up(dispatch, fault))
        task = self._pages[key] = asyncio.create_task(work)
        task.add_done_callback(lambda done: self._carried(key, done))
        for run in self._runs.values():
            if run.lane > lane:
                run.hand_back()

    def _carried(self, key: Key, task: asyncio.Task[None]) -> None:
        del self._pages[key]
        self._windows.end(key)
        self._clerk.ended(task)

    async def _carry(self, dispatch: Dispatch, key: Key) -> None:
        bundle = await self._bundle(dispatch, key)
        run = self._runs[key] = PageRun(self.account, self._windows, self._crew, bundle)
        self._windows.join(run)
        try:
            await run.run()
        finally:
            del self._runs[key]
            self._windows.leave(run)

    async def _bundle(self, dispatch: Dispatch, key: Key) -> Bundle:
        kind = await self._kinds.of(dispatch)
        await self.account.go_without(dispatch, kind.lost)
        page = await self._store.read.page(*key)
        if page.positions(Position.RESERVED):  # of a run that broke
            page = await self._store.write(lambda tx: recovered(tx, page, dispatch, self.account.now()))
        chats = await chats_of(self._store.read, dispatch, page)
        if dispatch.of is not None:
            kind = kind.beside(await self._store.read.copies(dispatch.of, page.number))
        return Bundle(dispatch, kind, page, chats, lambda tx: self._holds(tx, dispatch))

    async def _holds(self, tx: Queries, dispatch: Dispatch) -> bool:
        """Ask whether more of an article may leave. What changes copies stops harm, and goes on."""
        return dispatch.kind is not DispatchKind.POST or await self._warrants.holds(tx, dispatch.article_id)

    async def _give_up(self, dispatch: Dispatch, fault: Exception) -> None:
        if not isinstance(fault, NotStored):  # the store comes back by itself
            reason = reason_of(fault)
            await self.account.record(lambda tx: stop_readers(tx, dispatch, reason, self.account.now()))
