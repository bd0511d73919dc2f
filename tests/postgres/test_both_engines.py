"""The store keeps the same promises on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from bot.domain import Platform
from bot.errors import Refused
from bot.storage import Place, Queries, Store, open_store
from tests.helpers.subscribing import subscribe


@pytest.fixture(params=["sqlite", "postgresql"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    address = request.getfixturevalue("address") if request.param == "postgresql" else ""
    opened = await open_store(Place(tmp_path / "visnyk.db", address))
    yield opened
    await opened.close()


async def test_writes_that_wait_together_are_committed_together(store: Store) -> None:
    bells: list[int] = []
    store.on("rung", lambda: bells.append(1))

    async def work(tx: Queries, number: int) -> None:
        await subscribe(tx, number)
        tx.signal("rung")

    await asyncio.gather(*(store.write(lambda tx, n=n: work(tx, n)) for n in range(150)))  # type: ignore[misc]

    assert await store.read.count_readers(Platform.TELEGRAM) == 150
    assert len(bells) <= 3


async def test_a_write_behind_waits_for_all_others_but_not_for_ever(store: Store) -> None:
    order: list[int] = []
    writes: list[asyncio.Task[None]] = []

    async def work(number: int, _tx: Queries) -> None:
        order.append(number)
        # The next is asked for before this one is over: the writer never finds that nobody waits.
        if number < 100:
            writes.append(asyncio.create_task(store.write(partial(work, number + 1))))
            await asyncio.sleep(0)

    async def by_the_way(_tx: Queries) -> None:
        order.append(-1)

    behind = asyncio.create_task(store.write(by_the_way, behind=True))
    writes.append(asyncio.create_task(store.write(partial(work, 1))))
    await behind
    while len(order) < 101:
        await asyncio.gather(*writes)

    assert 8 < order.index(-1) < 100
    order.remove(-1)
    assert order == list(range(1, 101))


async def test_a_cancelled_error_inside_a_write_does_not_end_the_writer(store: Store) -> None:
    async def cancelled(tx: Queries) -> None:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await store.write(cancelled)
    await store.write(lambda tx: subscribe(tx, 1))

    assert await store.read.count_readers(Platform.TELEGRAM) == 1


async def test_what_is_undone_by_a_refusal_leaves_what_was_before_it(store: Store) -> None:
    async def work(tx: Queries) -> None:
        await subscribe(tx, 1)
        try:
            async with tx.undone_by(Refused):
                await subscribe(tx, 2)
                raise Refused("no")
        except Refused:
            await subscribe(tx, 3)

    await store.write(work)

    assert [row[0] for row in await store.read.all("SELECT chat FROM subscriber ORDER BY chat")] == ["1", "3"]


async def test_what_succeeds_inside_undone_by_stays_and_another_error_undoes_all(store: Store) -> None:
    async def fine(tx: Queries) -> None:
        async with tx.undone_by(Refused):
            await subscribe(tx, 1)

    async def broken(tx: Queries) -> None:
        await subscribe(tx, 2)
        async with tx.undone_by(Refused):
            raise KeyError("other")

    await store.write(fine)
    with pytest.raises(KeyError):
        await store.write(broken)

    assert [row[0] for row in await store.read.all("SELECT chat FROM subscriber")] == ["1"]
