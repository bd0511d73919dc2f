"""Visnyk's processes, made by fork from one that has imported it already.

Importing takes longer than most of these processes live, and does nothing else in this house: a forked one is what a
started one is. `python -m tests.helpers.nest FD` hears requests on the socket FD, one at a time.
"""

from __future__ import annotations

import atexit
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

    def start(self, arguments: Sequence[str], env: Mapping[str, str], output: int, largest_file: int) -> int:
        """`python -m bot` with `arguments`, writing to the descriptor `output`; its process id."""
        asked = json.dumps([list(arguments), dict(env), largest_file]).encode()
        socket.send_fds(self._socket, [asked], [output])
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


# Inside of the nest


def _serve(us: socket.socket) -> None:
    import bot.__main__  # noqa: F401 - so that children find it loaded

    living: set[int] = set()
    while True:
        said, (*outputs,), _, _ = socket.recv_fds(us, LONGEST, 1)
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
                _live(*asked, *outputs)
            os.close(outputs[0])
            living.add(answer)
        us.send(json.dumps(answer).encode())
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _live(arguments: Sequence[str], env: Mapping[str, str], largest_file: int, output: int) -> None:
    """The rest of a child's life; never returns."""
    code = 1
    try:
        for number in (1, 2):
            os.dup2(output, number)
        os.close(output)
        os.environ.clear()
        os.environ.update(env)
        if largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
        sys.argv = ["visnyk", *arguments]

        from bot.__main__ import main

        main()
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
