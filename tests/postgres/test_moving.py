"""A whole newsroom moves from a file to a server and back, and nothing of it changes on the way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot import app as house
from bot.domain import Address, Platform
from bot.domain.entry import ReaderState, Reply
from bot.errors import CannotStart
from bot.storage import Place, Queries, backup_of, move, open_store, restore_to, verify_audit
from bot.storage.moving import tables_of
from config.settings import Settings
from tests.conftest import hold_no_ballast
from tests.helpers.crowd import an_article

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DESK = Address(Platform.TELEGRAM, "1001")


async def fill(tx: Queries) -> None:
    for number in range(300):
        await tx.set_reader(Address(Platform.TELEGRAM, str(number)), ReaderState.ACTIVE, "uk", NOW)
    entry = await tx.entry(await tx.add_article(an_article("Міст «Сула» — 100 %"), DESK, NOW))
    assert entry is not None
    await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
    await tx.record("system", "test.done", "article:1", {"why": 'ґ"\\'}, NOW)
    await tx.owe(Reply(DESK, "an answer"), NOW)
    await tx.run("DELETE FROM subscriber WHERE number = 300")


async def a_newsroom(place: Place) -> None:
    if not place.server:
        hold_no_ballast(place.path)
    store = await open_store(place)
    await store.write(fill)
    await store.close()


def held(place: Place) -> dict[str, list[tuple[object, ...]]]:
    with tables_of(place, read_only=True) as tables:
        return {
            table: sorted((tuple(row) for row in tables.rows(table, sorted(columns))), key=repr)
            for table, columns in tables.columns().items()
        }


def changed(before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]) -> set[str]:
    return {table for table in before.keys() | after.keys() if before.get(table) != after.get(table)}


async def test_a_newsroom_moves_to_a_server_and_back_as_it_was(address: str, tmp_path: Path) -> None:
    here, server, back = (
        Place(tmp_path / "visnyk.db"),
        Place(tmp_path / "on" / "visnyk", address),
        Place(tmp_path / "b.db"),
    )
    await a_newsroom(here)
    hold_no_ballast(back.path)
    before, told = held(here), []

    moved = await move(here, server, NOW, lambda done, rows: told.append((done, rows)))
    again = await move(server, back, NOW)

    # Nothing leaves by itself: readers under way are left alone, replies are dropped, the desk is told.
    assert changed(before, held(server)) == {"dispatch", "reply", "notice"}
    assert held(server) == held(back)
    assert held(here) == before
    assert (moved.head, again.head) == (verify_audit(here).head, verify_audit(back).head)
    assert told[-1] == (moved.rows, moved.rows)
    assert server.beside(".key").read_bytes() == here.beside(".key").read_bytes()
    for place in (server, back):
        store = await open_store(place)
        await store.write(lambda tx: tx.set_reader(Address(Platform.TELEGRAM, "new"), ReaderState.ACTIVE, "uk", NOW))
        assert await store.read.value("SELECT number FROM subscriber WHERE chat = 'new'") == 301
        await store.write(lambda tx: tx.record("system", "test.done", "article:1", {}, NOW))
        await store.close()
        assert verify_audit(place).fault is None


async def test_what_holds_a_newsroom_is_not_written_over(address: str, tmp_path: Path) -> None:
    here, server = Place(tmp_path / "visnyk.db"), Place(tmp_path / "on" / "visnyk", address)
    await a_newsroom(here)
    await a_newsroom(server)
    before = held(server)

    with pytest.raises(CannotStart, match="There is a newsroom"):
        await move(here, server, NOW)
    assert held(server) == before
    with pytest.raises(CannotStart, match="There is no database"):
        await move(Place(tmp_path / "nothing.db"), server, NOW)


async def test_a_move_that_breaks_off_leaves_the_new_place_empty(address: str, tmp_path: Path) -> None:
    here, server = Place(tmp_path / "visnyk.db"), Place(tmp_path / "on" / "visnyk", address)
    await a_newsroom(here)

    def breaks(done: int, _rows: int) -> None:
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await move(here, server, NOW, breaks)
    with psycopg.connect(address) as connection:
        assert connection.execute(b"SELECT count(*) FROM subscriber").fetchone() == (0,)
    assert (await move(here, server, NOW)).head.id == 1


async def test_a_log_that_was_altered_does_not_move(address: str, tmp_path: Path) -> None:
    server = Place(tmp_path / "on" / "visnyk", address)
    await a_newsroom(server)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(b"ALTER TABLE audit DISABLE TRIGGER USER")
        connection.execute(b"UPDATE audit SET actor = 'person:9'")
        connection.execute(b"ALTER TABLE audit ENABLE TRIGGER USER")

    with pytest.raises(CannotStart, match="not sound"):
        await move(server, Place(tmp_path / "visnyk.db"), NOW)


async def test_a_backup_of_a_server_is_made_while_it_works_and_restored_there(address: str, tmp_path: Path) -> None:
    server = Place(tmp_path / "visnyk", address)
    store = await open_store(server)
    await store.write(fill)
    head = await backup_of(server, tmp_path / "copy.db", NOW)
    await store.write(lambda tx: tx.set_reader(Address(Platform.TELEGRAM, "late"), ReaderState.ACTIVE, "uk", NOW))
    await store.close()
    with pytest.raises(CannotStart, match="exists already"):
        await backup_of(server, tmp_path / "copy.db", NOW)

    restored = await restore_to(tmp_path / "copy.db", server, NOW)

    assert restored.head == head == verify_audit(server).head
    assert held(server)["subscriber"] == held(Place(tmp_path / "copy.db"))["subscriber"]
    assert restored.kept is not None
    assert len(held(Place(restored.kept))["subscriber"]) == 300
    assert oct(restored.kept.stat().st_mode)[-3:] == "600"


@pytest.mark.parametrize("fault", ["no database", "not there", "the key's folder"])
async def test_what_can_not_be_restored_to_a_server_is_named(address: str, tmp_path: Path, fault: str) -> None:
    server = Place(tmp_path / "on" / "visnyk", address)
    await a_newsroom(server)
    before = held(server)
    if fault != "not there":
        (tmp_path / "copy.db").write_bytes(b"a letter, not a database\n" * 100)
    if fault == "the key's folder":
        server = Place(tmp_path / "copy.db" / "visnyk", address)

    with pytest.raises(CannotStart, match=r"copy\.db"):
        await restore_to(tmp_path / "copy.db", server, NOW)

    assert held(server) == before
    assert not server.beside(".restoring").exists()


async def test_addresses_that_can_not_be_moved_between_are_named(address: str, tmp_path: Path) -> None:
    settings, file = Settings(data_folder=tmp_path), f"sqlite:///{tmp_path}/visnyk.db"
    await a_newsroom(Place(tmp_path / "visnyk.db"))

    for source, target, words in (
        (file, file, "name the same database"),
        (file, "mysql://visnyk:CANARY@host/visnyk", "must name a file"),
        (file, "postgresql://visnyk:CANARY@host", "must look like postgresql://"),
        (file, address.replace("?host=", "?host=/nowhere"), "Start the server"),
    ):
        with pytest.raises(CannotStart) as refused:
            await house.moved(settings, source, target, lambda _done, _rows: None)
        assert words in str(refused.value)
        assert "CANARY" not in str(refused.value)
    moved = await house.moved(settings, file, address, lambda _done, _rows: None)
    assert moved.head.id == 1
