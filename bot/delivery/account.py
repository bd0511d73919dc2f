"""One account on a platform: its turns, its health, what it may not do for now, and what the desk hears of that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.adapters.base import Messenger
from bot.delivery.clerk import Clerk
from bot.delivery.health import Breaker, Retries, Throttle
from bot.delivery.limiter import SHORT, Limiter
from bot.delivery.patience import Patience, Proven
from bot.domain import Pace
from bot.domain.audit import SYSTEM
from bot.domain.ledger import Cause, Dispatch, Missing
from bot.domain.news import (
    BroadcastsRefused,
    News,
    PaidRefused,
    PlatformDown,
    PlatformHeld,
    PlatformMisconfigured,
    PlatformTrouble,
)
from bot.errors import Gone, HandedBack, InDoubt, Misconfigured, NotForMany, NotSent, Rejected, SendError
from bot.storage import Queries, Store

#: Holds that are longer are told to the desk.
TOLD = timedelta(minutes=1)
#: Failed requests to many in a row until each reader gets one of their own.
TRIES = 3


class Account:
    """One account on a platform, shared by everybody who sends by it.

    `hand_back` is called when a hold begins: what has not left yet does not wait for its end.
    """

    def __init__(
        self,
        messenger: Messenger,
        pace: Pace,
        clerk: Clerk,
        *,
        now: Callable[[], datetime],
        hand_back: Callable[[], None],
    ) -> None:
        self.messenger = messenger
        self.clerk = clerk
        self.now = now
        self._hand_back = hand_back
        limiter = partial(Limiter, pace, group_marks=messenger.traits.group_marks, now=now)
        self.limiter = limiter(keep_hold=partial(self._keep_hold, messenger.platform))
        #: A second bot has limits of its own: what holds up the readers does not hold up the channels.
        self.channel_limiter = self.limiter
        if messenger.posts_apart:
            self.channel_limiter = limiter(keep_hold=partial(self._keep_hold, self._channels_account))
        #: Requests to many readers at once, which Viber counts by themselves.
        self.broadcasts = Throttle(pace.parallel)
        self.breaker = Breaker()
        self.retries = Retries()
        self.patience = Patience()
        self.proven = Proven()
        #: Number of halts.
        self.halts = 0
        #: Number of unsubscriptions.
        self.leavings = 0
        #: Requests to many are not for us: each reader gets one.
        self.singly = False
        #: Holds that the desk may have heard of, also from an earlier run.
        self._told_holds = {str(messenger.platform), self._channels_account}

    @property
    def store(self) -> Store:
        return self.clerk.store

    @property
    def _channels_account(self) -> str:
        return f"{self.messenger.platform} channels"

    @property
    def limiters(self) -> dict[str, Limiter]:
        """The limiters by the name of what they limit: one, or two where a bot of its own posts to channels."""
        limiters = {str(self.messenger.platform): self.limiter}
        if self.channel_limiter is not self.limiter:
            limiters[self._channels_account] = self.channel_limiter
        return limiters

    async def resume_holds(self) -> None:
        """Keep the holds that the platform put on an earlier run."""
        for account, limiter in self.limiters.items():
            left = await self.store.read.hold_left(account, self.now())
            if left > timedelta(0):
                limiter.hold(left.total_seconds())

    def _keep_hold(self, account: str, until: datetime) -> None:
        now = self.now()
        length = until - now
        if account == self.messenger.platform and length > timedelta(seconds=SHORT):
            self._hand_back()  # so that whoever unsubscribes meanwhile gets nothing
        held = PlatformHeld(self.messenger.platform, "", account, until.timestamp())

        async def work(tx: Queries) -> None:
            await tx.keep_hold(account, until, length)
            if length > TOLD:
                self._told_holds.add(account)
                await tx.platform_fails(held, now)

        self._tell(work)

    async def end_holds(self) -> None:
        """Note which holds, of those that the desk may have heard of, are over."""
        limiters = self.limiters
        for account in [each for each in self._told_holds if each not in limiters or not limiters[each].held]:
            self._told_holds.discard(account)
            await self.record(partial(self._hold_ended, account))

    async def _hold_ended(self, account: str, tx: Queries) -> None:
        await tx.trouble_gone(f"held:{account}", self.now())

    @property
    def held(self) -> float:
        """Seconds for which nothing may leave to readers."""
        return max(self.limiter.held, self.broadcasts.held)

    def set_back(self, by: timedelta) -> None:
        """The wall clock went back by `by`: shift every deadline."""
        self.patience.set_back(by)
        for limiter in {self.limiter, self.channel_limiter}:
            limiter.set_back(by)

    async def record(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """Write down what the platform answered, as the clerk does it."""
        await self.clerk.record(work)

    # Health. Told in a task of its own: nobody who holds results waits for it.

    async def answers(self) -> bool:
        """Ask something that changes nothing; True if the platform answered.

        After a trouble this goes ahead, so that no reader is put in doubt while the platform is silent to everything.
        """
        try:
            await self.messenger.ping()
        except SendError as error:
            self.unanswered(error)
            return False
        return True

    def sent(self, count: int) -> None:
        """Count requests that ended, for the share of them that may be retries."""
        self.retries.sent(asyncio.get_running_loop().time(), count)

    def judge(self, error: SendError | None) -> None:
        """Judge the platform by one request: `error` is what it ended with for everybody in it, None: not for all."""
        match error:
            case HandedBack() | NotForMany():
                pass
            case NotSent() | InDoubt() if not self.clerk.stopping:
                self.unanswered(error)
                if isinstance(error, NotSent):
                    self._retried(error)
            case Misconfigured():
                self._turned_off(error)
            case Gone():
                self.answered()

    def judge_reply(self, error: SendError | None) -> None:
        """Judge the platform by a reply to one chat: an outage is noticed where nothing is published, too."""
        if error is None:
            self.answered()
        elif not self.clerk.stopping:
            self.unanswered(error)

    def answered(self) -> None:
        """Note that a request was answered."""
        if self.breaker.success():
            self._tell(lambda tx: tx.platform_works(self.messenger.platform, self.now()))

    def unanswered(self, error: SendError) -> None:
        """Note that a request brought no answer."""
        if self.breaker.failure():
            self._tell_trouble(PlatformDown, error)

    def _retried(self, error: SendError) -> None:
        """Count a retry. After too many of them the platform counts as down."""
        may = self.retries.may_retry(asyncio.get_running_loop().time())
        if not may and not self.clerk.stopping and self.breaker.trip():
            self._tell_trouble(PlatformDown, error)

    def _turned_off(self, error: Misconfigured) -> None:
        """The fault is in our set-up: nothing of this platform can be sent until it is fixed."""
        if self.breaker.trip():
            self._tell_trouble(PlatformMisconfigured, error)

    def _tell_trouble(self, kind: type[PlatformTrouble], error: SendError) -> None:
        trouble = kind(self.messenger.platform, error.reason)
        self._tell(lambda tx: tx.platform_fails(trouble, self.now()))

    # What the account may not do until the next start, which tries again.

    def one_by_one(self, error: NotForMany) -> bool:
        """Return True if the readers of that request are to be written to singly."""
        if not error.always:
            return self.broadcasts.failed() >= TRIES
        if not self.singly:
            self.singly = True
            self._tell_refusal("singly", BroadcastsRefused(self.messenger.platform, error.reason))
        return True

    def stop_paying(self, error: Rejected) -> None:
        """Send only what is free, and tell the desk."""
        if self.limiter.stop_paying():
            self._tell_refusal("paid", PaidRefused(error.reason))

    async def go_poorer(self, tx: Queries, dispatch: Dispatch, missing: Missing, reason: str) -> None:
        """Send a dispatch without what the platform does not take, from now on."""
        if not await tx.go_poorer(dispatch.id, missing, reason):
            return
        detail = {**dispatch.outlet, "why": reason, "version": dispatch.version}
        subject, now = f"article:{dispatch.article_id}", self.now()
        # In a transaction of its own: what readers have is written down even if the log takes nothing more.
        self._tell(lambda later: later.record(SYSTEM, "post.poorer", subject, detail, now))

    async def go_without(self, dispatch: Dispatch, lost: Missing) -> None:
        """Write down what the platform has no form for, before it goes out without that."""
        if lost := lost & ~dispatch.missing:
            await self.record(lambda tx: self.go_poorer(tx, dispatch, lost, Cause.NO_FORM))

    def tell_copies(self, dispatch: Dispatch, copies: int) -> None:
        """Note that some readers alone got a dispatch that is over without its picture."""
        detail = {**dispatch.outlet, "copies": copies, "version": dispatch.version}
        subject, now = f"article:{dispatch.article_id}", self.now()
        self._tell(lambda later: later.record(SYSTEM, "post.poorer_copies", subject, detail, now))

    def _tell_refusal(self, what: str, trouble: News) -> None:
        key = f"{what}:{self.messenger.platform}"

        async def work(tx: Queries) -> None:
            await tx.trouble_over(key, self.now())  # of an earlier run
            await tx.tell_desk(key, trouble, self.now())

        self._tell(work)

    def _tell(self, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        self.clerk.send(self.record(work))
