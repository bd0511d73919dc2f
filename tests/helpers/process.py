"""Visnyk as an operator runs it: a process of its own, to be stopped, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from bot.domain import Address, Article
from bot.domain.entry import EntryState, ReaderState
from bot.sandbox import Sandbox
from bot.storage import Queries, open_store
from tests import conftest
from tests.helpers.crowd import DESK


def environment(sandbox: Sandbox, folder: Path, **changes: str) -> dict[str, str]:
    """With doors of its own; PUBLIC_URL="" polls instead, which Viber can't."""
    # With a limit on files, what Python compiles by the way would be cut off and kept.
    own = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    return conftest.environment(sandbox, folder, conftest.free_port(), **own, **changes)


#: Bounds only what hangs: an import alone takes seconds on a busy machine. Seconds.
PATIENCE = 80


class Run:
    """`python -m bot …`; `largest_file` in blocks of 512 bytes, 0: no limit."""

    def __init__(self, env: Mapping[str, str], *arguments: str, largest_file: int = 0) -> None:
        self._shell = ("sh", "-c", f'ulimit -f {largest_file}; exec "$0" "$@"') if largest_file else ()
        self._env = env
        self._arguments = arguments or ("run",)
        self._running = asyncio.Event()
        #: Where its doors are.
        self.url = f"http://{env['HOST']}:{env['PORT']}"
        self.output = ""

    async def __aenter__(self) -> Run:
        self._process = await asyncio.create_subprocess_exec(
            *self._shell, sys.executable, "-m", "bot", *self._arguments, env=dict(self._env),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._process.returncode is None:
            self.kill()
        await self.ended()

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.output += line.decode()
            if b"Visnyk is running" in line:
                self._running.set()
        self._running.set()

    @property
    def pid(self) -> int:
        return self._process.pid

    async def running(self) -> Run:
        async with asyncio.timeout(PATIENCE):
            await self._running.wait()
        assert "Visnyk is running" in self.output, self.output
        return self

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            await self._listening
            return await self._process.wait()


def soon() -> datetime:
    return datetime.now(UTC)


async def seed(folder: Path, article: Article, *, due_at: datetime, readers: list[Address] | None = None) -> None:
    """A database in which one article is queued."""
    now = datetime.now(UTC)

    async def work(tx: Queries) -> None:
        for reader in readers or []:
            await tx.set_reader(reader, ReaderState.ACTIVE, "uk", now)
        entry = await tx.entry(await tx.add_article(article, DESK, now))
        assert entry is not None
        await tx.move(entry, EntryState.QUEUED, now, due_at=due_at)

    store = await open_store(folder / "visnyk.db")
    await store.write(work)
    await store.close()
