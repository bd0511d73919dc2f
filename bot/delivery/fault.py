"""A fault of ours in the middle of a delivery: what it leaves is settled, and it is told in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

from bot.domain.ledger import Cause

log = structlog.get_logger(__name__)

T = TypeVar("T")


def reason_of(fault: BaseException) -> str:
    """Return what the ledger says of it."""
    return Cause.FAULT.of(type(fault).__name__)


async def guarded(work: Awaitable[T], settle: Callable[[Exception], Awaitable[None]]) -> T:
    """Do `work`. A fault that ends it is raised after `settle` has seen to what it leaves.

    Delivery's one broad catch: a fault must not repeat itself for ever, nor take other dispatches with it.
    """
    try:
        return await work
    except Exception as fault:
        await settle(fault)
        raise


def tell_fault(task: asyncio.Task[Any], event: str, **values: object) -> None:
    """Log the fault that ended `task`, if one did."""
    if not task.cancelled() and (fault := task.exception()) is not None:
        log.error(event, exc_info=fault, **values)
