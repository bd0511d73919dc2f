"""The engine that the tests' databases are of: SQLite, or PostgreSQL with `make test ENGINE=postgres`."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg

from bot.storage import Place, open_store
from config.settings import Settings
from tests.helpers import server

ON_SERVER = os.environ.get("ENGINE") == "postgres"
#: The tests that are played on PostgreSQL too: of storage, delivery, dialogues and promises.
PLAYED = (
    "tests/dialogues/",
    "tests/postgres/",
    "tests/promises/",
    *(
        f"tests/test_{name}.py"
        for name in ("approval", "counting", "delivery", "follow_up", "halt", "ledger", "store", "week")
    ),
)
#: Databases that a test has made, by the folder that they stand for.
_MADE: dict[Path, str] = {}


def place(path: Path) -> Place:
    """Return where a database lies that a test calls `path`: that file, or one on the server, made now if need be."""
    if not ON_SERVER:
        return Place(path)
    if path not in _MADE:
        name = f"t{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
        ours = server.of_this_run()
        ours.does(f"CREATE DATABASE {name} TEMPLATE {empty(ours)}")
        _MADE[path] = ours.address(name)
    return Place(path, _MADE[path])


def database(folder: Path) -> dict[str, str]:
    """Return the settings by which Visnyk finds the database of a scene in `folder`."""
    if not ON_SERVER:
        return {}
    return {"DATABASE_URL": place(folder / "visnyk").server, "DATA_FOLDER": str(folder)}


def forget() -> None:
    """Drop what the test has made."""
    while _MADE:
        _, address = _MADE.popitem()
        name = address.partition("?")[0].rpartition("/")[2]
        server.of_this_run().does(f"DROP DATABASE {name} WITH (FORCE)")


def empty(ours: server.Server) -> str:
    """Return the name of an empty database of this version; the first process of a run makes it."""
    with server.alone(ours.folder):
        if not ours.rows(f"SELECT 1 FROM pg_database WHERE datname = '{server.EMPTY}'"):
            ours.does("CREATE DATABASE filling")
            with tempfile.TemporaryDirectory() as folder:
                filled = Place(Path(folder) / "visnyk", ours.address("filling"))
                # The thread that asks may be in the middle of a loop.
                with ThreadPoolExecutor(1) as thread:
                    thread.submit(lambda: asyncio.run(_fill(filled))).result()
            ours.does(f"ALTER DATABASE filling RENAME TO {server.EMPTY}")
    return server.EMPTY


async def _fill(filled: Place) -> None:
    await (await open_store(filled)).close()


def does(settings: Settings, sql: str, params: tuple[object, ...] = ()) -> None:
    """Change the database of a Visnyk that is stopped; parameters are written `?`."""
    if settings.database_server:
        with psycopg.connect(settings.database_server, autocommit=True) as connection:
            connection.execute(sql.replace("?", "%s").encode(), params)
        return
    with closing(sqlite3.connect(settings.database_path)) as file, file:
        file.execute(sql, params)
