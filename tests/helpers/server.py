"""A real PostgreSQL server for tests: one for a whole run, a database for each test, all in memory.

The process that begins the run names a folder; whoever first needs the server starts it there, and the run's end stops
it. Where the run is killed, a process that waits for its end does that.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import select
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psycopg

#: Where a run says in which folder its server lies.
FOLDER = "VISNYK_TEST_SERVER"
#: The file in that folder that is locked by whoever makes or ends something in it.
TURN = "turn"
HOUSE = Path(__file__).resolve().parents[2]
#: What Debian calls the user of its servers: root may not run one.
USER = "postgres"
#: Nothing of it outlives a test run, so nothing waits for a disk.
SETTINGS = (
    *("listen_addresses=", "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"),
    *("shared_buffers=64MB", "max_connections=200", "wal_level=minimal", "max_wal_senders=0", "log_checkpoints=off"),
)
#: An empty database of this version, from which those of the tests are copied.
EMPTY = "empty"
OWNER = "visnyk"


def programs() -> Path | None:
    """The folder of the newest server that is installed; None: there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    at = shutil.which("initdb")
    return Path(at).resolve().parent if at else None


class Server:
    """One cluster in a folder, reached over a socket that lies there too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._data = folder / "data"

    @property
    def is_running(self) -> bool:
        return (self._data / "postmaster.pid").exists()

    def start(self) -> None:
        """Make the cluster if there is none, and start it."""
        if os.geteuid() == 0:
            os.chown(self.folder, *pwd.getpwnam(USER)[2:4])
        if not self._data.exists():
            made = ("-D", str(self._data), "-A", "trust", "-U", OWNER, "--locale=C", "--encoding=UTF8", "-N")
            self._run("initdb", *made)
        told = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {self.folder}"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-l", str(self.folder / "log"), "-o", told, "start")

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self._data), "-m", how, "-w", "stop")

    def _run(self, program: str, *args: str) -> None:
        bin_folder = programs()
        assert bin_folder is not None
        who = ["runuser", "-u", USER, "--"] if os.geteuid() == 0 else []
        # To files: a server that goes on would keep a pipe open.
        with (self.folder / "said").open("ab") as said:
            done = subprocess.run(
                [*who, str(bin_folder / program), *args], cwd=self.folder, stdout=said, stderr=said, check=False
            )
        assert done.returncode == 0, (self.folder / "said").read_text("utf-8")

    def address(self, database: str, user: str = OWNER) -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def does(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def rows(self, sql: str, database: str = "postgres") -> Sequence[tuple[object, ...]]:
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            return connection.execute(sql.encode()).fetchall()

    @contextmanager
    def database(self, like: str = "template1") -> Iterator[str]:
        """A database of its own, made as a copy; it goes at the end."""
        name = f"t{uuid4().hex[:12]}"
        self.does(f"CREATE DATABASE {name} TEMPLATE {like}")
        try:
            yield self.address(name)
        finally:
            self.does(f"DROP DATABASE {name} WITH (FORCE)")


def name_folder() -> Path:
    """Name the folder of this run's server, also for the processes that it starts; whoever needs the server makes it.

    Its name has the number of the process that began the run.
    """
    if FOLDER not in os.environ:
        os.environ[FOLDER] = str(Path(tempfile.gettempdir()) / f"pg-{os.getpid()}-{uuid4().hex[:8]}")
    return Path(os.environ[FOLDER])


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process of the run at a time. Raises `FileNotFoundError` when the folder is gone."""
    with (folder / TURN).open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def of_this_run() -> Server:
    """The server of this run, started now if it is not."""
    server = Server(name_folder())
    server.folder.mkdir(exist_ok=True)
    server.folder.chmod(0o755)  # another user may enter: root may not run a server
    with alone(server.folder):
        if not server.is_running:
            _watch(server.folder)
            server.start()
    return server


def _watch(folder: Path) -> None:
    """Begin a process that outlives the run and does `end_with_run`."""
    begun = '"$0" -m tests.helpers.server "$1" </dev/null >/dev/null 2>&1 &'
    subprocess.run(["sh", "-c", begun, sys.executable, str(folder)], cwd=HOUSE, start_new_session=True, check=True)


def end_with_run(folder: Path) -> None:
    """Wait until the process that began the run is gone; then nothing of its servers stays."""
    with suppress(ProcessLookupError):
        select.select([os.pidfd_open(int(folder.name.split("-")[1]))], [], [])
    with suppress(FileNotFoundError), alone(folder):
        end(folder)


def end(folder: Path) -> None:
    """Stop the run's server, and those that tests started in folders within its own, and remove everything."""
    try:
        for server in (Server(folder), *(Server(each) for each in folder.glob("own-*"))):
            if server.is_running:
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.environ.pop(FOLDER, None)


if __name__ == "__main__":
    end_with_run(Path(sys.argv[1]))
