"""A large audience is counted in by batches; its snapshot is that of the publication."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import ReaderState
from bot.domain.ledger import Dispatch, DispatchState, Position
from bot.storage import Queries, Store, open_store
from bot.storage.ledger import BATCH
from tests.conftest import Scene
from tests.helpers import engine
from tests.helpers.crowd import DESK, an_article, states, tallies

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
#: More than two batches, and not a whole number of pages.
READERS = 2 * BATCH + 1000


def chat(number: int) -> Address:
    return Address(Platform.TELEGRAM, str(number))


async def fill(tx: Queries, readers: int, first: int = 1) -> None:
    await tx.run(
        """INSERT INTO subscriber (platform, chat, language, state, since, changed_at)
           WITH RECURSIVE n (i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end)
           SELECT 'telegram', CAST(i AS TEXT), 'uk', 'active', 0, 0 FROM n""",
        {"first": first, "end": first + readers},
    )


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    store = await open_store(engine.place(tmp_path / "visnyk.db"))
    await store.write(lambda tx: fill(tx, READERS))
    yield store
    await store.close()


async def publish(tx: Queries) -> int:
    entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
    assert entry is not None
    await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
    return (await tx.dispatches(entry.id))[-1].id


async def count_all(store: Store) -> None:
    while (number := await store.read.counting()) is not None:
        await store.write(lambda tx, number=number: tx.count_in(number, NOW))  # type: ignore[misc]


async def counted_in(store: Store, dispatch: Dispatch) -> list[str]:
    """The chats of everyone on the pages; somebody on two would be there twice."""
    rows = await store.read.all("SELECT number FROM page WHERE dispatch_id = :d ORDER BY number", {"d": dispatch.id})
    pages = [await store.read.page(dispatch.id, row[0]) for row in rows]
    numbers = [page.low + p for page in pages for p in page.positions(Position.UNTOUCHED)]
    chats = {row[0]: row[1] for row in await store.read.all("SELECT number, chat FROM subscriber")}
    return [chats[number] for number in numbers]


async def the_dispatch(store: Store, number: int) -> Dispatch:
    dispatch = await store.read.dispatch(number)
    assert dispatch is not None
    return dispatch


async def test_the_first_readers_are_counted_with_the_publication_the_others_after_it(store: Store) -> None:
    number = await store.write(publish)
    at_first = await the_dispatch(store, number)
    await count_all(store)
    dispatch = await the_dispatch(store, number)

    assert 0 < at_first.audience <= BATCH
    assert not at_first.is_counted
    assert dispatch.is_counted
    assert dispatch.audience == READERS
    assert await counted_in(store, dispatch) == [str(n) for n in range(1, READERS + 1)]


@pytest.mark.sqlite
async def test_numbers_that_nobody_has_any_more_are_passed_over_in_one_step(store: Store) -> None:
    """Numbers are never given twice: after years, most of them belong to nobody."""
    jump = 50 * BATCH + 77
    await store.write(lambda tx: tx.run("UPDATE sqlite_sequence SET seq = :n WHERE name = 'subscriber'", {"n": jump}))
    await store.write(lambda tx: fill(tx, 700, READERS + 1))
    number = await store.write(publish)
    steps = 0
    while await store.read.counting() is not None:
        await store.write(lambda tx: tx.count_in(number, NOW))
        steps += 1

    dispatch = await the_dispatch(store, number)
    assert dispatch.audience == READERS + 700
    assert await counted_in(store, dispatch) == [str(n) for n in range(1, READERS + 701)]
    assert steps <= 4


async def test_who_comes_after_the_publication_is_not_counted_in(store: Store) -> None:
    away = chat(READERS)
    await store.write(lambda tx: tx.set_reader(away, ReaderState.MUTED, "", NOW))
    number = await store.write(publish)

    # The clock was set back meanwhile, which must not matter.
    earlier = NOW - timedelta(hours=1)
    await store.write(lambda tx: tx.set_reader(away, ReaderState.ACTIVE, "uk", earlier))
    await store.write(lambda tx: tx.set_reader(chat(READERS + 1), ReaderState.ACTIVE, "uk", earlier))
    await store.write(lambda tx: tx.set_reader(chat(READERS - 1), ReaderState.ACTIVE, "en", NOW))
    await count_all(store)

    dispatch = await the_dispatch(store, number)
    assert await counted_in(store, dispatch) == [str(n) for n in range(1, READERS)]
    assert dispatch.audience == READERS - 1


async def test_who_leaves_before_being_counted_is_left_out(store: Store) -> None:
    number = await store.write(publish)
    await store.write(lambda tx: tx.reader_left(chat(READERS), NOW))
    await store.write(lambda tx: tx.set_reader(chat(READERS - 1), ReaderState.MUTED, "", NOW))
    await count_all(store)

    dispatch = await the_dispatch(store, number)
    assert dispatch.audience == READERS - 2 == len(await counted_in(store, dispatch))


async def test_a_dispatch_is_not_done_while_readers_are_to_be_counted(store: Store) -> None:
    number = await store.write(publish)

    async def send_all(tx: Queries) -> bool:
        await tx.run("UPDATE page SET state = 'done' WHERE dispatch_id = :id", {"id": number})
        return await tx.finish_if_done(number, NOW)

    assert not await store.write(send_all)
    assert (await the_dispatch(store, number)).state is DispatchState.RUNNING
    await count_all(store)
    assert await store.write(send_all)


async def test_the_counting_goes_on_after_a_restart_where_it_was(tmp_path: Path) -> None:
    before = await open_store(engine.place(tmp_path / "visnyk.db"))
    await before.write(lambda tx: fill(tx, READERS))
    number = await before.write(publish)
    await before.write(lambda tx: tx.count_in(number, NOW))
    await before.close()

    again = await open_store(engine.place(tmp_path / "visnyk.db"))
    await count_all(again)
    dispatch = await the_dispatch(again, number)
    chats = await counted_in(again, dispatch)
    await again.close()

    assert chats == [str(n) for n in range(1, READERS + 1)]
    assert dispatch.audience == READERS


async def test_urgent_articles_are_counted_first(store: Store) -> None:
    await store.write(publish)

    async def urgent(tx: Queries) -> int:
        entry = await tx.entry(await tx.add_article(an_article("Тривога", urgent=True), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
        return (await tx.dispatches(entry.id))[-1].id

    number = await store.write(urgent)

    assert await store.read.counting() == number


async def test_pages_that_wait_are_found_by_urgency_then_age_then_order(store: Store) -> None:
    first = await store.write(publish)
    second = await store.write(publish)

    assert await store.read.next_pages(Platform.TELEGRAM, NOW, 3) == [(first, 0), (first, 1), (first, 2)]
    await store.write(lambda tx: tx.run("UPDATE page SET state = 'done' WHERE dispatch_id = 1 AND number > 0"))
    assert await store.read.next_pages(Platform.TELEGRAM, NOW, 3) == [(first, 0), (second, 0), (second, 1)]
    assert await store.read.next_pages(Platform.TELEGRAM, NOW - timedelta(seconds=1), 3) == []


async def test_a_halted_or_stopped_dispatch_is_counted_to_its_end(scene: Scene) -> None:
    """So that the desk sees how many were to get it."""
    store = scene.app.store
    await store.write(lambda tx: fill(tx, READERS))

    async def work(tx: Queries) -> None:
        number = await publish(tx)
        await tx.stop_readers(number, "wrong picture", NOW)

    await store.write(work)
    await _counted(scene)

    assert await states(scene) == {"telegram readers": "stopped"}
    assert (await tallies(scene))["telegram"].waiting == READERS


async def _counted(scene: Scene) -> None:
    store = scene.app.store
    bell = asyncio.Event()
    store.on("dispatch", bell.set)
    while await store.read.counting() is not None:
        bell.clear()
        await bell.wait()
