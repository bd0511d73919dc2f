"""A worker: takes one step after another until it is stopped, whatever goes wrong in a step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

import structlog

from bot.errors import NotStored

log = structlog.get_logger(__name__)


#: Rest after a failed step, in seconds; by then the store may take writes again.
PAUSE = 1.0
#: Failed steps in a row after which a duty counts as not done.
FAILURES = 10
#: Seconds after which a step that has not ended counts as stuck. A poll lasts up to half a minute.
STUCK = 300.0


async def end(tasks: Collection[asyncio.Task[None]], patience: float) -> None:
    """Wait up to `patience` seconds for the tasks to end by themselves, then cancel them."""
    if tasks:
        await asyncio.wait(tasks, timeout=patience)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Part(Protocol):
    """A part of the house that has a worker."""

    @property
    def worker(self) -> Worker: ...


class Worker:
    """Calls `step` when woken and after each rest. A step returns its rest in seconds, or None to rest until woken."""

    def __init__(self, name: str, step: Callable[[], Awaitable[float | None]]) -> None:
        self.name = name
        self._step = step
        self._bell = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._begun: float | None = None
        self._good: float | None = None
        self.stopping = False
        #: Failed steps since the last good one.
        self.failures = 0

    def start(self) -> None:
        self._good = asyncio.get_running_loop().time()
        self._task = asyncio.create_task(self._run(), name=self.name)

    @property
    def is_dead(self) -> bool:
        """True if it ended although nobody stopped it."""
        return self._task is not None and self._task.done() and not self.stopping

    @property
    def is_failing(self) -> bool:
        """True if it fails again and again, or is dead."""
        return self.failures >= FAILURES or self.is_dead

    @property
    def is_ill(self) -> bool:
        """True if it does not do its duty: it is failing or stuck."""
        return self.is_failing or self.stuck > STUCK

    @property
    def stuck(self) -> float:
        """Seconds that the step under way has taken; 0 between two steps."""
        return asyncio.get_running_loop().time() - self._begun if self._begun is not None else 0.0

    @property
    def age(self) -> float:
        """Seconds since its last good step, or since its start."""
        return asyncio.get_running_loop().time() - self._good if self._good is not None else 0.0

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
        self._begun = asyncio.get_running_loop().time()
        try:
            rest = await self._step()
        except NotStored as error:
            log.warning("store_busy", worker=self.name, reason=str(error))
        except Exception:
            # The one broad catch around a worker's step: a fault in it must not end all that follow.
            log.exception("step_failed", worker=self.name)
        else:
            self.failures, self._good = 0, asyncio.get_running_loop().time()
            return rest
        finally:
            self._begun = None
        self.failures += 1
        return PAUSE
