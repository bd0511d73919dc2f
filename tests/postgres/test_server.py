"""The tests' own server: with the run it is gone, also with one that was killed."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.helpers.server import FOLDER, HOUSE, TURN, Server

#: A run that needs the server.
BEGINS = """
import sys
from tests.helpers.server import of_this_run
print(of_this_run().folder, flush=True)
sys.stdin.read()
"""


def test_of_a_run_that_is_killed_no_server_stays(server: Server) -> None:
    others = {name: value for name, value in os.environ.items() if name != FOLDER}
    command = [sys.executable, "-c", BEGINS]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOUSE, env=others, stdin=pipe, stdout=pipe, text=True) as run:
        assert run.stdout is not None
        begun = Server(Path(run.stdout.readline().strip()))
        with psycopg.connect(begun.address("postgres")) as connection, (begun.folder / TURN).open() as lock:
            run.kill()
            with pytest.raises(psycopg.OperationalError):
                connection.execute(b"SELECT pg_sleep(60)")
            fcntl.flock(lock, fcntl.LOCK_EX)  # it is held until all is done

    assert not begun.folder.exists()
