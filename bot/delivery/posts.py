"""Carries posts to channels, and notes what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.adapters.base import Receipt
from bot.delivery.account import TOLD, Account
from bot.delivery.fault import guarded, reason_of
from bot.delivery.health import backoff, pause
from bot.delivery.kinds import Kind, Kinds
from bot.delivery.limiter import lane_of
from bot.delivery.reports import post_arrived, tell_if_complete
from bot.delivery.verdicts import FOUND_IN, SETTLES_IN
from bot.domain import Channel
from bot.domain.ledger import Cause, Dispatch, DispatchState, Missing
from bot.domain.news import ChannelInDoubt, ChannelStopped, ChannelWaits, PinFailed
from bot.errors import HandedBack, InDoubt, Misconfigured, NoCopy, NotSent, Rejected, SendError, Wait
from bot.storage import Queries, Slot

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Trip:
    """A post on its way to a channel. `halts`: how often everything had been halted before it was claimed."""

    dispatch: Dispatch
    halts: int
    has_left: bool = False
    kind: Kind | None = None
    #: Its departure in the flight recorder, if there is one.
    slot: Slot | None = None

    def broken_by(self, fault: Exception) -> SendError:
        """Return the outcome of the post after a fault of ours."""
        reason = reason_of(fault)
        # Rejected is the class of what surely did not leave and would fail again.
        return InDoubt(reason) if self.has_left else Rejected(reason)

    def left_out(self, error: SendError) -> Missing:
        """Return what else it goes out without from now on."""
        if self.kind is None or not self.has_left or not isinstance(error, Rejected):
            return Missing.NOTHING
        return self.kind.without(error)

    def cut_short(self) -> SendError:
        """Return the outcome of the post after a stop of ours."""
        return InDoubt(Cause.STOPPED) if self.has_left else Wait(0.0, "stopped")


@dataclass(frozen=True, slots=True)
class Fate:
    """Return the new state of a post that failed, and the delay until it is tried again."""

    state: DispatchState
    later: timedelta = timedelta(0)


class Posts:
    """One account's channel posts."""

    def __init__(self, account: Account, kinds: Kinds, channels: Mapping[str, Channel]) -> None:
        self._account = account
        self._kinds = kinds
        self._channels = channels

    async def publish(self, dispatch: Dispatch, halts: int) -> None:
        """Carry a claimed post. `halts` as in `Trip`."""
        trip = Trip(dispatch, halts)
        self._account.clerk.score.begins(dispatch.id, dispatch.not_before)
        try:
            outcome = await guarded(self._carry(trip), lambda fault: self._failed(trip, trip.broken_by(fault)))
        except asyncio.CancelledError:
            await self._failed(trip, trip.cut_short())
            raise
        if isinstance(outcome, SendError):
            await self._failed(trip, outcome)
            return
        if trip.slot is not None:
            trip.slot.arrived(outcome.message_id)
        self._account.answered()
        self._account.clerk.score.posted(dispatch.id, self._account.now())
        await self._record(trip, lambda tx: self._delivered(tx, dispatch, outcome))

    async def _carry(self, trip: Trip) -> Receipt | SendError:
        account, dispatch = self._account, trip.dispatch
        try:
            channel = self._channel(dispatch.channel or "")
            kind = trip.kind = await self._kinds.of(dispatch)
            await account.go_without(dispatch, kind.lost)
            await account.channel_limiter.turn_to(lane_of(dispatch), channel.chat)
            if account.halts != trip.halts:
                return Wait(0.0, "halted")
            if (recorder := account.store.recorder) is not None:
                if (slot := recorder.depart(dispatch.id)) is None:
                    return Wait(1.0, "too many posts are on their way")
                trip.slot = slot
            trip.has_left = True
            return await kind.to_channel(channel)
        except SendError as failure:
            if trip.has_left and isinstance(failure, Wait):
                account.channel_limiter.sent_away(channel.chat, failure)
            return failure

    def _channel(self, key: str) -> Channel:
        if key not in self._channels:
            raise Misconfigured(Cause.NO_CHANNEL.of(key))
        return self._channels[key]

    async def _delivered(self, tx: Queries, dispatch: Dispatch, receipt: Receipt) -> None:
        await post_arrived(tx, dispatch, receipt, self._account.now())
        log.info("channel_posted", article=dispatch.article_id, channel=dispatch.channel)

    async def _record(self, trip: Trip, work: Callable[[Queries], Coroutine[Any, Any, None]]) -> None:
        """Write down what became of a post; from then on the flight recorder need not know."""
        await self._account.record(work)
        recorder = self._account.store.recorder
        if trip.slot is not None and recorder is not None:
            recorder.forget(trip.slot)

    async def _failed(self, trip: Trip, error: SendError) -> None:
        """Try again only what was surely not executed; a doubt is the desk's to settle."""
        now, dispatch = self._account.now(), trip.dispatch
        if trip.slot is not None and not isinstance(error, InDoubt):
            trip.slot.not_taken()
        log.warning(
            "channel_not_posted", article=dispatch.article_id, channel=dispatch.channel, error=type(error).__name__
        )
        if self._is_silent(error):
            self._account.unanswered(error)
        left_out = trip.left_out(error)
        fate = _fate(error, dispatch, left_out)
        self._account.clerk.score.not_posted(dispatch.id, error, is_over=fate.state is not DispatchState.READY)

        async def work(tx: Queries) -> None:
            not_before = now + fate.later
            await tx.settle(dispatch.id, fate.state, now, reason=error.reason, not_before=not_before)
            if left_out:
                await self._account.go_poorer(tx, dispatch, left_out, error.reason)
            if fate.later > TOLD and not dispatch.kind.is_pinning:
                waits = ChannelWaits(dispatch.id, not_before.timestamp())
                await tx.tell_desk(f"{waits.code}:{dispatch.id}", waits, now)
            if fate.state in (DispatchState.IN_DOUBT, DispatchState.STOPPED):
                kind = _told_of(dispatch, fate)
                await tx.tell_desk(f"{kind.code}:{dispatch.id}:{dispatch.attempts}", kind(dispatch.id), now)
                await tell_if_complete(tx, dispatch, now)

        await self._record(trip, work)

    def _is_silent(self, error: SendError) -> bool:
        """True for a platform that did not answer, unless it was we who ended it."""
        if isinstance(error, InDoubt):
            return not self._account.clerk.stopping
        return isinstance(error, NotSent) and not isinstance(error, HandedBack)


def _told_of(dispatch: Dispatch, fate: Fate) -> type[ChannelInDoubt | ChannelStopped | PinFailed]:
    """Return the news of an end that nobody wanted."""
    if dispatch.kind.is_pinning:
        return PinFailed
    return ChannelInDoubt if fate.state is DispatchState.IN_DOUBT else ChannelStopped


def _fate(error: SendError, dispatch: Dispatch, left_out: Missing) -> Fate:
    attempts, is_edit = dispatch.attempts, dispatch.kind.repeats
    match error:
        case Wait():
            seconds = pause(attempts) if error.guessed else error.seconds
            return Fate(DispatchState.READY, timedelta(seconds=seconds))
        case NotSent():
            return Fate(DispatchState.READY, backoff(attempts))
        case Rejected() if left_out:
            return Fate(DispatchState.READY)
        case InDoubt() if is_edit:  # what is changed twice is changed once
            return Fate(DispatchState.READY, max(timedelta(seconds=SETTLES_IN), backoff(attempts)))
        case NoCopy() if attempts <= 1:
            return Fate(DispatchState.READY, timedelta(seconds=FOUND_IN))
        case InDoubt():
            return Fate(DispatchState.IN_DOUBT)
        case _:
            return Fate(DispatchState.STOPPED)
