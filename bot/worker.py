"""A worker: takes one step after another until it is stopped, whatever goes wrong in a step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection

import structlog

from bot.errors import NotStored

log = structlog.get_logger(__name__)


#: Rest after a failed step, in seconds; by then the store may take writes again.
PAUSE = 1.0


async def end(tasks: Collection[asyncio.Task[None]], patience: float) -> None:
    """Wait up to `patience` seconds for the tasks to end by themselves, then cancel them."""
    if tasks:
        await asyncio.wait(tasks, timeout=patience)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Worker:
    """Calls `step` when woken and after each rest. A step returns its rest in seconds, or None to rest until woken."""

    def __init__(self, name: str, step: Callable[[], Awaitable[float | None]]) -> None:
        self._name = name
        self._step = step
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.stopping = False

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    def wake(self) -> None:
        self._bell.set()

    async def insist(self, write: Callable[[], Awaitable[object]]) -> None:
        """Write something that must not be lost: try again for as long as the store takes nothing.

        Raises `NotStored` at a stop.
        """
        while True:
            try:
                await write()
            except NotStored:
                if self.stopping:
                    raise
                await asyncio.sleep(PAUSE)
            else:
                return

    async def finish(self) -> None:
        """Take no further step, and wait for the one under way."""
        self.stopping = True
        self.wake()
        await self._gone()

    async def cancel(self) -> None:
        """Stop at once, even in the middle of a step."""
        self.stopping = True
        if self._task is not None:
            self._task.cancel()
        await self._gone()

    async def _gone(self) -> None:
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while not self.stopping:
            self._bell.clear()
            rest = await self._guarded_step()
            try:
                async with asyncio.timeout(rest):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def _guarded_step(self) -> float | None:
        try:
            return await self._step()
        except NotStored as error:
            log.warning("store_busy", worker=self._name, reason=str(error))
        except Exception:
            # The one broad catch around a worker's step: a fault in it must not end all that follow.
            log.exception("step_failed", worker=self._name)
        return PAUSE
