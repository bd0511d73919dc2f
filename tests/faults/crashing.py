"""A Visnyk that dies by SIGKILL at the n-th time it comes to a named point.

Nothing in the house knows of it: before the start its parts are wrapped from outside, where they meet the disk and the
wire. Only in a process of its own.
"""

from __future__ import annotations

import functools
import os
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import aiosqlite

from bot.adapters.telegram import TelegramMessenger
from bot.adapters.viber import ViberMessenger
from bot.storage.recorder import Region

#: A point's name, and at which hit.
Crash = tuple[str, int]

#: What each point is around of: methods that are called once for each such act.
_ACTS: dict[str, tuple[tuple[type, str], ...]] = {
    "commit": ((aiosqlite.Connection, "execute"),),
    "publish": ((TelegramMessenger, "publish"), (ViberMessenger, "publish")),
    "send": ((TelegramMessenger, "send"),),
    "broadcast": ((ViberMessenger, "broadcast"),),
    "show": ((TelegramMessenger, "show"), (ViberMessenger, "show")),
    "mark": ((Region, "started"), (Region, "all_started"), (Region, "arrived"), (Region, "not_taken")),
}
#: Before and after every commit, every request that carries something to somebody, and every mark of the recorder.
POINTS = tuple(f"{when} {act}" for act in _ACTS for when in ("before", "after"))


def arm(point: str, hit: int) -> None:
    """Let this process die when it comes to `point` for the `hit`-th time, from 1."""
    when, act = point.split(" ")
    left = hit

    def come() -> None:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    before, after = (come, _pass) if when == "before" else (_pass, come)
    for owner, method in _ACTS[act]:
        inner = getattr(owner, method)
        wrapped = _plain(inner, before, after) if act == "mark" else _awaited(inner, before, after, act)
        setattr(owner, method, wrapped)


def _pass() -> None:
    """Do nothing on this side."""


def _plain(inner: Callable[..., Any], before: Callable[[], None], after: Callable[[], None]) -> Callable[..., Any]:
    @functools.wraps(inner)
    def wrapped(*given: Any, **named: Any) -> Any:
        before()
        result = inner(*given, **named)
        after()
        return result

    return wrapped


def _awaited(
    inner: Callable[..., Awaitable[Any]], before: Callable[[], None], after: Callable[[], None], act: str
) -> Callable[..., Awaitable[Any]]:
    @functools.wraps(inner)
    async def wrapped(*given: Any, **named: Any) -> Any:
        if act == "commit" and given[1] != "COMMIT":
            return await inner(*given, **named)
        before()
        result = await inner(*given, **named)
        after()
        return result

    return wrapped
