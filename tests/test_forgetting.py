"""What is over is forgotten: in time, not earlier, and by steps for which nobody waits."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.adapters.viber import inbound
from bot.domain import Address, Platform
from bot.domain.buttons import ShowLog
from bot.domain.entry import Offer, ReaderState
from bot.domain.ledger import DispatchState, Position
from bot.domain.news import Complete
from bot.domain.people import Role
from bot.newsroom.retention import BATCH, PAGES, Retention
from bot.storage import Queries, Store
from bot.storage.schema import migrations
from bot.storage.sqlite.migration import statements
from tests.helpers.crowd import an_article

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DESK = Address(Platform.TELEGRAM, "1001")
KEEP = Retention(timedelta(days=90))
#: The migration that forgets whom the inbox's keys name.
FORGETS = 22


def reader(number: int) -> Address:
    return Address(Platform.TELEGRAM, str(number))


async def count(store: Store, table: str) -> int:
    return int((await store.read.all(f"SELECT count(*) FROM {table}"))[0][0])


async def handled(tx: Queries, number: int, at: datetime) -> None:
    await tx.receive(Platform.TELEGRAM, str(number), b"{}", at)
    for row in await tx.waiting(1):
        await tx.done(row.id, at)


async def told(tx: Queries, number: int, at: datetime) -> None:
    await tx.tell_desk(f"complete:{number}", Complete(number), at)
    for notice in await tx.untold():
        await tx.told(notice.id, at)


async def away(tx: Queries, number: int, at: datetime) -> None:
    await tx.set_reader(reader(number), ReaderState.ACTIVE, "uk", at - timedelta(days=400))
    await tx.set_reader(reader(number), ReaderState.MUTED, "", at)


async def a_button(tx: Queries, number: int, at: datetime) -> None:
    await tx.add_button(Offer(ShowLog(number, None), DESK, life=timedelta(0)), at)


async def a_card(tx: Queries, number: int, at: datetime) -> None:
    await tx.keep_shown(DESK, number, 1, "", at)


async def a_guess(tx: Queries, number: int, at: datetime) -> None:
    await tx.count_within(str(reader(number)), at, timedelta(hours=1))


async def a_tip(tx: Queries, number: int, at: datetime) -> None:
    await tx.offer_tip(f"reader {number}", Platform.VIBER, "There is no water.", at)


Add = Callable[[Queries, int, datetime], Awaitable[None]]
#: What makes a row, in which table, and how long it is kept.
KEPT: dict[str, tuple[Add, timedelta]] = {
    "inbox": (handled, KEEP.updates),
    "notice": (told, KEEP.notices),
    "subscriber": (away, KEEP.readers),
    "button": (a_button, KEEP.buttons),
    "shown": (a_card, KEEP.shown),
    "guess": (a_guess, KEEP.guesses),
    "tip": (a_tip, KEEP.tips),
}


@pytest.mark.parametrize("table", KEPT)
async def test_what_is_over_is_forgotten_in_its_time_and_not_earlier(store: Store, table: str) -> None:
    add, span = KEPT[table]

    async def fill(tx: Queries) -> None:
        for number in range(2 * BATCH + 1):
            await add(tx, number, NOW)
        await add(tx, 9999, NOW + timedelta(hours=1))

    await store.write(fill)
    await KEEP.forget(store, NOW + span)
    kept = await count(store, table)
    await KEEP.forget(store, NOW + span + timedelta(minutes=1))

    assert kept == 2 * BATCH + 2
    assert await count(store, table) == 1


async def test_news_kept_for_somebody_who_is_away_is_forgotten_once_they_heard_it(store: Store) -> None:
    """Or when they left the desk, or never came back."""

    async def keep(tx: Queries) -> list[int]:
        people = [
            await tx.add_person(reader(n), "", Role.EDITOR, NOW, invited_by=None, wait_until=None) for n in (1, 2)
        ]
        await told(tx, 1, NOW)
        await told(tx, 2, NOW)
        await told(tx, 3, NOW)
        first, second, _ = [row[0] for row in await tx.all("SELECT id FROM notice ORDER BY id")]
        await tx.put_off(first, people, None)
        await tx.put_off(second, people[1:], None)
        return people

    ada, bob = await store.write(keep)
    await KEEP.forget(store, NOW + timedelta(days=20))
    kept = await count(store, "notice")
    heard = await store.write(lambda tx: tx.take_kept_for(ada))
    person = await store.read.person_at(reader(2))
    assert person is not None
    await store.write(lambda tx: tx.remove_person(person, NOW))
    await KEEP.forget(store, NOW + timedelta(days=20))

    assert (kept, len(heard), person.id) == (2, 1, bob)
    assert await count(store, "notice") == await count(store, "put_off") == 0


async def test_news_kept_for_somebody_who_never_comes_back_is_forgotten_too(store: Store) -> None:
    async def keep(tx: Queries) -> None:
        person = await tx.add_person(reader(1), "", Role.EDITOR, NOW, invited_by=None, wait_until=None)
        await told(tx, 1, NOW)
        await tx.put_off(1, [person], None)

    await store.write(keep)
    await KEEP.forget(store, NOW + KEEP.kept)
    kept = await count(store, "notice")
    await KEEP.forget(store, NOW + KEEP.kept + timedelta(minutes=1))

    assert (kept, await count(store, "notice")) == (1, 0)


def test_updates_are_known_longer_than_a_platform_repeats_them() -> None:
    """Telegram keeps what was not taken for 24 hours, Viber calls again for an hour."""
    assert KEEP.updates > timedelta(hours=24)


async def test_each_step_of_forgetting_is_short_and_others_write_between(store: Store) -> None:
    """Every transaction of it forgets a bounded number of rows, and what somebody asks for meanwhile comes first."""
    rows = 5 * BATCH

    async def fill(tx: Queries) -> None:
        for number in range(rows):
            await handled(tx, number, NOW)

    async def look(tx: Queries) -> int:
        return int(await tx.value("SELECT count(*) FROM inbox"))

    await store.write(fill)
    forgetting = asyncio.create_task(KEEP.forget(store, NOW + timedelta(days=3)))
    left = [rows] + [await store.write(look) for _ in range(200)]
    await forgetting

    assert max(before - after for before, after in pairwise(left)) <= BATCH
    assert await count(store, "inbox") == 0


async def test_a_reader_who_stays_and_one_who_returned_are_not_forgotten(store: Store) -> None:
    async def live(tx: Queries) -> None:
        for number in (1, 2, 3):
            await away(tx, number, NOW)
        await tx.set_reader(reader(2), ReaderState.ACTIVE, "", NOW + timedelta(days=80))
        await tx.set_reader(reader(4), ReaderState.ACTIVE, "uk", NOW - timedelta(days=900))

    await store.write(live)
    await KEEP.forget(store, NOW + timedelta(days=91))

    states = [await store.read.reader_state(reader(number)) for number in (1, 2, 3, 4)]
    assert states == [None, ReaderState.ACTIVE, None, ReaderState.ACTIVE]


async def test_a_reader_dropped_after_refusals_left_on_the_day_of_the_last_one(store: Store) -> None:
    async def refuse(tx: Queries) -> None:
        await tx.set_reader(reader(1), ReaderState.ACTIVE, "uk", NOW - timedelta(days=200))
        for day in range(3):
            await tx.strike_readers([1], NOW + timedelta(days=2 * day))

    await store.write(refuse)
    await KEEP.forget(store, NOW + timedelta(days=90))

    assert await store.read.reader_state(reader(1)) is ReaderState.GONE


async def test_message_ids_are_forgotten_and_the_sums_stay(store: Store) -> None:
    readers = 512 * (PAGES + 2)

    async def publish(tx: Queries) -> int:
        for number in range(readers):
            await tx.set_reader(reader(number), ReaderState.ACTIVE, "uk", NOW)
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
        dispatch = (await tx.dispatches(entry.id))[-1]
        while not await tx.count_in(dispatch.id, NOW):
            pass
        for row in await tx.all("SELECT number FROM page"):
            page = await tx.page(dispatch.id, row[0])
            free = page.positions(Position.UNTOUCHED)
            page = page.reserve(free).delivered({position: 7_000 + position for position in free})
            await tx.save_page(page, NOW)
        await tx.finish_if_done(dispatch.id, NOW)
        return dispatch.id

    number = await store.write(publish)
    await KEEP.forget(store, NOW + timedelta(days=30))
    kept = await count(store, "page WHERE ids <> x''")
    await KEEP.forget(store, NOW + timedelta(days=31))
    dispatch = await store.read.dispatch(number)

    assert kept == await count(store, "page") > PAGES
    assert await count(store, "page WHERE ids <> x''") == 0
    assert dispatch is not None
    assert (await store.read.tally(dispatch)).delivered == readers


async def test_ids_of_a_sending_that_goes_on_again_are_forgotten_in_its_own_time(store: Store) -> None:
    async def send(tx: Queries) -> int:
        await tx.set_reader(reader(1), ReaderState.ACTIVE, "uk", NOW)
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
        number = (await tx.dispatches(entry.id))[-1].id
        await tx.stop_readers(number, "halted", NOW)
        return number

    number = await store.write(send)
    await KEEP.forget(store, NOW + timedelta(days=31))
    gone = await store.read.value("SELECT ids_gone FROM dispatch")
    await store.write(lambda tx: tx.settle(number, DispatchState.RUNNING, NOW + timedelta(days=31)))

    assert gone == 1
    assert await store.read.value("SELECT ids_gone FROM dispatch") == 0


def test_an_update_that_was_kept_before_the_upgrade_is_known_when_repeated() -> None:
    """Viber calls again for an hour, also across a restart; its keys no longer name anybody."""
    with closing(sqlite3.connect(":memory:")) as file:
        for number, sql in migrations():
            if number == FORGETS:
                file.execute(
                    """INSERT INTO inbox (platform, key, body, received_at, done_at)
                       VALUES ('viber', 'message:77:r==', x'', 1, 1), ('viber', 'failed:78:r==', x'', 1, 1),
                              ('telegram', '79', x'', 1, 1), ('viber', 'message:80:r==', x'7b7d', 1, NULL)"""
                )
            for statement in statements(sql):
                file.execute(statement)
        kept = dict(file.execute("SELECT key, body FROM inbox").fetchall())

    again = b'{"event":"message","message_token":77,"sender":{"id":"r=="},"message":{"type":"text","text":"/start"}}'
    assert inbound.key(again) in kept
    assert kept == {"message:77": b"", "failed:78:r==": b"", "79": b"", "message:80": b"{}"}
