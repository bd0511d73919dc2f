"""The public record in the store: with each publication, never with anything else, and never a fork."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.entry import EntryState
from bot.domain.genuine import Verdict, judge, read
from bot.newsroom.public_record import withdraw
from bot.record.entries import Act, Document, Entry, commitment
from bot.record.merkle import computed, is_included, leaf, root_of
from bot.record.sentences import hash_of
from bot.storage import Queries, Store
from tests.conftest import ARTICLE, Scene
from tests.helpers.crowd import rows
from tests.helpers.indoors import House, a_house
from tests.helpers.recorded import acts

NOTE = "note: Дзвонив Петро, не називати"


async def publish(scene: Scene, number: int = 1) -> None:
    await scene.says(f"/queue {ARTICLE}\n{NOTE}", f"#{number}")
    await scene.says(f"/now {number}", f"#{number}")
    await scene.until(lambda: len(scene.channel()) == number)


async def recorded(scene: Scene, article: int = 1) -> list[tuple[int, Entry]]:
    return await scene.app.store.read.recorded(article)


async def test_what_is_published_is_on_record_as_readers_saw_it(scene: Scene) -> None:
    await publish(scene)

    ((index, entry),) = await recorded(scene)
    kept = await scene.app.store.read.kept_document(1, 1)
    assert kept is not None
    document = Document.parse(kept.body)
    assert (index, entry.act, entry.article, entry.version) == (0, Act.PUBLISHED, 1, 1)
    assert entry.what == commitment(kept.salt, kept.body)
    assert document.headline == "Міст через Сулу відкрили після ремонту"
    tails = [read(line).keys for line in document.furniture]
    seen, *texts = [read(text).without_tail(tails) for text in (scene.channel()[0].text, *document.texts.values())]
    assert Verdict.SAME in {judge(seen, text).verdict for text in texts}
    assert {"example.org/news/sula-bridge", "example.org/ova"} <= {*document.links}


async def test_no_person_and_nothing_of_the_desks_own_is_on_record(scene: Scene) -> None:
    await publish(scene)

    bodies = [await rows(scene, f"SELECT body FROM record_{table}") for table in ("entry", "document")]
    public = "".join(str(row) for table in bodies for row in table)
    for secret in ("Петро", "Олена", "1001", "person", "b3duZXI"):
        assert secret not in public


async def test_the_audit_log_names_the_entry(scene: Scene) -> None:
    await publish(scene)

    (detail,) = await rows(scene, "SELECT detail FROM audit WHERE act = 'article.published'")
    assert json.loads(detail[0])["recorded"] == 0


async def test_what_is_not_published_is_never_on_record(scene: Scene) -> None:
    acts = {"/at 1 20:00": "#1", "/cancel 2": "#2", "/submit 3": "/зараз 3"}
    for number, (act, answer) in enumerate(acts.items(), 1):
        await scene.says(f"/queue {ARTICLE}", f"#{number}")
        await scene.says(act, answer)

    for table in ("record_entry", "record_document", "record_sentence", "record_waiting"):
        assert await rows(scene, f"SELECT count(*) FROM {table}") == [(0,)]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as opened:
        yield opened


async def test_a_correction_follows_the_version_that_it_corrects(house: House) -> None:
    number = await acts(house, Act.CHECKING, Act.CORRECTED, Act.RETRACTED, note="Ми писали «15».\nПравильно: 12.")

    first, checking, corrected, retracted = [each for _, each in await house.store.read.recorded(number)]
    assert [checking.what, checking.before] == [first.what, ""]
    assert [corrected.version, corrected.before] == [2, first.what]
    assert [retracted.what, retracted.before] == [corrected.what, ""]
    assert corrected.note == "Ми писали «15». Правильно: 12."


async def test_a_clock_that_is_set_back_never_turns_the_record_back(house: House) -> None:
    await acts(house)
    house.clock.at -= timedelta(hours=3)
    await acts(house)

    instants = [Entry.parse(body).at for body in await house.store.read.record_bodies(0, 9)]
    assert instants == sorted(instants)


async def test_what_is_undone_leaves_no_entry(house: House) -> None:
    class Undone(Exception): ...

    async def work(tx: Queries) -> None:
        await tx.put_on_record(Entry(Act.PUBLISHED, 1, 1, 1))
        raise Undone

    with pytest.raises(Undone):
        await house.store.write(work)

    assert (await house.store.read.record_head()).size == 0
    assert await house.store.read.record_hashes(0, 0) == []


async def filled(store: Store, size: int) -> list[bytes]:
    async def work(tx: Queries) -> None:
        for number in range(size):
            await tx.put_on_record(Entry(Act.PUBLISHED, number, number + 1, 1))

    await store.write(work)
    return await store.read.record_bodies(0, size)


async def test_rows_alone_give_the_root_of_the_plain_definition(store: Store) -> None:
    bodies, read = await filled(store, 600), store.read

    async def tile(level: int, number: int) -> bytes:
        return b"".join(await read.record_hashes(level, number))

    root = await computed(600, tile, lambda tree: tree.root())
    assert root == root_of([leaf(body) for body in bodies])
    proof = await computed(600, tile, lambda tree: tree.inclusion(317))
    assert is_included(bodies[317], 317, 600, proof, root)
    assert len(await read.record_hashes(1, 0)) == 2
    assert await computed(257, tile, lambda tree: tree.root()) == root_of([leaf(body) for body in bodies[:257]])


async def test_entries_wait_while_a_restored_record_is_shorter_than_what_was_published(store: Store) -> None:
    bodies = await filled(store, 3)

    async def wait(tx: Queries) -> list[int | None]:
        await tx.set_published(5)
        return [await tx.put_on_record(Entry(Act.PUBLISHED, 100 + each, 100 + each, 1)) for each in range(2)]

    assert await store.write(wait) == [None, None]
    assert (await store.read.record_head()).size == 3

    async def recover(tx: Queries) -> int:
        for position in (3, 4):
            await tx.take_back(position, Entry(Act.PUBLISHED, 500, position, 1).body)
        return await tx.end_waiting()

    assert await store.write(recover) == 2
    found = [Entry.parse(body) for body in await store.read.record_bodies(0, 99)]
    assert [entry.article for entry in found] == [1, 2, 3, 3, 4, 100, 101]
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)
    assert await store.read.record_bodies(0, 3) == bodies


async def test_a_text_removed_by_law_leaves_an_entry_that_tells_nothing(house: House) -> None:
    number, other = await acts(house, Act.CORRECTED), await acts(house)

    await house.store.write(lambda tx: withdraw(tx, number, house.clock()))

    read = house.store.read
    assert [entry.act for _, entry in await read.recorded(number)] == [Act.PUBLISHED, Act.CORRECTED, Act.WITHDRAWN]
    assert await read.kept_document(number, 1) is None and await read.kept_document(number, 2) is None
    assert await read.kept_document(other, 1) is not None
    for table in ("record_entry", "record_document", "record_sentence", "record_waiting"):
        for row in await read.all(f"SELECT * FROM {table}"):
            values = [bytes(each) if isinstance(each, bytes) else str(each).encode() for each in row]
            assert not any("Автобуси".encode() in each for each in values if table != "record_document")
    assert await house.store.write(lambda tx: withdraw(tx, 99, house.clock())) is None


async def test_a_version_is_found_by_a_sentence_of_it(house: House) -> None:
    number = await acts(house)
    digest = hash_of(["автобуси", "5", "і", "12", "поїдуть", "новим", "мостом"])

    assert (digest, number, 1) in await house.store.read.sentences_from(digest[:3], digest[:3] + "g")


async def test_each_publication_has_one_entry(scene: Scene) -> None:
    await publish(scene, 1)
    await publish(scene, 2)

    published = await rows(scene, f"SELECT id FROM article WHERE state = '{EntryState.PUBLISHED}'")
    assert await rows(scene, "SELECT article_id FROM record_entry") == published
