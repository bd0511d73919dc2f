"""The event loop under everything: uvloop where it is installed, Python's own elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end, as `asyncio.run` does."""
    with asyncio.Runner(loop_factory=fastest()) as runner:
        return runner.run(work)


def fastest() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop, None for Python's own. `make bench` shows what a message costs on each."""
    try:
        import uvloop  # there is none for Windows
    except ImportError:
        return None
    return uvloop.new_event_loop
