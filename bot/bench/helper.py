"""Another process of the bench: started as a module, asked and answering in lines of JSON, stopped by closing stdin."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

#: A line may hold a whole list of figures.
_LINE = 1 << 24
_NOTHING: Mapping[str, str] = {}


class Helper:
    """`hello` is the first line it said."""

    def __init__(self, process: asyncio.subprocess.Process, hello: dict[str, Any]) -> None:
        self._process = process
        self.hello = hello

    async def ask(self, **question: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        return await _line(self._process)


@asynccontextmanager
async def helper(module: str, *arguments: str, environment: Mapping[str, str] = _NOTHING) -> AsyncIterator[Helper]:
    """Start `module` and talk with it. `environment`: variables that it gets beside ours."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_LINE,
        env=os.environ | environment,
    )
    try:
        yield Helper(process, await _line(process))
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _line(process: asyncio.subprocess.Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("a process of the bench ended; what it said last is above")
    answer: dict[str, Any] = json.loads(line)
    return answer


# In the other process.


async def questions() -> AsyncIterator[dict[str, Any]]:
    """Yield each question, until stdin is closed."""
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield json.loads(line)


def say(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
