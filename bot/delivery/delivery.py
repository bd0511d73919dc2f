"""All couriers together: recovered, started, woken and stopped as one."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot.adapters.base import Messenger, Receipt
from bot.delivery.account import Account
from bot.delivery.counting import Counting
from bot.delivery.courier import Courier
from bot.delivery.disk import Disk
from bot.delivery.limiter import Lane
from bot.delivery.pulse import Pulse
from bot.delivery.recovery import number_of, post_recovered, recovered, was_never_taken
from bot.delivery.replies import Replies
from bot.delivery.reports import ask_to_go_on
from bot.delivery.score import Score
from bot.delivery.topic_names import TopicNames
from bot.delivery.warrants import Look, Warrants
from bot.domain import Address, Channel, Pace, Platform, Press, Screen
from bot.domain.ledger import Dispatch
from bot.domain.news import Restored
from bot.errors import Wait
from bot.storage import Left, Queries, Store
from bot.worker import Part, Worker

#: The name of the recorder of a process that has none.
NO_RECORDER = "none"


class Delivery:
    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        press: Press,
        channels: Sequence[Channel],
        paces: Mapping[Platform, Pace],
        *,
        stale_after: timedelta = timedelta(minutes=30),
        now: Callable[[], datetime],
    ) -> None:
        """Dispatches that stood still for longer than `stale_after` while we were down wait for the desk's word."""
        self._store = store
        self._now = now
        self._stale_after = stale_after
        self._messengers = messengers
        self._guessed = {platform for platform, messenger in messengers.items() if not messenger.traits.names_waits}
        self._warrants = Warrants()
        self._channels = {channel.key: channel for channel in channels}
        self._couriers = [
            Courier(messenger, store, press, self._channels, paces.get(platform, Pace()), self._warrants, now=now)
            for platform, messenger in messengers.items()
        ]
        self._accounts = [courier.account for courier in self._couriers]
        self._counting = Counting(store, now=now)
        self._pulse = Pulse(store, self._set_back, now=now)
        self._disk = Disk(store, now=now)
        # Whatever a bot sends counts: its replies wait for the same turns.
        self._replies = [
            Replies(
                *(messengers, account.messenger.platform, store, press, account.limiter, account.breaker),
                judge=account.judge_reply,
                now=now,
            )
            for account in self._accounts
        ]

        self._names = [TopicNames(account.messenger, store, account.limiter) for account in self._accounts]

    async def start(self) -> None:
        """Settle what an earlier run left, then go to work."""
        await self._store.write(self._recover)
        if self._store.recorder is not None:
            self._store.recorder.wipe()  # what it knew is in the store now
        self._store.on("dispatch", self._counting.wake)
        self._counting.start()
        self._pulse.start()
        self._disk.start()
        for courier in self._couriers:
            await courier.account.resume_holds()
            self._store.on("dispatch", courier.wake)
            self._store.on("halt", courier.halt)
            self._store.on("reader_left", courier.reader_left)
            courier.start()
        for replies in self._replies:
            self._store.on("reply", replies.wake)
            replies.start()
        for names in self._names:
            names.start()

    def ask_before(self, look: Look) -> None:
        """Ask this before anything of an article leaves, and again while it is on its way."""
        self._warrants.look = look

    def pace(self, platform: Platform, paid: bool) -> float:
        """Return how many readers are sent to in a second at present; `paid`: also above the free rate."""
        account = self._account(platform)
        return account.limiter.per_second(paid=paid) * account.messenger.traits.batch

    # For requests that do not come from the store: to the platform they count like all others.

    async def turn(self, platform: Platform) -> None:
        """Return when a request that nobody waits for may leave."""
        await self._account(platform).limiter.turn(Lane.PROGRESS)

    async def show(self, chat: Address, screen: Screen, *, is_answer: bool) -> Receipt:
        """Show a screen in its turn. Raises what `Messenger.show` raises, and `Wait` if the turn is far off."""
        account = self._account(chat.platform)
        limiter = account.limiter
        lane = Lane.REPLY if is_answer else Lane.PROGRESS
        await limiter.turn_to(lane, chat.id)
        again = partial(limiter.turn_to, lane, chat.id, patience=math.inf)
        try:
            return await account.messenger.show(chat.id, screen, again)
        except Wait as wait:
            limiter.sent_away(chat.id, wait)
            raise

    async def calm(self, platform: Platform) -> None:
        """Raise `Wait` while the platform wants nothing of us; else a request that it does not count may leave."""
        if held := self._account(platform).limiter.held:
            raise Wait(held, "our own limits")

    def heard(self, chat: Address) -> bool:
        """Note that a person wrote to us. Return True if messages that waited for that may leave now."""
        return self._account(chat.platform).limiter.heard(chat.id)

    # What health looks at.

    @property
    def workers(self) -> list[Worker]:
        """All that must go on for posts and replies to leave."""
        parts: Sequence[Part] = (self._counting, self._pulse, self._disk, *self._couriers, *self._replies, *self._names)
        return [part.worker for part in parts]

    def held(self) -> dict[str, float]:
        """Return for how many seconds nothing may leave, by account; 0 for those that may."""
        return {name: limiter.held for account in self._accounts for name, limiter in account.limiters.items()}

    def scores(self) -> dict[Platform, Score]:
        """Return what was delivered since the start, by platform."""
        return {account.messenger.platform: account.clerk.score for account in self._accounts}

    def refused(self) -> dict[str, int]:
        """Return how often we were told to wait, by account."""
        return {
            name: limiter.refusals.count for account in self._accounts for name, limiter in account.limiters.items()
        }

    def is_quiet(self, platform: Platform) -> bool:
        """Return True if nothing leaves to a platform for now, because it asked for that or is in trouble."""
        account = self._account(platform)
        return account.limiter.held > 0 or account.breaker.is_open

    def _account(self, platform: Platform) -> Account:
        return next(account for account in self._accounts if account.messenger.platform is platform)

    # After a start, which knows better than the couriers whether a platform can be reached.

    def keep_back(self) -> None:
        """Let nothing leave to channels and readers before `let_go`."""
        for courier in self._couriers:
            courier.may_leave = False

    def let_go(self, platform: Platform) -> None:
        """Let messages to the platform leave, as everything that was said on it has been read."""
        for courier in self._couriers:
            if courier.account.messenger.platform is platform:
                courier.may_leave = True
                courier.wake()

    def trust(self, platform: Platform) -> None:
        """Note that the platform answers."""
        self._account(platform).breaker.close()

    def distrust(self, platform: Platform) -> None:
        """Send the platform nothing until it answers."""
        self._account(platform).breaker.trip()

    def wake(self) -> None:
        """Look again at everything: the clock was moved."""
        self._pulse.wake()
        for courier in self._couriers:
            courier.wake()
        for replies in self._replies:
            replies.wake()
        for names in self._names:
            names.wake()

    async def stop(self, patience: float) -> None:
        await asyncio.gather(
            self._counting.stop(),
            self._pulse.stop(),
            self._disk.stop(),
            *(courier.stop(patience) for courier in self._couriers),
            *(replies.stop(patience) for replies in self._replies),
            *(names.stop() for names in self._names),
        )

    async def _recover(self, tx: Queries) -> None:
        now = self._now()
        known = await self._known(tx)
        interrupted = await tx.interrupted_channels()
        for dispatch in [each for each in interrupted if was_never_taken(each, known)]:
            await tx.hand_back_post(dispatch.id)
        left = await tx.left_behind(now - self._stale_after)
        await tx.beat(now)
        await tx.drop_started_replies()
        for platform in self._messengers:
            if platform in self._guessed:
                # A guessed wait ends when the person writes; after a restart nobody knows which waits were guessed.
                await tx.forget_waits(platform, now)
        for dispatch in [each for each in interrupted if not was_never_taken(each, known)]:
            await post_recovered(tx, dispatch, self._receipt(dispatch, known), now)
        for page in await tx.interrupted_pages():
            traces = known.pages.get((page.dispatch_id, page.number))
            of = await tx.dispatch(page.dispatch_id)
            assert of is not None
            await recovered(tx, page, of, now, traces)
        await ask_to_go_on(tx, left, now)

    def _receipt(self, dispatch: Dispatch, known: Left) -> Receipt | None:
        """The receipt of a post that the platform had answered for; without its link if its channel is gone."""
        number, channel = number_of(dispatch, known), self._channels.get(dispatch.channel or "")
        if number is None:
            return None
        return self._messengers[dispatch.platform].receipt(channel, number) if channel is not None else Receipt(number)

    def set_back(self, by: timedelta) -> None:
        """The wall clock went back by `by`: whatever waits must not wait longer for that."""
        self._pulse.set_back(by)

    def _set_back(self, by: timedelta) -> None:
        for courier in self._couriers:
            courier.account.set_back(by)
            courier.wake()

    async def _known(self, tx: Queries) -> Left:
        """Return what the flight recorder knows. After a restore it is not believed: the backup is older. Nor where
        another process has reserved since, which has a recorder of its own.
        """
        recorder = self._store.recorder
        before = await tx.take_lead(recorder.name if recorder is not None else NO_RECORDER)
        if recorder is None or any(notice.code == Restored.code for notice in await tx.untold()):
            return Left()
        return recorder.left if recorder.left.by == before else Left()
