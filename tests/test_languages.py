"""An article goes to the readers of its language, and nobody gets less than everything without having been told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain import Address, Platform
from bot.domain.audience import ALL, EVERYBODY, Audience
from bot.domain.entry import ReaderState
from bot.domain.ledger import DispatchState
from bot.storage import Queries, Store
from tests.conftest import Scene
from tests.helpers.crowd import an_article, count, finished, publishes, tallies

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
DESK = Address(Platform.TELEGRAM, "1001")
OURS = ("uk", "en", "pl")
#: What readers chose (once also a language that the newsroom has given up), and what their apps speak.
READS, APPS = ("", "uk", "en", "pl", ALL, "de"), ("uk", "en", "pl", "de", "")
READERS = list(product(READS, APPS))


def reader(number: int) -> Address:
    return Address(Platform.TELEGRAM, str(number))


async def fill(tx: Queries) -> None:
    for number, (reads, app) in enumerate(READERS, 1):
        await tx.set_reader(reader(number), ReaderState.ACTIVE, app, NOW)
        await tx.set_reads(reader(number), reads)


@pytest.mark.parametrize("language", [*OURS, "ru"])
async def test_the_store_counts_in_whom_the_rule_names(store: Store, language: str) -> None:
    audience = Audience.of(language, OURS)
    await store.write(fill)
    bits = await store.read.audience(Platform.TELEGRAM, 1, 1, len(READERS), audience)

    assert [bool(bits >> n & 1) for n in range(len(READERS))] == [audience.has(*who) for who in READERS]


def test_whom_an_article_concerns() -> None:
    first, second = Audience.of("uk", OURS), Audience.of("en", OURS)

    # Whoever has not chosen gets the first language, whatever their app speaks; another one if their app speaks it.
    assert [first.has("", app) for app in APPS] == [True] * 5
    assert [second.has("", app) for app in APPS] == [False, True, False, False, False]
    assert [first.has(reads, "en") for reads in READS] == [True, True, False, False, True, True]
    assert [second.has(reads, "en") for reads in READS] == [True, False, True, False, True, False]


@pytest.mark.parametrize(("language", "ours"), [("uk", ("uk",)), ("en", ("uk",)), ("ru", ("uk", "en"))])
def test_one_language_or_a_foreign_one_goes_to_everybody(language: str, ours: tuple[str, ...]) -> None:
    assert Audience.of(language, ours) == EVERYBODY
    assert all(EVERYBODY.has(*who) for who in READERS)


@pytest.mark.parametrize("readers", [0, 3, 700])
async def test_a_language_that_nobody_reads_is_done_at_once(store: Store, readers: int) -> None:
    async def publish(tx: Queries) -> int:
        for number in range(readers):
            await tx.set_reader(reader(number), ReaderState.ACTIVE, "uk", NOW)
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        size, audience = {Platform.TELEGRAM: 512}, Audience.of("en", ("uk", "en"))
        await tx.add_dispatches(entry, (), size, NOW, silent=False, audience=audience)
        return (await tx.dispatches(entry.id))[-1].id

    dispatch = await store.read.dispatch(await store.write(publish))

    assert dispatch is not None
    assert (dispatch.state, dispatch.audience, dispatch.is_counted) == (DispatchState.DONE, 0, True)


async def test_what_was_begun_before_the_upgrade_goes_on_to_everybody(store: Store) -> None:
    async def begun(tx: Queries) -> int:
        await fill(tx)
        entry = await tx.entry(await tx.add_article(an_article(), DESK, NOW))
        assert entry is not None
        await tx.add_dispatches(entry, (), {Platform.TELEGRAM: 512}, NOW, silent=False)
        # As the row was before it had these columns.
        await tx.run("UPDATE dispatch SET page_size = NULL, counting_from = 0, audience = 0")
        return (await tx.dispatches(entry.id))[-1].id

    number = await store.write(begun)
    assert await store.read.page_size(number) == 512
    assert (await store.read.dispatch(number)).whose == EVERYBODY  # type: ignore[union-attr]


async def test_each_reader_gets_the_articles_of_their_language(scene: Scene) -> None:
    telegram = scene.sandbox.telegram
    people = {"uk": 60_001, "en": 60_002, "pl": 60_003, "chose en": 60_004, "chose all": 60_005}
    for name, person in people.items():
        telegram.add_person(person, name=name, language=name if len(name) == 2 else "uk")
        await scene.says("/start", "", person=person)
    await scene.says("/language en", "Готово", person=people["chose en"])
    await scene.says("/мова Усі мови", "Готово", person=people["chose all"])

    await publishes(scene, an_article("Міст відкрили"), replace(an_article("The bridge is open"), language="en"))
    await finished(scene, 1)
    await finished(scene, 2)

    uk = {name for name, person in people.items() if count(telegram.phone(person), "Міст відкрили")}
    en = {name for name, person in people.items() if count(telegram.phone(person), "The bridge is open")}
    # The English app's owner was not told that only English comes, so the first language comes too.
    assert uk == {"uk", "en", "pl", "chose all"}
    assert en == {"en", "chose en", "chose all"}
    assert (await tallies(scene, 2))["telegram"].audience == 3


async def test_a_new_reader_is_told_that_only_their_language_comes(scene: Scene) -> None:
    telegram = scene.sandbox.telegram
    await publishes(scene, replace(an_article("The bridge is open"), language="en"))
    telegram.add_person(60_002, name="Ann", language="en")
    await scene.says("/start", "It comes in one language: English.", person=60_002)

    await publishes(scene, an_article("Школу закрили"), replace(an_article("A school closed"), language="en"))
    await finished(scene, 3)

    assert count(telegram.phone(60_002), "A school closed")
    assert not count(telegram.phone(60_002), "Школу закрили")
