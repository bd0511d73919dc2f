"""Copies taken while a broadcast runs at full rate: each is sound, adds up, and repeats nothing by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot import storage
from bot.sandbox import Sandbox
from tests.conftest import OWNER, Clock, Scene, free_port, people, settings_for
from tests.faults.books import Place, read_books
from tests.helpers.crowd import an_article, count, publishes, readers, said, telegram_ids, viber_ids

#: They work on the files of SQLite itself.
pytestmark = pytest.mark.sqlite

READERS, VIBER, COPIES = 1500, 600, 8


async def test_every_copy_of_a_broadcast_is_sound_and_silent(scene: Scene, tmp_path: Path) -> None:
    await readers(scene, telegram=READERS, viber=VIBER)
    await publishes(scene, an_article())
    people = telegram_ids(READERS)
    await scene.until(lambda: any(count(scene.sandbox.telegram.phone(person)) for person in people))
    copies: list[Path] = []
    while len(copies) < COPIES and sum(count(scene.sandbox.telegram.phone(person)) for person in people) < READERS:
        copies.append(tmp_path / f"copy-{len(copies)}.db")
        await storage.backup_of(storage.Place(scene.settings.database_path), copies[-1], scene.clock())

    for copy in copies:
        books = read_books(copy)
        assert books.sound
        assert books.adds_up
        assert set(books.posts.values()) <= {"delivered", "in_doubt"}
    await scene.stop()
    under_way = [copy for copy in copies if read_books(copy).seats(Place.RESERVED)]
    assert under_way, "no copy has anything reserved"
    await restored_is_silent(under_way[-1], tmp_path / "restored")


def put_in_place(copy: Path, folder: Path) -> None:
    folder.mkdir()
    shutil.copy(copy, folder / "visnyk.db")


async def restored_is_silent(copy: Path, folder: Path) -> None:
    put_in_place(copy, folder)
    reserved = read_books(copy).seats(Place.RESERVED)
    async with Sandbox() as sandbox:
        people(sandbox)
        sandbox.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        for person in telegram_ids(READERS):
            sandbox.telegram.add_person(person, started=True)
        for reader in viber_ids(VIBER):
            sandbox.viber.add_person(reader, name=reader, subscribed=True)
        restored = Scene(sandbox, settings_for(sandbox, folder, free_port()), Clock())
        await restored.start()
        await restored.until(lambda: said(restored.telegram(), "/сумніви"))
        restored.advance(hours=24)
        await restored.says("/list", "")
        await restored.stop()
        sent = [request.chat for request in sandbox.requests if request.method in ("sendMessage", "broadcast_message")]
        assert set(sent) <= {str(OWNER)}

    books = read_books(folder / "visnyk.db")
    assert books.sound
    assert books.adds_up
    assert {books.outcome(seat) for seat in reserved} == {"in_doubt"}
