"""The store's promises on PostgreSQL: durable when it returns, one writer, one process, and nothing half done."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest

from bot.domain import Platform
from bot.errors import CannotStart, NotStored
from bot.storage import LOST, Place, Queries, Store, address_of, open_store
from bot.storage.postgres.database import Database
from bot.storage.postgres.leading import LEASE, SILENT, Silence, clock_fault
from bot.storage.schema import migrations
from tests.helpers.server import Server
from tests.helpers.subscribing import subscribe
from tests.helpers.wire import Wire

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
#: Ends the connection that writes, as an administrator or `idle_in_transaction_session_timeout` does.
END_WRITER = """SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


async def readers(store: Store) -> list[str]:
    return [row[0] for row in await store.read.all("SELECT chat FROM subscriber ORDER BY number")]


def ends_writer(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(END_WRITER.encode())


async def test_a_write_that_fails_undoes_only_itself(store: Store) -> None:
    async def broken(tx: Queries) -> None:
        await subscribe(tx, 2)
        raise ValueError("no")

    async def mistaken(tx: Queries) -> None:
        await subscribe(tx, 4)
        await tx.run("SELECT nothing FROM nowhere")

    outcomes = await asyncio.gather(
        *(store.write(work) for work in (lambda tx: subscribe(tx, 1), broken, mistaken, lambda tx: subscribe(tx, 3))),
        return_exceptions=True,
    )

    assert [type(each) for each in outcomes] == [type(None), ValueError, psycopg.errors.UndefinedTable, type(None)]
    assert await readers(store) == ["1", "3"]


async def test_part_of_a_write_is_undone_and_the_rest_stands(store: Store) -> None:
    async def work(tx: Queries) -> None:
        await subscribe(tx, 1)
        for error in (ValueError, psycopg.Error):
            try:
                async with tx.undone_by(error):
                    await subscribe(tx, 2)
                    await tx.run("SELECT nothing FROM nowhere") if error is psycopg.Error else int("no")
            except error:
                pass
        await subscribe(tx, 3)

    await store.write(work)

    assert await readers(store) == ["1", "3"]


async def test_what_goes_on_after_a_refused_part_is_not_stored(store: Store) -> None:
    """PostgreSQL would answer its COMMIT with a rollback, and no error."""

    async def goes_on(tx: Queries) -> None:
        await subscribe(tx, 1)
        try:
            await tx.run("SELECT nothing FROM nowhere")
        except psycopg.Error:
            return

    with pytest.raises(NotStored):
        await store.write(goes_on)
    await store.write(lambda tx: subscribe(tx, 2))

    assert await readers(store) == ["2"]


async def test_the_reading_side_can_not_write(store: Store) -> None:
    with pytest.raises(NotStored, match="read-only"):
        await subscribe(store.read, 1)


async def test_many_questions_at_once_are_answered_by_few_connections(store: Store, address: str) -> None:
    answers = await asyncio.gather(*(store.read.value("SELECT CAST(:n AS BIGINT)", {"n": n}) for n in range(60)))

    assert answers == list(range(60))
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'visnyk%'"
    assert await store.read.value(sql) <= 6


async def test_after_its_connections_ended_the_store_goes_on_by_itself(store: Store, address: str) -> None:
    await store.write(lambda tx: subscribe(tx, 1))
    await readers(store)
    with psycopg.connect(address, autocommit=True) as other:
        other.execute(b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'visnyk%'")

    assert await readers(store) == ["1"]
    await store.write(lambda tx: subscribe(tx, 2))

    assert await readers(store) == ["1", "2"]
    assert store.trouble == ""


async def test_a_connection_that_ends_in_the_middle_of_a_write_leaves_nothing_of_it(store: Store, address: str) -> None:
    async def work(tx: Queries) -> None:
        await subscribe(tx, 1)
        await asyncio.to_thread(ends_writer, address)
        await subscribe(tx, 2)

    with pytest.raises(NotStored):
        await store.write(work)
    assert store.trouble
    await store.write(lambda tx: subscribe(tx, 3))

    assert await readers(store) == ["3"]
    assert store.trouble == ""


async def test_who_lost_the_database_to_another_writes_nothing_more(store: Store, address: str, tmp_path: Path) -> None:
    """It remembers pages and the log as they no longer are: that the log went on is no alarm, and nothing is mixed."""
    await store.write(lambda tx: tx.record("system", "test.done", "article:1", {}, NOW))
    await asyncio.to_thread(ends_writer, address)
    other = await open_store(Place(tmp_path / "other", address))
    await other.write(lambda tx: tx.record("system", "test.done", "article:2", {}, NOW))

    with pytest.raises(NotStored, match="another Visnyk uses the database"):
        await store.write(lambda tx: tx.record("system", "test.done", "article:3", {}, NOW))
    await other.close()
    for _ in range(2):
        with pytest.raises(NotStored, match="start this one again"):
            await store.write(lambda tx: tx.record("system", "test.done", "article:3", {}, NOW))

    assert (await store.read.audit_head()).id == 2
    assert "start this one again" in store.trouble


@pytest.fixture
async def wire(server: Server, address: str) -> AsyncIterator[Wire]:
    async with Wire(server.folder / ".s.PGSQL.5432", address) as wire:
        yield wire


@pytest.mark.parametrize("arrives", [True, False], ids=["it arrived", "it was lost"])
async def test_what_became_of_a_commit_without_an_answer_is_found_out(
    wire: Wire, tmp_path: Path, arrives: bool
) -> None:
    store = await open_store(Place(tmp_path / "visnyk", wire.address))
    wire.cut_at(b"COMMIT", after=arrives)

    outcome = (await asyncio.gather(store.write(lambda tx: subscribe(tx, 1)), return_exceptions=True))[0]
    await store.write(lambda tx: subscribe(tx, 2))

    assert wire.cuts == 1
    assert isinstance(outcome, NotStored) is not arrives
    assert await readers(store) == (["1", "2"] if arrives else ["2"])
    await store.close()


@pytest.fixture
def own(server: Server) -> Iterator[Server]:
    """A server for one test, in the run's folder: with the run it ends, too."""
    with tempfile.TemporaryDirectory(prefix="own-", dir=server.folder) as made:
        Path(made).chmod(0o755)
        yield Server(Path(made))


async def test_a_server_that_restarts_under_load_has_what_it_took_and_nothing_else(own: Server, tmp_path: Path) -> None:
    server, taken, refused = own, list[str](), list[str]()
    await asyncio.to_thread(server.start)
    try:
        store = await open_store(Place(tmp_path / "visnyk", server.address("postgres")))

        async def writes(first: int) -> None:
            for number in count(first, 10):
                try:
                    await store.write(partial(subscribe, number=number))
                    taken.append(str(number))
                    if up.is_set():
                        return
                except NotStored:
                    refused.append(str(number))
                    await up.wait()

        up = asyncio.Event()
        writing = [asyncio.create_task(writes(first)) for first in range(10)]
        await asyncio.to_thread(server.stop)
        with pytest.raises(NotStored):
            await readers(store)
        async with asyncio.timeout(30):
            while not store.trouble:  # noqa: ASYNC110 - a commit without an answer rings nobody
                await asyncio.sleep(0.01)
        await asyncio.to_thread(_asks_for_a_password, server)
        await asyncio.to_thread(server.start)
        up.set()
        await asyncio.gather(*writing)

        assert (sorted(await readers(store)), store.trouble) == (sorted(taken), "")
        assert not set(taken) & set(refused)
        said = await refusal(server.address("postgres", "guest"), tmp_path)
        assert "password" in said and "Look at the user and the password in DATABASE_URL." in said
        await store.close()
    finally:
        await asyncio.to_thread(server.stop)


def _asks_for_a_password(server: Server) -> None:
    """From its next start on the server lets this user in by a password alone, and there is none."""
    allowed = server.folder / "data" / "pg_hba.conf"
    allowed.write_text("local all guest scram-sha-256\n" + allowed.read_text("utf-8"), encoding="utf-8")


async def test_after_closing_nothing_is_taken_and_what_was_written_is_there(address: str, tmp_path: Path) -> None:
    place = Place(tmp_path / "visnyk", address)
    store = await open_store(place)
    last = asyncio.create_task(store.write(lambda tx: subscribe(tx, 1)))
    await asyncio.sleep(0)
    await store.close()
    await last
    with pytest.raises(NotStored, match="closed"):
        await store.write(lambda tx: subscribe(tx, 2))

    again = await open_store(place)
    assert await readers(again) == ["1"]
    await again.close()


# What can't be opened


async def refusal(address: str, tmp_path: Path) -> str:
    with pytest.raises(CannotStart) as refused:
        await open_store(Place(tmp_path / "other", address))
    return str(refused.value)


async def test_a_second_process_is_refused_with_the_name_of_the_first(
    store: Store, address: str, tmp_path: Path
) -> None:
    import os
    import socket

    said = await refusal(address, tmp_path)

    assert f"Another Visnyk ({socket.gethostname()[:24]}:{os.getpid()}) uses the database postgresql://" in said


@pytest.fixture
def strange(server: Server) -> Iterator[None]:
    """A user who needs a password, and may make no tables."""
    server.does("CREATE ROLE stranger LOGIN PASSWORD 'secret'")
    yield
    server.does("DROP ROLE stranger")


async def test_without_the_right_to_make_tables_the_start_says_which_one(
    strange: None, address: str, tmp_path: Path, server: Server
) -> None:
    name = address.partition("?")[0].rpartition("/")[2]
    server.does("REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=name)

    said = await refusal(server.address(name, "stranger"), tmp_path)

    assert "The user stranger may not create tables" in said
    assert "GRANT USAGE, CREATE ON SCHEMA public TO stranger" in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("/nowhere?", ("does not exist", "CREATE DATABASE")),
        ("//nobody@", ("role", "does not exist", "CREATE ROLE")),
        ("host=/tmp/no-such-folder", ("No such file", "Start the server")),
        ("host=127.0.0.1&port=9", ("refused", "Start the server")),
        ("host=no-such-host.invalid", ("no-such-host.invalid", "server's name")),
        ("sslmode=nonsense", ("sslmode", "Look at DATABASE_URL")),
    ],
)
async def test_a_wrong_address_is_named_with_what_to_do(
    address: str, tmp_path: Path, change: str, words: tuple[str, ...]
) -> None:
    name = address.partition("?")[0].rpartition("/")[2]
    wrong = address.replace(f"/{name}?", change) if change.startswith("/now") else address
    wrong = wrong.replace("//visnyk@", change) if change.startswith("//") else wrong
    wrong = f"{wrong.partition('?')[0]}?{change}" if "=" in change and "ssl" not in change else wrong
    wrong = f"{wrong}&{change}" if "ssl" in change else wrong

    said = await refusal(wrong, tmp_path)

    assert [word for word in words if word not in said] == []


async def test_a_database_of_another_encoding_is_refused(server: Server, tmp_path: Path) -> None:
    server.does("CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")

    said = await refusal(server.address("latin"), tmp_path)

    server.does("DROP DATABASE latin")
    assert "keeps text as LATIN1" in said
    assert "ENCODING 'UTF8'" in said


async def test_a_newer_database_and_another_programs_are_refused(server: Server, blank: str, tmp_path: Path) -> None:
    name = blank.partition("?")[0].rpartition("/")[2]
    server.does("CREATE TABLE cookies (a BIGINT)", database=name)
    assert "another program's database" in await refusal(blank, tmp_path)

    server.does("DROP TABLE cookies", database=name)
    await (await open_store(Place(tmp_path / "visnyk", blank))).close()
    server.does("UPDATE visnyk SET edition = 9999", database=name)
    assert "made by a newer Visnyk (schema 9999" in await refusal(blank, tmp_path)

    server.does("UPDATE visnyk SET edition = 3", database=name)
    with pytest.raises(CannotStart, match="Run: visnyk migrate"):
        await open_store(Place(tmp_path / "visnyk", blank), migrate=False)


async def test_a_password_stands_in_no_sentence(address: str, tmp_path: Path) -> None:
    wrong = address.replace("//visnyk@", "//visnyk:CANARY@").replace("?host=", "?host=/nowhere")

    assert "CANARY" not in await refusal(wrong, tmp_path)
    assert "CANARY" not in address_of(Place(tmp_path / "visnyk", wrong))


# Who leads


def test_a_leader_is_silent_when_its_last_word_is_too_old_by_our_own_clock() -> None:
    now = [100.0]
    silence = Silence(lambda: now[0])

    def after(seconds: float, heard: tuple[object, object] | None) -> bool:
        now[0] += seconds
        return silence.is_too_long(heard)

    assert LEASE + 1 < SILENT
    looks: list[tuple[float, tuple[object, object] | None]] = [
        (0, (1, "a")),
        (SILENT - 0.1, (1, "a")),
        (0.2, (1, "a")),
        (0, (1, "b")),
        (SILENT, (2, "b")),
    ]
    looks += [(SILENT - 0.1, (2, "b")), (0, None), (SILENT, (2, "b")), (SILENT, (2, "b"))]
    assert [after(*look) for look in looks] == [False, False, True, False, False, False, False, False, True]


@pytest.mark.parametrize(
    ("off", "way"), [(0.0, ""), (1.9, ""), (-1.9, ""), (5.0, "5 s ahead of"), (-60, "60 s behind")]
)
def test_a_clock_that_differs_by_more_than_two_seconds_is_a_fault(off: float, way: str) -> None:
    fault = clock_fault(off)

    assert way in fault
    assert bool(fault) == bool(way)


async def test_whose_clock_is_wrong_does_not_lead_until_it_is_right(address: str) -> None:
    off = [5.0]
    opened = await Database.open(address, Queries, b"", stands_by=True, clock=lambda: time.time() + off[0])
    try:
        assert not opened.lead.is_ours
        assert not opened.lead.may_send()
        assert "5 s ahead of the database's" in opened.lead.why
        off[0] = 0.0
        await opened.lead.take()
        assert opened.lead.is_ours
        assert opened.lead.may_send()
    finally:
        await opened.close()


async def test_a_leader_whose_clock_goes_wrong_says_that_it_is_lost(address: str) -> None:
    off, lost = [0.0], asyncio.Event()
    opened = await Database.open(address, Queries, b"", clock=lambda: time.time() + off[0])
    try:
        opened.on(LOST, lost.set)
        off[0] = -5.0
        async with asyncio.timeout(30):
            await lost.wait()
    finally:
        await opened.close()


async def test_what_is_kept_at_another_door_is_heard_by_the_leader(store: Store, address: str, tmp_path: Path) -> None:
    heard = asyncio.Event()
    door = await open_store(Place(tmp_path / "door", address), stands_by=True)
    try:
        assert door.lead.may_serve
        assert not door.lead.is_ours
        for _ in range(2):
            store.on("inbox", heard.set)
            await door.write(lambda tx: tx.receive(Platform.TELEGRAM, "7", b"{}", NOW, chat="telegram:1"))
        async with asyncio.timeout(30):
            await heard.wait()
        assert [row.body for row in await store.read.waiting(10)] == [b"{}"]
    finally:
        await door.close()


async def test_the_lead_passes_on_when_the_leader_closes(address: str, tmp_path: Path) -> None:
    first = await open_store(Place(tmp_path / "first", address))
    second = await open_store(Place(tmp_path / "second", address), stands_by=True)
    try:
        taking = asyncio.create_task(second.lead.take())
        await first.close()
        async with asyncio.timeout(30):
            await taking
        await second.write(lambda tx: subscribe(tx, 1))
        assert await readers(second) == ["1"]
    finally:
        await second.close()


async def test_older_tables_are_served_by_nobody_until_a_new_leader_has_changed_them(
    server: Server, address: str, tmp_path: Path
) -> None:
    name = address.partition("?")[0].rpartition("/")[2]
    first = await open_store(Place(tmp_path / "first", address))
    number, sql = migrations("postgres")[-1]
    for table in re.findall(r"CREATE TABLE (\w+)", sql):
        server.does(f"DROP TABLE {table}", database=name)
    for table, column in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", sql):
        server.does(f"ALTER TABLE {table} DROP COLUMN {column}", database=name)
    server.does(f"UPDATE visnyk SET edition = {number - 1}", database=name)
    second = await open_store(Place(tmp_path / "second", address), stands_by=True)
    try:
        assert not second.lead.may_serve
        await first.close()
        async with asyncio.timeout(60):
            await second.lead.take()
        assert await second.write(lambda tx: tx.take_lead("second")) == ""
        server.does("UPDATE visnyk SET edition = 9999", database=name)
        with pytest.raises(CannotStart, match="made by a newer Visnyk"):
            await open_store(Place(tmp_path / "third", address), stands_by=True)
    finally:
        await second.close()
