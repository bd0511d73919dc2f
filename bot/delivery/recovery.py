"""Recovery of the pages and posts that a run left in the middle: their certain outcomes, and their doubts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import Receipt
from bot.delivery.reports import post_arrived, tell_if_complete
from bot.delivery.verdicts import SETTLES_IN
from bot.domain.ledger import Cause, Dispatch, DispatchState, Outcome, Page, Policy, Position
from bot.domain.news import ChannelInDoubt
from bot.storage import Left, Mark, Queries, Trace

log = structlog.get_logger(__name__)


def narrowed(page: Page, traces: Mapping[int, Trace]) -> Page:
    """Settle what the flight recorder is sure of: messages that were never begun, and those that were answered."""
    reserved = page.positions(Position.RESERVED)
    marks = {p: traces.get(p, Trace(Mark.NOTHING)) for p in reserved}
    page = page.delivered({p: trace.message_id for p, trace in marks.items() if trace.mark is Mark.ARRIVED})
    return page.release(p for p, trace in marks.items() if trace.mark in (Mark.NOTHING, Mark.NOT_TAKEN))


async def recovered(
    tx: Queries, page: Page, dispatch: Dispatch, now: datetime, traces: Mapping[int, Trace] | None = None
) -> Page:
    """Settle the reservations of a page, which may have arrived. Under `hold` nothing is repeated.

    `traces` is what the flight recorder knows of it; None: nothing, so every reservation is in doubt.
    """
    if traces is not None:
        page = narrowed(page, traces)
    doubtful = page.positions(Position.RESERVED)
    if dispatch.policy is Policy.RESEND:
        settled = page.release(doubtful)
    else:
        settled = page.excepted(doubtful)
        await tx.add_exceptions(dispatch.id, {page.low + p: (Outcome.IN_DOUBT, Cause.STOPPED) for p in doubtful}, now)
        log.warning("readers_in_doubt", article=dispatch.article_id, count=len(doubtful))
    await tx.save_page(settled, now)
    if settled.is_finished and await tx.finish_if_done(dispatch.id, now):
        await tell_if_complete(tx, dispatch, now)
    return settled


def was_never_taken(dispatch: Dispatch, known: Left) -> bool:
    """True if a post that was under way surely is not in its channel: it never left, or it was not taken."""
    if not dispatch.recorded or known.posts is None:
        return False
    trace = known.posts.get(dispatch.id)
    return trace is None or trace.mark is Mark.NOT_TAKEN


def number_of(dispatch: Dispatch, known: Left) -> int | None:
    """The number of a post that the platform had answered for, 0 if it gave none; None: it had not answered."""
    trace = (known.posts or {}).get(dispatch.id) if dispatch.recorded else None
    return trace.message_id if trace is not None and trace.mark is Mark.ARRIVED else None


async def post_recovered(tx: Queries, dispatch: Dispatch, receipt: Receipt | None, now: datetime) -> None:
    """Settle a post that may have appeared: without a receipt, whether it did is the desk's to see.

    A change of one is made again, once an earlier request can't take effect any longer.
    """
    if receipt is not None:
        await post_arrived(tx, dispatch, receipt, now)
        return
    if dispatch.kind.repeats:
        await tx.settle(dispatch.id, DispatchState.READY, now, not_before=now + timedelta(seconds=SETTLES_IN))
        return
    await tx.settle(dispatch.id, DispatchState.IN_DOUBT, now, reason=Cause.STOPPED)
    await tx.tell_desk(f"channel_in_doubt:{dispatch.id}:{dispatch.attempts}", ChannelInDoubt(dispatch.id), now)
    await tell_if_complete(tx, dispatch, now)
