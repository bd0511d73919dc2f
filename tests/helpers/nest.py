"""Visnyk's processes, made by fork from one that has imported it already.

Importing takes longer than most of these processes live, and does nothing else in this house: a forked one is what a
started one is. `python -m tests.helpers.nest FD` hears requests on the socket FD, one at a time.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

#: More than any environment and command line of ours, in bytes.
LONGEST = 1 << 16


class Nest:
    """Starts processes and knows how they ended."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.helpers.nest", str(theirs.fileno())],
                cwd=Path(__file__).parents[2],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def start(
        self,
        arguments: Sequence[str],
        env: Mapping[str, str],
        streams: Mapping[int, int],
        *,
        program: str = "bot.__main__",
        largest_file: int = 0,
    ) -> int:
        """`python -m bot` with `arguments`, or another `program` with a `main`; its process id.

        `streams`: our descriptors by the numbers that they have there; the others are this process's own.
        """
        asked = json.dumps([program, list(arguments), dict(env), largest_file, list(streams)]).encode()
        socket.send_fds(self._socket, [asked], list(streams.values()))
        return int(self._answer())

    def end(self, pid: int) -> int:
        """Wait for its end; its exit code, or minus the signal that ended it."""
        self._socket.send(json.dumps(pid).encode())
        return int(self._answer())

    def close(self) -> None:
        self._socket.close()
        self._process.wait()

    def _answer(self) -> Any:
        said = self._socket.recv(LONGEST)
        if not said:
            raise RuntimeError("the nest is gone")
        return json.loads(said)


@cache
def nest() -> Nest:
    """One for each process of the tests, made when it is first needed."""
    made = Nest()
    atexit.register(made.close)
    return made


class Hatched:
    """A process out of the nest that is spoken with over its standard streams, as `asyncio` does it with its own."""

    def __init__(self, pid: int, stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._gone = asyncio.Event()
        self._watch = os.pidfd_open(pid)
        asyncio.get_running_loop().add_reader(self._watch, self._ended)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._watch)
        os.close(self._watch)
        self.returncode = nest().end(self.pid)
        self.stdin.close()
        self._gone.set()

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)

    async def wait(self) -> int | None:
        await self._gone.wait()
        return self.returncode


async def hatch(program: str, arguments: Sequence[str], env: Mapping[str, str]) -> Hatched:
    """Start `program`, a module with a `main`."""
    loop = asyncio.get_running_loop()
    (its_input, ours), (output, its_output) = os.pipe(), os.pipe()
    pid = nest().start(arguments, env, {0: its_input, 1: its_output}, program=program)
    os.close(its_input)
    os.close(its_output)
    lines = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(lines)
    await loop.connect_read_pipe(lambda: protocol, os.fdopen(output, "rb"))
    writing, flow = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(ours, "wb"))
    return Hatched(pid, asyncio.StreamWriter(writing, flow, None, loop), lines)


# Inside of the nest


def _serve(us: socket.socket) -> None:
    import bot.__main__
    import bot.demo.child  # noqa: F401 - so that children find them loaded
    from bot.texts import Catalogue
    from config.settings import LOCALES

    Catalogue.load(LOCALES)
    # What a child collects it would copy: of all that is shared here it would find nothing to throw away.
    gc.collect()
    gc.freeze()
    living: set[int] = set()
    while True:
        said, (*streams,), _, _ = socket.recv_fds(us, LONGEST, 3)
        if not said:
            break
        asked = json.loads(said)
        if isinstance(asked, int):
            answer = os.waitstatus_to_exitcode(os.waitpid(asked, 0)[1])
            living.discard(asked)
        else:
            answer = os.fork()
            if not answer:
                us.close()
                program, arguments, env, largest_file, numbers = asked
                _live(program, arguments, env, largest_file, dict(zip(streams, numbers, strict=True)))
            for stream in streams:
                os.close(stream)
            living.add(answer)
        us.send(json.dumps(answer).encode())
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _live(
    program: str,
    arguments: Sequence[str],
    env: Mapping[str, str],
    largest_file: int,
    streams: Mapping[int, int],
) -> None:
    """The rest of a child's life; never returns."""
    code = 1
    try:
        os.setsid()
        for stream, number in streams.items():
            os.dup2(stream, number)
        for stream in streams:
            os.close(stream)
        os.environ.clear()
        os.environ.update(env)
        if largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
        sys.argv = ["visnyk", *arguments]

        import_module(program).main()
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1 if leaving.code else 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
