"""Moments that no phone shows, and time that passes for the event loop too."""

from __future__ import annotations

import asyncio
import os

from tests.conftest import Scene
from tests.helpers import engine
from tests.helpers.crowd import rows

#: Looks between which nothing was on the wire, and how far they are apart in real seconds. A database on a server needs
#: longer for what stands between two requests.
LOOKS, APART = 3, 0.04 if engine.ON_SERVER else 0.004

NOTHING_UNDER_WAY = """SELECT 1 WHERE NOT EXISTS (
    SELECT 1 FROM dispatch WHERE state IN ('ready', 'sending', 'running'))"""


def is_ordinary() -> bool:
    """Not a long run, which EXAMPLES asks for."""
    return "EXAMPLES" not in os.environ


def examples(ordinary: int) -> int:
    return int(os.environ.get("EXAMPLES", ordinary))


async def comes_true(scene: Scene, question: str) -> None:
    """Until this query finds a row."""
    async with asyncio.timeout(60):
        while not await rows(scene, question):  # noqa: ASYNC110 - the store tells of commits, not of what they mean
            await asyncio.sleep(0.005)


def is_under_way(scene: Scene) -> bool:
    """Has Visnyk begun a request, also one that has not come to the sandbox yet."""
    clients = [
        getattr(each, "_request", None) or getattr(each, "_client", None) for each in scene.app.messengers.values()
    ]
    sessions = [client._session for client in clients if client is not None and client._session is not None]
    return any(session.connector is not None and session.connector._acquired for session in sessions)


class Time:
    """The loop's own time, by which timers and breakers go; it passes together with the scene's clock."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        #: Seconds that have passed in steps.
        self.ahead = 0.0
        loop = asyncio.get_running_loop()
        real = loop.time
        loop.time = lambda: real() + self.ahead  # type: ignore[method-assign]

    async def passes(self, seconds: float, *, step: float = 30.0, told: bool = True) -> None:
        """Let time pass in steps, and none while something is on the wire, whose answer would seem to take that long.

        `told`: Visnyk is woken, and the wall clock goes on too.
        """
        left = seconds
        while left > 0:
            await self.rests()
            self.ahead += min(step, left)
            if told:
                self._scene.advance(seconds=min(step, left))
            left -= step
        await self.rests()

    async def rests(self) -> None:
        """Wait until nothing is on the wire."""
        looks = 0
        while looks < LOOKS:
            await asyncio.sleep(APART)
            looks = 0 if self._scene.sandbox.in_flight or is_under_way(self._scene) else looks + 1
