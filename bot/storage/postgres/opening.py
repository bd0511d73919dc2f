"""Opening a PostgreSQL database: connections with our settings, and a clear sentence where it can't be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import conninfo

from bot.errors import CannotStart
from bot.storage.postgres.words import Connection, rows, teach

#: The oldest server that we are tried with.
OLDEST = 14
#: Seconds for a connection to be made.
CONNECT = 5
#: A machine that vanished is noticed within seconds on both ends, and so its lock is free.
_LINE: Mapping[str, Any] = {
    "connect_timeout": CONNECT,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 5000,
    "client_encoding": "UTF8",
}
_SESSION = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 2",
    "SET tcp_keepalives_count = 2",
    "SET tcp_user_timeout = 5000",
    # Compiling a statement takes longer than any of ours.
    "SET jit = off",
)
WRITER = (
    *_SESSION,
    "SET lock_timeout = 5000",
    # An administrator's limit is meant for questions: a migration of a large table takes what it takes.
    "SET statement_timeout = 0",
    "SET synchronous_commit = on",
    "SET default_transaction_isolation = 'read committed'",
)
READER = (*_SESSION, "SET default_transaction_read_only = on")
#: Statements that the server keeps prepared for each connection: more than we have.
_PREPARED = 800


async def connect(server: str, settings: tuple[str, ...], name: str = "visnyk") -> Connection:
    """Raises `psycopg.Error`."""
    given = {**_LINE, **conninfo.conninfo_to_dict(server), "application_name": name}
    connection = await psycopg.AsyncConnection.connect(**given, autocommit=True, row_factory=rows)
    try:
        teach(connection)
        connection.prepared_max = _PREPARED
        # Settings one by one after connecting: a pooler in between takes none of them at the start.
        for each in settings:
            await connection.execute(each.encode())
    except BaseException:
        await connection.close()
        raise
    return connection


def shown(server: str) -> str:
    """The address of a database without its password."""
    try:
        parts = conninfo.conninfo_to_dict(server)
    except psycopg.Error:
        return "DATABASE_URL"
    user = f"{parts['user']}@" if parts.get("user") else ""
    port = f":{parts['port']}" if parts.get("port") else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"


async def examine(connection: Connection, server: str) -> None:
    """Raises `CannotStart` when the database can't be ours: too old, another encoding, only read, or without rights."""
    row = await _asked(
        connection,
        """SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
                  pg_is_in_recovery() AS standby, current_user AS person, coalesce(current_schema(), '') AS schema""",
    )
    place, version = shown(server), int(row["version"]) // 10_000
    if version < OLDEST:
        raise CannotStart(f"{place} is PostgreSQL {version}; Visnyk needs {OLDEST} or newer.")
    if row["encoding"] != "UTF8":
        raise CannotStart(
            f"The database {place} keeps text as {row['encoding']}. Make one that keeps Unicode: "
            "CREATE DATABASE visnyk ENCODING 'UTF8' TEMPLATE template0"
        )
    if row["standby"]:
        raise CannotStart(f"{place} is a standby that only reads. Name the server that writes in DATABASE_URL.")
    if not row["schema"] or not await _may_create(connection, row["schema"]):
        raise CannotStart(
            f"The user {row['person']} may not create tables in {place}. Let an administrator run: "
            f"GRANT USAGE, CREATE ON SCHEMA {row['schema'] or 'public'} TO {row['person']}"
        )


async def _may_create(connection: Connection, schema: str) -> bool:
    row = await _asked(connection, "SELECT has_schema_privilege(%(schema)s, 'CREATE')", {"schema": schema})
    return bool(row[0])


async def _asked(connection: Connection, sql: str, params: Mapping[str, Any] | None = None) -> Any:
    return await (await connection.execute(sql.encode(), params)).fetchone()


#: What a server, or the way to it, says; and what to do. Servers say it in the language of their machine: then the
#: sentence is the general one.
_ADVICE = (
    (("password authentication failed", "no password supplied"), "Look at the user and the password in DATABASE_URL."),
    (("no pg_hba.conf entry",), "Let the server's pg_hba.conf allow this machine, this user and this database."),
    (("translate host name", "resolve host"), "Look at the server's name in DATABASE_URL."),
    (("role", "does not exist"), "Make the user first: CREATE ROLE … LOGIN PASSWORD '…'"),
    (("database", "does not exist"), "Make it first: CREATE DATABASE … OWNER … ENCODING 'UTF8' TEMPLATE template0"),
    (
        ("refused", "No such file", "timeout", "unreachable"),
        "Start the server, or look at its address in DATABASE_URL.",
    ),
    (
        ("too many connections", "too many clients", "connection slots"),
        "Visnyk needs eight connections: raise the server's max_connections.",
    ),
    (("starting up", "shutting down", "in recovery mode"), "Start again in a moment."),
    (("No space left",), "The server's disk is full: make room and start again; nothing was lost."),
    (("permission denied",), "Give the user of DATABASE_URL the rights, or make that user the database's owner."),
)


def start_advice(server: str, error: Exception) -> str:
    said = " ".join(str(error).split())
    advice = next(
        (advice for signs, advice in _ADVICE if _fits(signs, said)), "Look at DATABASE_URL and at the server."
    )
    return f"The database {shown(server)} can't be opened ({said}). {advice}"


def _fits(signs: tuple[str, ...], said: str) -> bool:
    """Two signs of which the second says that something is missing must both be there; of others one is enough."""
    return all(sign in said for sign in signs) if "does not exist" in signs else any(sign in said for sign in signs)
