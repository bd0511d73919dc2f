"""The aftermath of an article: where it is out, which posts are in doubt, and how sending goes on after a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.ledger import Dispatch, DispatchState, Outcome, Tally
from bot.errors import Refused
from bot.newsroom.desk import Desk


@dataclass(frozen=True, slots=True)
class Report:
    """The state of one dispatch of an article; `tally` only for readers.

    `has_readers`: somebody reads us on its platform, in whichever language.
    """

    dispatch: Dispatch
    tally: Tally | None
    has_readers: bool = True
    #: Posts to other readers of the platform, of another version, that are counted in.
    beside: tuple[int, ...] = ()


#: The dispatch that says how it stands with a platform's readers, if a change came amid a broadcast.
_LEADS = (DispatchState.DONE, DispatchState.STOPPED, DispatchState.RUNNING)


def by_outlet(reports: Sequence[Report]) -> list[Report]:
    """Return one report for each outlet: after a change amid a broadcast its readers have come by several posts."""
    joined: dict[tuple[str, str | None], Report] = {}
    for each in reports:
        key = each.dispatch.platform, each.dispatch.channel
        joined[key] = _joined(joined[key], each) if key in joined else each
    return list(joined.values())


def _joined(one: Report, other: Report) -> Report:
    if one.tally is None or other.tally is None:
        return other
    less, more = sorted((one, other), key=lambda each: (_LEADS.index(each.dispatch.state), each.dispatch.id))
    return replace(more, tally=one.tally + other.tally, beside=(*less.beside, *more.beside, less.dispatch.id))


async def report(desk: Desk, article_id: int) -> list[Report]:
    return [await _report(desk, dispatch) for dispatch in await desk.tx.dispatches(article_id)]


async def _report(desk: Desk, dispatch: Dispatch) -> Report:
    if dispatch.channel is not None:
        return Report(dispatch, None)
    tally = await desk.tx.tally(dispatch)
    has_readers = tally.audience > 0 or await desk.tx.last_reader(dispatch.platform) is not None
    return Report(dispatch, tally, has_readers)


async def settle_doubt(desk: Desk, dispatch_id: int, *, appeared: bool) -> Dispatch:
    """A person looked: the post is there, or it is not and goes out again."""
    dispatch = await _restart(desk, dispatch_id, DispatchState.IN_DOUBT, appeared=appeared)
    await _record(desk, "post.found" if appeared else "post.repeated", dispatch)
    return dispatch


async def retry(desk: Desk, dispatch_id: int) -> Dispatch:
    """Go on with a dispatch that was stopped, once its fault is fixed."""
    dispatch = await _restart(desk, dispatch_id, DispatchState.STOPPED, appeared=False)
    await _record(desk, "post.retried", dispatch)
    return dispatch


async def go_on(desk: Desk, dispatches: Sequence[int]) -> None:
    """Resume dispatches that a long downtime interrupted; what somebody has settled since stays as it is."""
    found = [await desk.tx.dispatch(dispatch_id) for dispatch_id in dispatches]
    stopped = [each for each in found if each is not None and each.state is DispatchState.STOPPED]
    if not stopped:
        raise Refused("That is already settled. /list shows what is waiting.")
    for dispatch in stopped:
        await retry(desk, dispatch.id)


async def _restart(desk: Desk, dispatch_id: int, was: DispatchState, *, appeared: bool) -> Dispatch:
    tx, now = desk.tx, desk.now
    dispatch = await tx.dispatch(dispatch_id)
    if dispatch is None or dispatch.state is not was:
        raise Refused("That is already settled. /doubts shows what is still open.")
    again = DispatchState.READY if dispatch.channel is not None else DispatchState.RUNNING
    if dispatch.channel is None:
        # Whoever the fault hit first.
        await tx.reopen(dispatch, (Outcome.FAILED,), now)
    await tx.settle(dispatch_id, DispatchState.DELIVERED if appeared else again, now)
    await tx.trouble_over(f"complete:{dispatch.article_id}", now)
    if again is DispatchState.RUNNING:
        await tx.finish_if_done(dispatch_id, now)  # nobody may be left
    return dispatch


async def _record(desk: Desk, act: str, dispatch: Dispatch) -> None:
    detail = {**dispatch.outlet, "version": dispatch.version}
    await desk.tx.record(desk.by, act, f"article:{dispatch.article_id}", detail, desk.now)
