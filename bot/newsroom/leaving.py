"""The grounds on which an article left, looked at again as long as it is on its way; without them the rest stays."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog

from bot.domain.entry import Entry
from bot.domain.ledger import Cause, Dispatch
from bot.domain.life import Act
from bot.domain.news import StoppedOnItsWay
from bot.domain.readiness import Obstacle, obstacles
from bot.errors import Refused
from bot.newsroom import aftermath
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import check, read, read_for
from bot.newsroom.refusals import NOT_LEAVING, refusal
from bot.newsroom.situation import Situation

log = structlog.get_logger(__name__)

#: The cause that the ledger keeps, by what stands in the way.
CAUSES: Mapping[Obstacle, Cause] = {
    Obstacle.STAGE: Cause.FORGED,
    Obstacle.FORGED: Cause.FORGED,
    Obstacle.UNPROVEN: Cause.UNPROVEN,
    Obstacle.UNAUTHORISED: Cause.UNAUTHORISED,
    Obstacle.UNAPPROVED: Cause.UNAPPROVED,
}
#: Obstacles that the word of somebody who may answer for the article removes.
_FOR_WANT_OF_A_WORD = frozenset({Obstacle.UNAUTHORISED, Obstacle.UNAPPROVED})


async def look(desk: Desk, number: int) -> bool:
    """Return True if more of the article may leave. If not, nothing of it is on its way any longer."""
    try:
        situation = await read(desk, number)
    except Refused:  # it is damaged: whoever carries it stops that by itself
        return True
    cause, left = _why_not(situation), situation.readiness.mandate.left
    if cause is not None and left.is_stopped:  # told already: a post that had been claimed before came back
        await desk.tx.stop_article(number, cause, desk.now)
    elif cause is not None:
        await stop(desk, situation.entry, cause)
    return cause is None


def _why_not(situation: Situation) -> Cause | None:
    readiness = situation.readiness
    found = obstacles(readiness, Act.GO_FURTHER)
    if not found or (found[0] is Obstacle.STAGE and readiness.mandate.left.is_proven):
        return None
    return CAUSES.get(found[0], Cause.UNDONE)


async def stop(desk: Desk, entry: Entry, cause: Cause) -> None:
    """Let nothing more of the article leave until somebody says so; the desk is told who has it."""
    stopped = await desk.tx.stop_article(entry.id, cause, desk.now)
    await desk.record("article.stopped", entry, why=cause)
    person = desk.by.person
    told = StoppedOnItsWay(entry.id, tuple(stopped), cause, person.title if person is not None else "")
    await desk.tx.trouble_over(f"{told.code}:{entry.id}", desk.now)
    await desk.tx.tell_desk(f"{told.code}:{entry.id}", told, desk.now)
    log.warning("article_stopped", article=entry.id, why=cause, dispatches=len(stopped))


async def stop_sending(desk: Desk, number: int) -> None:
    """Let what has not left of an article stay, on the actor's word. Changes of what is out go on."""
    situation = await read_for(desk, number, Act.STOP_SENDING)
    if not await desk.tx.open_dispatches(number):
        raise Refused(NOT_LEAVING, id=number)
    await stop(desk, situation.entry, Cause.WITHHELD)


async def retry(desk: Desk, dispatch_id: int) -> tuple[int, int]:
    """Go on with one dispatch. Return its article, and how many approvals are still missing; until then it waits."""
    return await _go_on_with(desk, dispatch_id, aftermath.retry)


async def post_again(desk: Desk, dispatch_id: int) -> tuple[int, int]:
    """Post what is not in its channel. Return its article and how many approvals are still missing, as `retry` does."""
    return await _go_on_with(desk, dispatch_id, partial(aftermath.settle_doubt, appeared=False))


async def _go_on_with(
    desk: Desk, dispatch_id: int, again: Callable[[Desk, int], Awaitable[Dispatch]]
) -> tuple[int, int]:
    dispatch = await desk.tx.dispatch(dispatch_id)
    missing = 0 if dispatch is None else await let_go_on(desk, dispatch.article_id)
    if dispatch is None or not missing:
        dispatch = await again(desk, dispatch_id)
    return dispatch.article_id, missing


async def go_on(desk: Desk, number: int, dispatches: Sequence[int]) -> int:
    """Go on with dispatches that were stopped. Return how many approvals are still missing; until then they wait."""
    missing = await let_go_on(desk, number)
    if not missing:
        await aftermath.go_on(desk, dispatches)
    return missing


async def let_go_on(desk: Desk, number: int) -> int:
    """Let the actor answer for the rest of an article where that is asked. Return how many more people must."""
    situation = await read(desk, number)
    found = obstacles(situation.readiness, Act.GO_FURTHER)
    if not found:
        return 0
    if wrong := [each for each in found if each not in _FOR_WANT_OF_A_WORD and each is not Obstacle.STOPPED]:
        raise refusal(situation, Act.GO_FURTHER, wrong[0], ())
    if situation.need.approvals and _FOR_WANT_OF_A_WORD.intersection(found):
        check(desk, situation, Act.LET_GO_ON)
    await desk.record("article.let_go_on", situation.entry)
    return _still_missing(await read(desk, number, situation.people))


def _still_missing(again: Situation) -> int:
    if Obstacle.UNAPPROVED in obstacles(again.readiness, Act.GO_FURTHER):
        return again.need.approvals - (again.readiness.mandate.left.answering or 0)
    return 0
