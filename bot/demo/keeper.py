"""Keeps the demo's bot running, as a hosting service would: starts it, kills it on request, starts it again."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from bot.demo.clock import MovableClock
from bot.errors import CannotStart

#: Seconds after which a bot that ended by itself starts again.
PAUSE = 1.0


class Child(Protocol):
    """The bot's process, with the part of `asyncio.subprocess.Process` that is used."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | None: ...
    @property
    def stdin(self) -> asyncio.StreamWriter | None: ...
    @property
    def stdout(self) -> asyncio.StreamReader | None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int | None: ...


#: Starts a module of ours with arguments and an environment.
Start = Callable[[str, Sequence[str], Mapping[str, str]], Awaitable[Child]]


async def started(program: str, arguments: Sequence[str], env: Mapping[str, str]) -> Child:
    """Start `python -m program`."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", program, *arguments, env=env,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is for us alone: we end it in order
    )  # fmt: skip


class Keeper:
    """`state` is running, starting or down; `why` is what kept it from starting.

    In Unix seconds, or None: `next_posting`, and `leaving`: when what can still be stopped goes out.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        clock: MovableClock,
        changed: Callable[[], None],
        start: Start = started,
    ) -> None:
        self.state = "down"
        self.why = ""
        self.next_posting: float | None = None
        self.leaving: float | None = None
        self._environment = {**os.environ, **environment}
        self._clock = clock
        self._changed = changed
        self._start = start
        self._process: Child | None = None
        self._killed = False
        self._keeping: asyncio.Task[None] | None = None
        #: It runs, or has said why not.
        self._heard = asyncio.Event()

    async def __aenter__(self) -> Keeper:
        self._keeping = asyncio.create_task(self._keep())
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._keeping is not None
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is not None and self._process.returncode is None:
            assert self._process.stdin is not None
            self._process.stdin.close()  # the end of its orders ends it in peace
            try:
                async with asyncio.timeout(8):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    @property
    def process_id(self) -> int | None:
        return self._process.pid if self._process is not None and self.state == "running" else None

    async def ready(self) -> None:
        """Raises `CannotStart` with what the bot says."""
        await self._heard.wait()
        if self.why:
            raise CannotStart(self.why)

    async def kill_and_restart(self) -> None:
        """Kill the bot with SIGKILL, so that nothing is finished; it starts again by itself."""
        if self._process is not None and self._process.returncode is None:
            self._killed = True
            self._process.kill()

    async def move_clock(self, seconds: float) -> None:
        self._clock.ahead += seconds
        if self._process is not None and self._process.stdin is not None and self.state == "running":
            self._process.stdin.write(f"{self._clock.ahead}\n".encode())
        self._changed()

    async def skip(self) -> None:
        """Skip to the next posting time."""
        if self.next_posting is not None:
            await self.move_clock(max(0.0, self.next_posting - self._clock.seconds()))

    async def _keep(self) -> None:
        while True:
            await self._run()
            if not self._killed:
                await asyncio.sleep(PAUSE)
            self._killed = False

    async def _run(self) -> None:
        self._is("starting")
        self._process = await self._start("bot.demo.child", [str(self._clock.ahead)], self._environment)
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._hear(json.loads(line))
        await self._process.wait()
        self._heard.clear()
        self._is("down")

    def _hear(self, news: Mapping[str, object]) -> None:
        if "cannot_start" in news:
            self.why = str(news["cannot_start"])
            self._heard.set()
        if "next" in news:
            self.next_posting, self.leaving = _seconds(news["next"]), _seconds(news["leaving"])
        if "ready" in news:
            self.why = ""
            self.state = "running"
            self._heard.set()
        self._changed()

    def _is(self, state: str) -> None:
        self.state = state
        self._changed()


def _seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
