"""What became of an article: where it is out, posts in doubt, and what goes on after a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import Address
from bot.domain.ledger import Dispatch, DispatchState, Outcome, Tally
from bot.errors import Refused
from bot.storage import Queries


@dataclass(frozen=True, slots=True)
class Report:
    """How one dispatch of an article stands; `tally` only for readers."""

    dispatch: Dispatch
    tally: Tally | None


async def report(tx: Queries, article_id: int) -> list[Report]:
    return [
        Report(dispatch, await tx.tally(dispatch) if dispatch.channel is None else None)
        for dispatch in await tx.dispatches(article_id)
    ]


async def settle_doubt(tx: Queries, dispatch_id: int, person: Address, *, appeared: bool, now: datetime) -> Dispatch:
    """A person looked: the post is there, or it is not and goes out again."""
    dispatch = await _restart(tx, dispatch_id, DispatchState.IN_DOUBT, now, appeared=appeared)
    await _record(tx, person, "post.found" if appeared else "post.repeated", dispatch, now)
    return dispatch


async def retry(tx: Queries, dispatch_id: int, person: Address, now: datetime) -> Dispatch:
    """After the fault is mended: go on with a dispatch that was stopped."""
    dispatch = await _restart(tx, dispatch_id, DispatchState.STOPPED, now, appeared=False)
    await _record(tx, person, "post.retried", dispatch, now)
    return dispatch


async def go_on(tx: Queries, dispatches: Sequence[int], person: Address, now: datetime) -> None:
    """With what was left under way at a stop that lasted; what somebody has settled since stays as it is."""
    found = [await tx.dispatch(dispatch_id) for dispatch_id in dispatches]
    stopped = [each for each in found if each is not None and each.state is DispatchState.STOPPED]
    if not stopped:
        raise Refused("That is settled already. /list shows what is waiting.")
    for dispatch in stopped:
        await retry(tx, dispatch.id, person, now)


async def _restart(tx: Queries, dispatch_id: int, was: DispatchState, now: datetime, *, appeared: bool) -> Dispatch:
    dispatch = await tx.dispatch(dispatch_id)
    if dispatch is None or dispatch.state is not was:
        raise Refused("That is settled already. /doubts shows what is still open.")
    again = DispatchState.READY if dispatch.channel is not None else DispatchState.RUNNING
    if dispatch.channel is None:
        # Whoever the fault hit first.
        await tx.reopen(dispatch, (Outcome.FAILED,), now)
    await tx.settle(dispatch_id, DispatchState.DELIVERED if appeared else again, now)
    await tx.trouble_over(f"complete:{dispatch.article_id}", now)
    if again is DispatchState.RUNNING:
        await tx.finish_if_done(dispatch_id, now)  # nobody may be left
    return dispatch


async def _record(tx: Queries, person: Address, act: str, dispatch: Dispatch, now: datetime) -> None:
    detail = {"outlet": dispatch.channel or dispatch.platform, "version": dispatch.version}
    await tx.record(person, act, f"article:{dispatch.article_id}", detail, now)
