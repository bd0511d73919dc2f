"""The index finds a published article by any piece of it, and never one that waits, is held or was stopped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import Address, Platform
from bot.domain.entry import EntryState
from bot.domain.genuine import COMMON, Imprint, Rendition, asked_of, found_by, grams_of, read
from bot.newsroom import imprint
from bot.storage import Queries, Store
from tests.conftest import ARTICLE, Scene
from tests.helpers.published import BRIDGE, published

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
READER = Address(Platform.VIBER, "a=")


async def found(read_side: Queries, text: str) -> list[int]:
    asked = asked_of(read(text))
    return found_by(asked, await read_side.having_grams(list(asked)))


async def test_every_text_that_readers_hold_is_kept_as_it_goes_out(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "чернетка")
    store = scene.app.store.read
    before = await found(store, ARTICLE)
    await scene.says("/urgent 1", "#1")
    await scene.until(lambda: scene.channel() and scene.viber_channel())

    kept = await store.renditions(1)
    assert before == []
    assert await found(store, ARTICLE) == [1]
    for post in (scene.channel()[0].text, scene.viber_channel()[0].text):
        assert read(post).without_tail(kept[0].rendition.tails()).keys in [each.rendition.read().keys for each in kept]


@pytest.mark.parametrize("state", list(EntryState))
async def test_only_what_was_published_gets_an_imprint_after_an_upgrade(scene: Scene, state: EntryState) -> None:
    store = scene.app.store
    number = await store.write(lambda tx: published(tx, BRIDGE, state))
    await store.write(lambda tx: tx.set_unprinted(number))
    await imprint.catch_up(store, scene.app.newsroom)

    assert await found(store.read, BRIDGE.headline) == ([number] if state is EntryState.PUBLISHED else [])
    assert bool(await store.read.renditions(number)) is (state is EntryState.PUBLISHED)
    assert await store.read.unprinted_upto() == 0


async def test_a_line_that_every_article_has_is_kept_of_some(store: Store) -> None:
    grams = grams_of([read("Слідкуйте за нашими новинами щодня і всюди")])

    async def fill(tx: Queries) -> None:
        for number in range(1, COMMON + 20):
            await tx.add_imprint(number, 1, Imprint((Rendition("full", "x"),), grams), NOW)

    await store.write(fill)

    assert len({article for _, article in await store.read.having_grams(list(grams))}) == COMMON


async def test_whoever_compares_a_text_is_counted_and_forgotten(store: Store) -> None:
    await store.write(lambda tx: tx.note_check(READER, 1, 1, NOW))

    assert await store.read.checks_since(READER, NOW.replace(hour=7), 5) == [NOW]
    await store.write(lambda tx: tx.forget_checks_of(READER))
    assert await store.read.checks_since(READER, NOW.replace(hour=7), 5) == []
