"""One platform's courier: carries channel posts and pages of readers, and notes what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.adapters.base import Messenger, Post, Receipt
from bot.delivery.crew import Crew
from bot.delivery.health import Breaker, Retries, Throttle, backoff, pause
from bot.delivery.limiter import SHORT, Lane, Limiter, lane_of
from bot.delivery.pages import PageRun
from bot.delivery.patience import Patience, Proven
from bot.delivery.recovery import recovered
from bot.delivery.reports import stop_readers, tell_if_complete
from bot.delivery.windows import PAGES, windows
from bot.domain import PAID_PER_SECOND, Channel, Pace, Press
from bot.domain.ledger import Cause, Dispatch, DispatchState, Position
from bot.errors import Gone, InDoubt, Misconfigured, NotForMany, NotSent, NotStored, Rejected, SendError, Wait
from bot.storage import Queries, Store
from bot.worker import Worker, end

log = structlog.get_logger(__name__)

#: A request to many that fails so often in a row is made for each.
TRIES = 3
#: Rendered posts kept: each running dispatch needs one.
POSTS = 16


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
        self.limiter = Limiter(pace, now=now, keep_hold=partial(self._keep_hold, messenger.platform))
        #: An account of its own has limits of its own: what holds up the readers does not hold up the channels.
        self.channel_limiter = self.limiter
        if messenger.posts_apart:
            self.channel_limiter = Limiter(pace, now=now, keep_hold=partial(self._keep_hold, self._channels_account))
        #: Requests to many readers at once, which Viber counts by themselves.
        self.broadcasts = Throttle()
        self.parallel = asyncio.Semaphore(pace.parallel)
        self.crew = Crew(pace.parallel, self.limiter)
        self.window, self._reserving = windows(PAID_PER_SECOND if pace.paid else pace.per_second)
        #: With so many of a page reserved the next may begin: two windows together leave it half of one.
        self.spare = max(self.window, messenger.batch) * (1.5 if self._reserving == 1 else 2.0)
        #: How often everything was halted.
        self.halts = 0
        #: How often somebody unsubscribed.
        self.leavings = 0
        self.retries = Retries()
        self.breaker = Breaker()
        self.patience = Patience()
        self.proven = Proven()
        #: Requests to many are not for us: each reader gets one.
        self.singly = False
        self._press = press
        self._channels = channels
        self._posts: dict[tuple[int, bool], Post] = {}
        self._pages: dict[tuple[int, int], asyncio.Task[None]] = {}
        self._lanes: dict[tuple[int, int], Lane] = {}
        self._runs: dict[tuple[int, int], PageRun] = {}
        self._posting: set[asyncio.Task[None]] = set()
        self._worker = Worker(f"courier-{messenger.platform}", self._step)
        self.start, self.wake = self._worker.start, self._worker.wake

    @property
    def _channels_account(self) -> str:
        return f"{self.messenger.platform} channels"

    async def resume_holds(self) -> None:
        """What a platform wanted of an earlier run it wants of this one."""
        accounts = {self.messenger.platform: self.limiter, self._channels_account: self.channel_limiter}
        for account, limiter in accounts.items():
            until = await self.store.read.held_until(account)
            if until is not None and until > self.now():
                limiter.hold((until - self.now()).total_seconds())

    def _keep_hold(self, account: str, until: datetime) -> None:
        if account == self.messenger.platform and until > self.now() + timedelta(seconds=SHORT):
            self._hand_back()  # so that whoever unsubscribes meanwhile gets nothing
        self._spawn(self.record(lambda tx: tx.keep_hold(account, until)))

    @property
    def stopping(self) -> bool:
        return self._worker.stopping

    async def stop(self, patience: float) -> None:
        """What is on the wire gets `patience` seconds to be answered; the rest is recorded as in doubt."""
        await self._worker.finish()
        await end([*self._pages.values(), *self._posting], patience)
        await self.crew.stop()

    async def _step(self) -> float | None:
        if self.store.is_full:  # its end rings
            return None
        if rest := self.breaker.seconds_left:
            return rest
        if self.breaker.is_probing and not await self._answers():
            return self.breaker.seconds_left
        now, halts, platform = self.now(), self.halts, self.messenger.platform
        if not self.channel_limiter.held and await self.store.read.has_ready_channels(platform, now):
            for dispatch in await self.store.write(lambda tx: tx.claim_channels(platform, now)):
                self._spawn(self._publish(dispatch, halts))
        if not self.held:
            await self._start_pages(now)
        return await self._time_to_rest()

    @property
    def held(self) -> float:
        """Seconds for which nothing may leave to readers."""
        return max(self.limiter.held, self.broadcasts.held)

    async def _answers(self) -> bool:
        """After a trouble a question goes ahead: no reader is put in doubt while a platform is silent to everything."""
        try:
            await self.messenger.ping()
        except SendError as error:
            self.unanswered(error)
            return False
        return True

    async def _start_pages(self, now: datetime) -> None:
        """As many of the most important lane as there may be; those of a lesser lane make room."""
        if not self._may_start(Lane.URGENT):
            return
        for key in await self.store.read.next_pages(self.messenger.platform, now, PAGES + len(self._pages)):
            if key in self._pages:
                continue
            dispatch = await self.store.read.dispatch(key[0])
            assert dispatch is not None
            lane = lane_of(dispatch)
            if self.outranks(lane) or not self._may_start(lane):
                return
            self._start_page(key, dispatch, lane)

    def _start_page(self, key: tuple[int, int], dispatch: Dispatch, lane: Lane) -> None:
        self._lanes[key] = lane
        task = self._pages[key] = asyncio.create_task(self._carry(dispatch, key[1]))
        task.add_done_callback(lambda done: self._carried(key, done))
        for other, run in self._runs.items():
            if self._lanes[other] > lane:
                run.hand_back()

    def _may_start(self, lane: Lane) -> bool:
        keys = [key for key, each in self._lanes.items() if each is lane]
        reserving = sum(key not in self._runs or self._runs[key].goes_on for key in keys)
        return len(keys) < PAGES and reserving < self._reserving

    def room(self, run: PageRun, reserved: int) -> int:
        """How many more of its readers the next commit may reserve: a window, so that no more than two are reserved
        together, also where one page ends and the next begins."""
        window = max(self.window, self.messenger.batch)
        if reserved >= window:
            return 0
        if self._reserving > 1:
            return window
        others = self._beside(run)
        room = min(window, 2 * window - sum(each.reserved for each in others) - reserved)
        if room >= window // 2:
            return room
        for each in others:
            each.make_room()
        return 0

    def room_made(self, run: PageRun) -> None:
        """Less of it is reserved: those beside it may go on, also while nobody answers them."""
        for each in self._beside(run):
            each.ring()

    def _beside(self, run: PageRun) -> list[PageRun]:
        return [each for each in self._runs.values() if each.lane is run.lane and each is not run]

    def halt(self) -> None:
        """What has not left stays."""
        self.halts += 1
        self._hand_back()

    def _hand_back(self) -> None:
        for run in self._runs.values():
            run.hand_back()

    def reader_left(self) -> None:
        """Whoever is not reserved yet need not be written to any more."""
        self.leavings += 1

    def outranks(self, lane: Lane) -> bool:
        """Is something more important under way? Then nothing more of `lane` is reserved."""
        return any(each < lane for each in self._lanes.values())

    async def _time_to_rest(self) -> float | None:
        at = await self.store.read.next_attempt(self.messenger.platform)
        if at is None:
            return None
        # Work that is due is under way, and its end rings; the second is for a store that failed meanwhile.
        least = 1.0 if self._pages or self._posting else 0.05
        least = max(least, min(1.0, max(self.held, self.channel_limiter.held)))
        return max(least, min(60.0, (at - self.now()).total_seconds()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._posting.add(task)
        task.add_done_callback(self._posted)

    def _posted(self, task: asyncio.Task[None]) -> None:
        self._posting.discard(task)
        self._report(task)

    def _carried(self, key: tuple[int, int], task: asyncio.Task[None]) -> None:
        del self._pages[key], self._lanes[key]
        self._report(task)

    def _report(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_failed", platform=self.messenger.platform, exc_info=error)
        self.wake()

    # Readers

    async def _carry(self, dispatch: Dispatch, number: int) -> None:
        key = (dispatch.id, number)
        try:
            post = await self.post_for(dispatch)
            page = await self.store.read.page(*key)
            if page.positions(Position.RESERVED):  # of a run that broke
                page = await self.store.write(lambda tx: recovered(tx, page, dispatch, self.now()))
            chats = await self.store.read.chats(page.low, len(page.states))
            run = self._runs[key] = PageRun(self, dispatch, post, page, chats)
            await run.run()
        except NotStored:
            raise
        except Exception as fault:
            # A fault of ours must not repeat itself for ever, nor take the other dispatches with it.
            reason = f"a fault in Visnyk: {type(fault).__name__}"
            await self.record(lambda tx: stop_readers(tx, dispatch, reason, self.now()))
            raise
        finally:
            if (ended := self._runs.pop(key, None)) is not None:
                self.room_made(ended)

    async def post_for(self, dispatch: Dispatch) -> Post:
        """Rendered once per dispatch; only the address differs from reader to reader."""
        key = (dispatch.id, dispatch.plain)
        if key not in self._posts:
            article = await self.store.read.content(dispatch.article_id, dispatch.version)
            article = self._press.edition(article, dispatch.platform)
            outlet = self._press.outlet(
                article, dispatch.platform, channel=dispatch.channel is not None, silent=dispatch.silent
            )
            post = self.messenger.render(article, outlet)
            while len(self._posts) >= POSTS:
                self._posts.pop(next(iter(self._posts)))
            self._posts[key] = (post.plainer or post) if dispatch.plain else post
        return self._posts[key]

    # Channels

    async def _publish(self, dispatch: Dispatch, halts: int) -> None:
        """`halts`: how often everything had been halted before this was claimed."""
        assert dispatch.channel is not None
        has_left = False
        plainer = False
        try:
            channel = self._channel(dispatch.channel)
            post = await self.post_for(dispatch)
            plainer = post.plainer is not None and not dispatch.plain
            await self._turn_to(dispatch, channel.chat, halts)
            has_left = True
            receipt = await self.messenger.publish(channel, post)
        except SendError as failure:
            if has_left and isinstance(failure, Wait):
                self.channel_limiter.sent_away(channel.chat, failure)
            await self._channel_failed(dispatch, failure, plainer=plainer)
        except asyncio.CancelledError:
            stopped = InDoubt(Cause.STOPPED) if has_left else Wait(0.0, "stopped")
            await self._channel_failed(dispatch, stopped, plainer=False)
            raise
        except Exception as fault:
            reason = f"a fault in Visnyk: {type(fault).__name__}"
            # Rejected is the class of what surely did not leave and would fail again.
            error: SendError = InDoubt(reason) if has_left else Rejected(reason)
            await self._channel_failed(dispatch, error, plainer=False)
            raise
        else:
            self.answered()
            await self.record(lambda tx: self._channel_delivered(tx, dispatch, receipt))

    async def _turn_to(self, dispatch: Dispatch, chat: str, halts: int) -> None:
        """Raises `Wait` also when everything was halted meanwhile."""
        await self.channel_limiter.turn_to(lane_of(dispatch), chat)
        if self.halts != halts:
            raise Wait(0.0, "halted")

    def _channel(self, key: str) -> Channel:
        if key not in self._channels:
            raise Misconfigured(f"newsroom.toml has no channel “{key}” any more")
        return self._channels[key]

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
                seconds = pause(dispatch.attempts) if error.guessed else error.seconds
                state, later, plain = DispatchState.READY, timedelta(seconds=seconds), False
            case NotSent():
                self.unanswered(error)
                state, later, plain = DispatchState.READY, backoff(dispatch.attempts), False
            case Rejected() if plainer:
                state, later, plain = DispatchState.READY, timedelta(0), True
            case InDoubt():
                if not self.stopping:
                    self.unanswered(error)
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

    # The platform's health. Told in a task of its own: nobody who holds results waits for it.

    def answered(self) -> None:
        if self.breaker.success():
            self._spawn(self.record(lambda tx: tx.platform_works(self.messenger.platform, self.now())))

    def unanswered(self, error: SendError) -> None:
        if self.breaker.failure():
            self._tell_trouble("platform_down", error)

    def retried(self, error: SendError) -> None:
        """One more goes out again. Too many of those, and the platform counts as down."""
        may = self.retries.may_retry(asyncio.get_running_loop().time())
        if not may and not self.stopping and self.breaker.trip():
            self._tell_trouble("platform_down", error)

    def one_by_one(self, error: NotForMany) -> bool:
        """True: those who were in that request are to be written to singly."""
        if not error.always:
            return self.broadcasts.failed() >= TRIES
        if not self.singly:
            self.singly = True
            key = f"singly:{self.messenger.platform}"
            self._spawn(self.record(lambda tx: self._tell_anew(tx, key, "not_for_many", error.reason)))
        return True

    def stop_paying(self, error: Rejected) -> None:
        """Until the next start, and the desk is told."""
        if self.limiter.stop_paying():
            key = f"paid:{self.messenger.platform}"
            self._spawn(self.record(lambda tx: self._tell_anew(tx, key, "paid_refused", error.reason)))

    async def _tell_anew(self, tx: Queries, key: str, kind: str, reason: str) -> None:
        await tx.trouble_over(key, self.now())  # each start tries again
        args = {"platform": self.messenger.platform, "reason": reason}
        await tx.tell_desk(key, kind, args, self.now())

    def turned_off(self, error: Misconfigured | Gone) -> None:
        """The fault is in our set-up: nothing of this platform can be sent until it is mended."""
        if self.breaker.trip():
            self._tell_trouble("platform_misconfigured", error)

    def _tell_trouble(self, kind: str, error: SendError) -> None:
        self._spawn(self.record(lambda tx: tx.platform_fails(self.messenger.platform, kind, error.reason, self.now())))

    async def record(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """What a platform answered must be kept. Giving up (stop, kill) is safe: the reservation makes it a doubt at
        the next start."""
        await self._worker.insist(lambda: self.store.write(work))
