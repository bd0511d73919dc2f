"""Moments that no phone shows, and time that passes for the event loop too."""

from __future__ import annotations

import asyncio

from tests.conftest import Scene
from tests.crowd import rows


async def comes_true(scene: Scene, question: str) -> None:
    """Until this query finds a row."""
    async with asyncio.timeout(5):
        while not await rows(scene, question):  # noqa: ASYNC110 - the store tells of commits, not of what they mean
            await asyncio.sleep(0.005)


class Time:
    """The loop's own time, which timers and breakers go by: `pass_` moves it together with the scene's clock."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._ahead = 0.0
        loop = asyncio.get_running_loop()
        real = loop.time
        loop.time = lambda: real() + self._ahead  # type: ignore[method-assign]

    async def passes(self, seconds: float, *, step: float = 1.0) -> None:
        """In steps, between which whatever has become due is done as far as this process can do it."""
        left = seconds
        while left > 0:
            self._ahead += min(step, left)
            self._scene.advance(seconds=min(step, left))
            left -= step
            await asyncio.sleep(0)
