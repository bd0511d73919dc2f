"""Bad minutes of a PostgreSQL server: a full disk, limits of an administrator, a server or a way in that is no good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.errors import CannotStart, NotStored
from bot.storage import FULL, Place, Queries, Store, open_store
from bot.storage.postgres.database import Database
from bot.storage.postgres.driver import CALM, Room
from bot.storage.postgres.opening import start_advice
from tests.helpers.server import Server
from tests.helpers.subscribing import subscribe
from tests.helpers.wire import Wire

#: The server's own word for a full disk, said where a table would have to grow, or only at the commit.
FILLED = """CREATE FUNCTION filled() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$"""
GROWING = {
    "at the statement": "CREATE TRIGGER filled BEFORE INSERT ON subscriber FOR EACH ROW EXECUTE FUNCTION filled()",
    "at the commit": """CREATE CONSTRAINT TRIGGER filled AFTER INSERT ON subscriber DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION filled()""",
}


def name_of(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


async def readers(read: Queries) -> list[str]:
    return [row[0] for row in await read.all("SELECT chat FROM subscriber ORDER BY number")]


@pytest.mark.parametrize("growing", GROWING.values(), ids=GROWING)
async def test_on_a_full_disk_nothing_new_is_begun_until_there_is_room(
    server: Server, address: str, growing: str
) -> None:
    """A write that needs no room, such as a halt, still succeeds, and does not show that the disk has room again."""
    now, told, name = [0.0], list[str](), name_of(address)
    opened = await Database.open(address, Queries, b"", steady=lambda: now[0])
    try:
        opened.on(FULL, lambda: told.append(FULL))
        await opened.write(lambda tx: subscribe(tx, 1))
        server.does(FILLED, growing, database=name)

        with pytest.raises(NotStored, match="No space left"):
            await opened.write(lambda tx: subscribe(tx, 2))
        assert (opened.is_full, opened.find_room(), told) == (True, False, [FULL])
        assert "No space left" in opened.trouble
        await opened.write(lambda tx: tx.run("UPDATE subscriber SET language = 'en'"))
        assert (await readers(opened.read), opened.trouble, opened.find_room()) == (["1"], "", False)

        server.does("DROP TRIGGER filled ON subscriber", database=name)
        await opened.write(lambda tx: subscribe(tx, 3))
        now[0] += CALM
        assert (opened.find_room(), opened.is_full, await readers(opened.read)) == (True, False, ["1", "3"])
    finally:
        await opened.close()


def test_a_disk_has_room_again_when_nothing_was_refused_for_a_while() -> None:
    now = [0.0]
    room = Room(lambda: now[0])
    assert (room.is_gone, room.is_found()) == (False, True)

    for _ in range(2):
        room.refused()
        now[0] += CALM - 1
        assert (room.is_gone, room.is_found()) == (True, False)
    now[0] += 1
    assert room.is_gone  # until somebody looks
    assert room.is_found() and not room.is_gone


async def test_of_writes_that_share_a_commit_only_the_one_without_room_fails(
    server: Server, store: Store, address: str
) -> None:
    server.does(FILLED, GROWING["at the statement"], database=name_of(address))

    outcomes = await asyncio.gather(
        store.write(lambda tx: tx.run("UPDATE visnyk SET edition = edition")),
        store.write(lambda tx: subscribe(tx, 2)),
        return_exceptions=True,
    )

    assert [isinstance(each, NotStored) for each in outcomes] == [False, True]
    assert store.is_full


async def test_a_transaction_that_the_server_ends_is_undone_and_the_next_one_is_taken(
    server: Server, address: str, tmp_path: Path
) -> None:
    """An administrator's limit on questions does not hold for what we write."""
    server.does(f"ALTER DATABASE {name_of(address)} SET statement_timeout = '10min'")
    store = await open_store(Place(tmp_path / "visnyk", address))

    async def dawdles(tx: Queries) -> None:
        await tx.run("SET idle_in_transaction_session_timeout = '20ms'")
        await subscribe(tx, 1)
        await asyncio.to_thread(_until_ended, address)
        await subscribe(tx, 2)

    with pytest.raises(NotStored):
        await store.write(dawdles)
    assert store.trouble
    await store.write(lambda tx: subscribe(tx, 3))
    limit = await store.write(lambda tx: tx.value("SHOW statement_timeout"))

    assert (await readers(store.read), store.trouble, limit) == (["3"], "", "0")
    await store.close()


