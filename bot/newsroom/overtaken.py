"""Overtaken: news of an article that came too late to be true, or to be worth a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from bot.domain import news
from bot.domain.entry import EntryState
from bot.domain.ledger import DispatchState
from bot.domain.review import ReviewKind, Verdict
from bot.domain.stored import AboutDispatch
from bot.errors import Refused
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

#: States of an article that readers may still get.
OPEN = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.QUEUED, EntryState.COUNTING, EntryState.HELD})
N = TypeVar("N", bound=news.News)
Stands = Callable[[news.News, Situation], bool]


def _is_asked(told: news.Submitted | news.WaitsLong | news.NoAnswer, now: Situation) -> bool:
    asked = now.asked
    if asked is None or asked.binding != told.binding:
        return False
    return asked.kind is ReviewKind.AFTER or (now.entry.state in OPEN and now.readiness.missing > 0)


def _is_unasked(now: Situation) -> bool:
    return now.entry.state in OPEN and now.asked is None and now.readiness.missing > 0


def _is_decided(told: news.Decided, now: Situation) -> bool:
    return now.entry.state is EntryState.REJECTED if told.verdict is Verdict.REJECT else _is_unasked(now)


def _is_held(told: news.Held | news.Shifted, now: Situation) -> bool:
    return now.entry.state is EntryState.HELD


def _is_kept_back(told: news.KeptBack, now: Situation) -> bool:
    not_before = now.entry.not_before
    return now.entry.state is EntryState.QUEUED and not_before is not None and not_before.timestamp() == told.until


def _is_stuck(told: news.LeftBehind | news.StoppedOnItsWay, now: Situation) -> bool:
    return now.dossier.way.is_stopped


def _is_open(told: news.News, now: Situation) -> bool:
    return now.entry.state in OPEN


def _always(told: news.News, now: Situation) -> bool:
    return True


def _row(kind: type[N], stands: Callable[[N, Situation], bool]) -> tuple[type[news.News], Stands]:
    """A row of the table below; the type checker compares both of its sides."""
    return kind, cast("Stands", stands)


#: Whether news of an article is still to be told, as the article stands when it is told late.
STANDS: Mapping[type[news.News], Stands] = dict(
    [
        _row(news.Submitted, _is_asked),
        _row(news.WaitsLong, _is_asked),
        _row(news.NoAnswer, _is_asked),
        _row(news.Approved, lambda _, now: now.entry.state in OPEN and not now.readiness.missing),
        _row(news.ApprovalVoid, lambda _, now: _is_unasked(now)),
        _row(news.ApprovalRevoked, lambda _, now: now.entry.state in OPEN and now.readiness.missing > 0),
        _row(news.Decided, _is_decided),
        _row(news.Cancelled, lambda _, now: now.entry.state is EntryState.CANCELLED),
        *[_row(kind, _is_held) for kind in news.HELD.values()],
        _row(news.Shifted, _is_held),
        _row(news.ExpiryShifted, _is_open),
        _row(news.KeptBack, _is_kept_back),
        _row(news.PostRefused, _is_open),
        _row(news.LeftBehind, _is_stuck),
        _row(news.StoppedOnItsWay, _is_stuck),
        # These stay true whatever comes after them.
        _row(news.SourceChanged, lambda _, now: now.entry.state in OPEN | {EntryState.PUBLISHED}),
        _row(news.PublishedAlone, _always),
        _row(news.Reviewed, _always),
        _row(news.Complete, _always),
        # Whether a change still waits is looked at when it is told.
        _row(news.ChangeSubmitted, _always),
        _row(news.ChangedAlone, _always),
        _row(news.ChangedLightly, _always),
        _row(news.HaltHoldsUp, lambda _, now: now.readiness.halted),
        _row(news.LeavesInSpite, _always),
        _row(news.ChangeApproved, _always),
        _row(news.ChangeDone, _always),
        _row(news.ChangeSentBack, _always),
        _row(news.Renewed, _always),
    ]
)
#: The states of a dispatch in which news of it is still to be told late.
IN_STATE: Mapping[type[news.News], frozenset[DispatchState]] = {
    news.ChannelInDoubt: frozenset({DispatchState.IN_DOUBT}),
    news.ChannelStopped: frozenset({DispatchState.STOPPED}),
    news.ReadersStopped: frozenset({DispatchState.STOPPED}),
    news.ExpiredOnItsWay: frozenset({DispatchState.STOPPED}),
    news.ChannelWaits: frozenset({DispatchState.READY}),
    news.NoMessageId: frozenset({DispatchState.DELIVERED}),
    news.PinFailed: frozenset({DispatchState.STOPPED}),
}


async def is_overtaken(desk: Desk, told: news.News) -> bool:
    """True if what the news says of an article or a dispatch is no longer so. What is damaged is told all the same."""
    if isinstance(told, AboutDispatch):
        dispatch = await desk.tx.dispatch(told.dispatch)
        return dispatch is None or dispatch.state not in IN_STATE[type(told)]
    stands = STANDS.get(type(told))
    if stands is None:
        return False
    try:
        return not stands(told, await read(desk, told.article))  # type: ignore[attr-defined]
    except Refused:
        return False
