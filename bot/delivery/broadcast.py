"""One request to many readers, and what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import structlog

from bot.adapters.base import Post
from bot.delivery.limiter import Lane
from bot.domain.ledger import Cause
from bot.errors import Gone, InDoubt, Misconfigured, NotForMany, NotSent, SendError, Wait
from bot.storage import Region

if TYPE_CHECKING:
    from bot.delivery.courier import Courier

log = structlog.get_logger(__name__)


class HandedBack(NotSent):
    """Taken back before it left: nobody's fault, and free at once."""


#: A position's result: the message id, or what went wrong.
Result = int | SendError


async def send_to_many(
    courier: Courier, lane: Lane, chats: Mapping[int, str], post: Post, region: Region | None, halts: int
) -> dict[int, Result]:
    """To `chats` by position. `halts`: how often everything had been halted when they were reserved."""
    results = await _broadcast(courier, lane, chats, post, region, halts)
    for position, result in results.items():
        mark(region, position, result)
    return results


def results_of(task: asyncio.Task[dict[int, Result]], positions: Sequence[int]) -> Mapping[int, Result]:
    """Of a sending that is over; a fault of ours leaves all of them in doubt."""
    if task.cancelled() or (fault := task.exception()) is None:
        return task.result()
    log.error("sending_broke", exc_info=fault)
    return dict.fromkeys(positions, InDoubt(f"a fault in Visnyk: {type(fault).__name__}"))


def mark(region: Region | None, position: int, result: Result) -> None:
    """Into the flight recorder; what is in doubt stays as it was when it left."""
    if region is not None:
        if isinstance(result, int):
            region.arrived(position, result)
        elif not isinstance(result, InDoubt):
            region.not_taken(position)


def stopped(has_left: bool) -> SendError:
    return InDoubt(Cause.STOPPED) if has_left else HandedBack()


def judge_platform(courier: Courier, error: SendError | None) -> None:
    """By one request, if that went wrong for everybody in it."""
    match error:
        case HandedBack() | NotForMany():
            pass
        case NotSent() | InDoubt() if not courier.stopping:
            courier.unanswered(error)
            if isinstance(error, NotSent):
                courier.retried(error)
        case Misconfigured():
            courier.turned_off(error)
        case Gone():
            courier.answered()


async def _broadcast(
    courier: Courier, lane: Lane, chats: Mapping[int, str], post: Post, region: Region | None, halts: int
) -> dict[int, Result]:
    has_left = False
    try:
        async with courier.parallel:
            await courier.limiter.turn(lane)
            if courier.broadcasts.held or courier.halts != halts:  # since this was reserved
                return dict.fromkeys(chats, HandedBack())
            has_left = True
            if region is not None:
                region.all_started(chats)
            answer = await courier.messenger.broadcast(list(chats.values()), post)
    except Wait as wait:
        # The next ones wait too; answers and channels do not.
        return dict.fromkeys(chats, Wait(courier.broadcasts.sent_away(), wait.reason))
    except SendError as error:
        return dict.fromkeys(chats, error)
    except asyncio.CancelledError:
        return dict.fromkeys(chats, stopped(has_left))
    courier.broadcasts.answered()
    return {position: answer.failed.get(chat, answer.message_id) for position, chat in chats.items()}
