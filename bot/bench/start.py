"""The time from the start of `visnyk run` until it says that it is ready."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import aiohttp

from bot.bench.figures import Figure, at_most
from bot.bench.helper import helper
from bot.bench.house import environment
from bot.bench.ledger import filled

FULL, QUICK = 1_000_000, 50_000
TIMES = 5
#: Between two looks at /readyz, in seconds.
_LOOK = 0.01


async def measure(quick: bool) -> list[Figure]:
    readers = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as name:
        folder = Path(name)
        await filled(folder / "visnyk.db", readers)
        async with helper("bot.bench.stage", "0") as stage:
            variables = environment(folder, stage.hello["url"])
            longest = await longest_start(variables)
    return [at_most(f"start to ready, {readers:,} readers in the store, longest of {TIMES}", longest, 1.5, "s", 2)]


async def longest_start(variables: Mapping[str, str]) -> float:
    """Return the longest of several starts, in seconds."""
    return max([await _start(variables) for _ in range(TIMES)])


async def _start(variables: Mapping[str, str]) -> float:
    """Seconds, Python's own included."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", env=os.environ | variables, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await _ready(f"http://127.0.0.1:{variables['PORT']}/readyz")
        return time.perf_counter() - begun
    finally:
        process.terminate()
        await process.wait()


async def _ready(url: str) -> None:
    async with asyncio.timeout(60), aiohttp.ClientSession() as session:
        while not await _says_ready(session, url):  # noqa: ASYNC110 - another process, which rings nobody
            await asyncio.sleep(_LOOK)


async def _says_ready(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False
