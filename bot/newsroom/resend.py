"""Resending an article that went out to the readers who are without it."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from bot.domain.ledger import Cause, Dispatch, DispatchState, Outcome
from bot.errors import Refused
from bot.newsroom import aftermath, leaving
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Missing:
    """Readers without an article who can be sent to again. `waiting`: of dispatches that were stopped.

    `channels`: those for which its sending was stopped.
    """

    failed: int
    in_doubt: int
    waiting: int
    channels: int = 0


async def missing(desk: Desk, article_id: int) -> Missing:
    """Return the numbers of readers without the article, by kind. Raises `Refused` if nothing can be sent again now."""
    await desk.entry(article_id)
    if await desk.tx.is_halted():
        raise Refused("Everything is halted, nothing goes out. Use /resume first.")
    found = await aftermath.report(desk, article_id)
    reports = [report for report in found if report.tally is not None]
    if any(report.dispatch.state is DispatchState.RUNNING for report in reports):
        raise Refused("#{id} is still being sent. /who {id} shows how far it is.", id=article_id)
    stopped = [report.tally for report in reports if report.dispatch.state is DispatchState.STOPPED]
    without = Missing(
        failed=sum(report.tally.failed for report in reports if report.tally),
        in_doubt=sum(report.tally.in_doubt for report in reports if report.tally),
        waiting=sum(tally.waiting for tally in stopped if tally),
        channels=sum(is_withheld(report.dispatch) for report in found),
    )
    if without == Missing(0, 0, 0):
        raise Refused(
            (
                "There is nobody left to send #{id} to: everyone who could get it has it, and we don't write to "
                "those who left."
            ),
            id=article_id,
        )
    return without


def is_withheld(dispatch: Dispatch) -> bool:
    """True of a post to a channel that stayed because somebody stopped the sending."""
    return dispatch.channel is not None and (dispatch.state, dispatch.reason) == (
        DispatchState.STOPPED,
        Cause.WITHHELD,
    )


async def resend(desk: Desk, article_id: int, seen: Missing, *, doubtful: bool) -> tuple[int, int]:
    """Send the article to the failed, and with `doubtful` to those in doubt, in the same dispatches.

    Return to how many, and how many approvals are still missing of what was stopped on its way; until then it waits.
    Never to the delivered or the gone. Refuses when it stands otherwise than was `seen`.
    """
    tx, now = desk.tx, desk.now
    if await missing(desk, article_id) != seen:
        raise Refused("That has changed in the meantime. /resend {id} missing shows how it stands now.", id=article_id)
    if lacking := await leaving.let_go_on(desk, article_id):
        return 0, lacking
    outcomes = (Outcome.FAILED, Outcome.IN_DOUBT) if doubtful else (Outcome.FAILED,)
    count = seen.waiting + seen.channels
    for report in await aftermath.report(desk, article_id):
        dispatch, tally = report.dispatch, report.tally
        if is_withheld(dispatch):
            await tx.settle(dispatch.id, DispatchState.READY, now)
        if tally is None:
            continue
        reopened = await tx.reopen(dispatch, outcomes, now)
        count += reopened
        if reopened or tally.waiting:
            await tx.settle(dispatch.id, DispatchState.RUNNING, now)
    await tx.trouble_over(f"complete:{article_id}", now)
    detail = {"readers": count, "doubtful": doubtful}
    await tx.record(desk.by, "article.resent", f"article:{article_id}", detail, now)
    log.info("resent", article=article_id, readers=count, doubtful=doubtful)
    return count, 0
