"""Numbered migrations: the file is brought to this version's form, or nothing of it is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

import aiosqlite

from bot.errors import CannotStart
from bot.storage.schema import migrations
from bot.storage.sqlite.driver import SqliteDriver
from bot.storage.transaction import Reader

#: Marks the file as Visnyk's ("VISN"), so that another program's database is never migrated.
APPLICATION_ID = 0x5649534E


async def bring_up_to_date(connection: aiosqlite.Connection, path: Path, allowed: bool) -> None:
    """Raises `CannotStart` for another program's file, a newer one, and an older one that may not be changed."""
    reader = Reader(SqliteDriver(connection))
    version = int(await reader.value("PRAGMA user_version"))
    owner = int(await reader.value("PRAGMA application_id"))
    tables = int(await reader.value("SELECT count(*) FROM sqlite_schema"))
    if tables and owner != APPLICATION_ID:
        raise CannotStart(f"{path} is another program's database. Name another file in DATABASE_URL.")
    newest = migrations()[-1][0]
    if version > newest:
        raise CannotStart(
            f"The database {path} was made by a newer Visnyk (schema {version}, this one knows {newest}). "
            "Install the newer version, or restore a backup made before the upgrade."
        )
    if version < newest and not allowed:
        raise CannotStart(f"The database {path} is of an older Visnyk. Run: visnyk migrate")
    for number, sql in migrations():
        if number > version:
            await _apply(connection, number, sql)


async def _apply(connection: aiosqlite.Connection, number: int, sql: str) -> None:
    """One migration in one transaction: after a kill the file is old or new, never between."""
    await connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(sql):
            await connection.execute(statement)
        await connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        await connection.execute(f"PRAGMA user_version = {number}")
        await connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            await connection.execute("ROLLBACK")
        raise


def statements(sql: str) -> Iterable[str]:
    """Split a file by SQLite's own rule, as `executescript` would commit first."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
