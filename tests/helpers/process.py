"""Visnyk as an operator runs it: a process of its own, to be stopped, killed and started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.domain import Address, Article
from bot.domain.entry import ReaderState
from bot.sandbox import Sandbox
from bot.storage import Queries, open_store
from tests import conftest
from tests.helpers.acts import times
from tests.helpers.crowd import DESK
from tests.helpers.nest import nest


def environment(sandbox: Sandbox, folder: Path, **changes: str) -> dict[str, str]:
    """Return settings with doors of their own; PUBLIC_URL="" polls instead, which Viber can't."""
    return conftest.environment(sandbox, folder, conftest.free_port(), PATH=os.environ["PATH"], **changes)


#: Bounds only what hangs: an import alone takes seconds on a busy machine. Seconds.
PATIENCE = 80


class Run:
    """`python -m bot …`; `largest_file` in bytes, 0: no limit. `typed`: started as an operator does it, which takes as
    long as Python and every import do; the others come out of the nest.
    """

    def __init__(self, env: Mapping[str, str], *arguments: str, largest_file: int = 0, typed: bool = False) -> None:
        self._env = env
        self._arguments = arguments or ("run",)
        self._largest_file = largest_file
        self._typed = typed
        self._running = asyncio.Event()
        self._said = asyncio.Event()
        self._code: int | None = None
        #: Where its doors are.
        self.url = f"http://{env['HOST']}:{env['PORT']}"
        self.output = ""

    async def __aenter__(self) -> Run:
        ours, its = os.pipe()
        self._process: subprocess.Popen[bytes] | None = None
        if self._typed:
            command = (sys.executable, "-m", "bot", *self._arguments)
            self._process = subprocess.Popen(command, env=dict(self._env), stdout=its, stderr=its)  # noqa: ASYNC220
            self.pid = self._process.pid
        else:
            self.pid = nest().start(self._arguments, self._env, {1: its, 2: its}, largest_file=self._largest_file)
        os.close(its)
        self._listening = asyncio.create_task(self._listen(os.fdopen(ours, "rb")))
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._code is None:
            self.kill()
        await self.ended()

    async def _listen(self, pipe: BinaryIO) -> None:
        lines = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(lines), pipe
        )
        async for line in lines:
            self.output += line.decode()
            self._said.set()
            if b"Visnyk is running" in line:
                self._running.set()
        transport.close()
        self._running.set()
        self._said.set()

    async def running(self) -> Run:
        async with asyncio.timeout(PATIENCE):
            await self._running.wait()
        assert "Visnyk is running" in self.output, self.output
        return self

    async def says(self, words: str) -> Run:
        """Return once its output has these words."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.output:
                self._said.clear()
                await self._said.wait()
                assert words in self.output or not self._listening.done(), self.output
        return self

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    async def ended(self) -> int:
        async with asyncio.timeout(PATIENCE):
            await self._listening
        if self._code is None:  # it has nothing more to say, so that this takes no time
            self._code = self._process.wait() if self._process is not None else nest().end(self.pid)
        return self._code


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
        await times(tx, entry, due_at, now)

    store = await open_store(folder / "visnyk.db")
    await store.write(work)
    await store.close()


async def retime(folder: Path, due_at: datetime) -> None:
    """Give article 1 another time while nothing runs."""

    async def work(tx: Queries) -> None:
        entry = await tx.entry(1)
        assert entry is not None
        await times(tx, entry, due_at, datetime.now(UTC))

    store = await open_store(folder / "visnyk.db")
    await store.write(work)
    await store.close()