def _until_ended(address: str) -> None:
    """Wait until the server has ended every transaction of ours that does nothing."""
    waiting = b"""SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
        AND application_name LIKE 'visnyk%' AND state = 'idle in transaction'"""
    with psycopg.connect(address, autocommit=True) as other:
        while other.execute(waiting).fetchone() != (0,):
            other.execute(b"SELECT pg_sleep(0.005)")


async def test_where_a_server_only_reads_writes_are_refused_and_taken_once_it_writes(
    server: Server, store: Store, address: str
) -> None:
    """As when the server that was named has become the standby of another one."""
    await store.write(lambda tx: tx.run("SET default_transaction_read_only = on"))
    with pytest.raises(NotStored, match="read-only transaction"):
        await store.write(lambda tx: subscribe(tx, 1))
    await store.write(lambda tx: tx.run("SET default_transaction_read_only = off"))
    await store.write(lambda tx: subscribe(tx, 2))

    assert await readers(store.read) == ["2"]


# What can't be opened


@pytest.fixture
async def wire(server: Server, address: str) -> AsyncIterator[Wire]:
    async with Wire(server.folder / ".s.PGSQL.5432", address) as wire:
        yield wire


async def refusal(address: str, folder: Path) -> str:
    with pytest.raises(CannotStart) as refused:
        await open_store(Place(folder / "other", address))
    return str(refused.value)


async def test_an_old_server_is_refused_with_the_version_that_is_needed(
    server: Server, wire: Wire, tmp_path: Path
) -> None:
    ((number,),) = server.rows("SHOW server_version_num")
    wire.heard_as = (str(number).encode(), b"130023")

    said = await refusal(wire.address, tmp_path)

    assert "is PostgreSQL 13; Visnyk needs 14 or newer." in said


@pytest.fixture
def crowded(server: Server) -> Iterator[str]:
    """A user who may have no connection."""
    server.does("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    yield "crowded"
    server.does("DROP ROLE crowded")


async def test_a_server_without_a_free_connection_is_told_what_visnyk_needs(
    server: Server, crowded: str, address: str, tmp_path: Path
) -> None:
    said = await refusal(server.address(name_of(address), crowded), tmp_path)

    assert "too many connections" in said
    assert "Visnyk needs eight connections: raise the server's max_connections." in said


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ('FATAL:  password authentication failed for user "visnyk"', "Look at the user and the password"),
        ("fe_sendauth: no password supplied", "Look at the user and the password"),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.7", user "visnyk"', "Let the server's pg_hba.conf allow"),
        ("could not translate host name", "Look at the server's name"),
        ("failed to resolve host 'db': Name or service not known", "Look at the server's name"),
        ('FATAL:  role "visnyk" does not exist', "CREATE ROLE"),
        ('FATAL:  database "visnyk" does not exist', "CREATE DATABASE"),
        ("connection refused", "Start the server"),
        ("connection timeout expired", "Start the server"),
        ("FATAL:  sorry, too many clients already", "max_connections"),
        ("FATAL:  remaining connection slots are reserved", "max_connections"),
        ("FATAL:  the database system is starting up", "Start again in a moment"),
        ("FATAL:  the database system is shutting down", "Start again in a moment"),
        ("FATAL:  the database system is in recovery mode", "Start again in a moment"),
        ("could not extend file: No space left on device", "make room and start again"),
        ("permission denied for schema public", "the database's owner"),
        ("ПОМИЛКА:  щось інше", "Look at DATABASE_URL and at the server."),
    ],
)
def test_what_a_server_says_comes_with_what_to_do(said: str, advice: str) -> None:
    told = start_advice("postgresql://visnyk:CANARY@db/visnyk", psycopg.OperationalError(said))

    assert said.replace("  ", " ") in told and advice in told
    assert "CANARY" not in told
