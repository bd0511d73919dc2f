"""Results of sending a message."""

from __future__ import annotations

import sys

from bot.delivery.fault import reason_of
from bot.domain.ledger import Cause
from bot.errors import HandedBack, InDoubt, SendError
from bot.storage import Region

#: A position's result: the message id, or what went wrong.
Result = int | SendError


def mark(region: Region | None, position: int, result: Result) -> None:
    """Write a result into the flight recorder; what is in doubt stays as it was when it left."""
    if region is not None:
        if isinstance(result, int):
            region.arrived(position, result)
        elif not isinstance(result, InDoubt):
            region.not_taken(position)


def cut_short(has_left: bool) -> SendError:
    """Return the result of a request that ended without an answer: by a stop, or by the fault now being raised."""
    fault = sys.exception()
    if isinstance(fault, Exception):
        return InDoubt(reason_of(fault))
    return InDoubt(Cause.STOPPED) if has_left else HandedBack()
