"""Children that are `python -m bot run`, made by fork from a process that has imported Visnyk already.

Importing takes longer than a child of these tests lives. Importing does nothing else in this house, so a forked child
is what a started one is; SIGKILL takes it as it takes any process. Speaks lines of JSON on stdin and stdout.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.faults.crashing import Crash, arm


class Nursery:
    """One child at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self, environment: Mapping[str, str], folder: Path, crash: Crash | None = None) -> None:
        """Start it in `folder`, where its log is `visnyk.log`. It kills itself at `crash`."""
        await self._ask(do="start", environment=dict(environment), folder=str(folder), crash=crash)

    async def kill(self) -> None:
        """SIGKILL; returns when it is gone."""
        await self._ask(do="end", signal=int(signal.SIGKILL))

    async def stop(self) -> int:
        """SIGTERM; its exit code."""
        return int(await self._ask(do="end", signal=int(signal.SIGTERM)))

    async def is_alive(self) -> bool:
        return bool(await self._ask(do="look"))

    async def _ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        await self._process.stdin.drain()
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the nursery is gone")
        return json.loads(line)


@asynccontextmanager
async def nursery() -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.nursery",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


# Inside of the nursery


class _Child:
    def __init__(self) -> None:
        self._pid = 0
        self._code = 0

    def start(self, environment: Mapping[str, str], folder: str, crash: Crash | None) -> bool:
        self._pid = os.fork()
        if self._pid == 0:
            _live(environment, folder, crash)
        return True

    def end(self, number: int) -> int:
        if self.look():
            os.kill(self._pid, number)
            self._gone(os.waitpid(self._pid, 0)[1])
        return self._code

    def look(self) -> bool:
        if self._pid:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self._gone(status)
        return self._pid != 0

    def _gone(self, status: int) -> None:
        self._pid = 0
        self._code = os.waitstatus_to_exitcode(status)


def _live(environment: Mapping[str, str], folder: str, crash: Crash | None) -> None:
    """The rest of a child's life; never returns."""
    code = 1
    try:
        os.chdir(folder)
        log = os.open("visnyk.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for copy, number in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(copy, number)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["visnyk", "run"]

        from bot.__main__ import main

        if crash is not None:
            arm(*crash)
        main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    import bot.__main__  # noqa: F401 - so that children find it loaded
    from bot.texts import Catalogue
    from config.settings import LOCALES

    Catalogue.load(LOCALES)
    # What a child collects it would copy: of all that is shared here it would find nothing to throw away.
    gc.collect()
    gc.freeze()
    child = _Child()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            match asked["do"]:
                case "start":
                    answer: Any = child.start(asked["environment"], asked["folder"], asked["crash"])
                case "end":
                    answer = child.end(asked["signal"])
                case _:
                    answer = child.look()
            print(json.dumps(answer), flush=True)
    finally:
        child.end(signal.SIGKILL)


if __name__ == "__main__":
    _serve()
