"""Readers find what was published by its words, in any form of them, and never what was not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Article
from bot.domain.entry import EntryState
from bot.domain.finding import MOST, ranked, stem, weights
from bot.readers.finding import catch_up, find
from bot.storage import Queries, open_store
from tests.helpers.published import BRIDGE, published

TROLLEY = Article("Тролейбуси №5 ходитимуть довше", lead="На Сихів додали п’ять рейсів.")
LIBRARY = Article("The library on Market Square opens on Sundays", language="en")
CITY = Article("Місто отримало нові трамваї", lead="Їх побачать у місті навесні.")
ALL = (BRIDGE, TROLLEY, LIBRARY, CITY)


@pytest.mark.parametrize("forms", [
    "міст мосту моста мостом мости мостів мост", "тролейбус тролейбуси тролейбусів тролейбусом троллейбус",
    "вибори виборів виборам виборами", "бібліотека бібліотеки бібліотеку бібліотекою бібліотек",
    "місто міста місті містом", "дорога дороги доріг дорогу", "школа школи шкіл", "Львів Львова Львові".lower(),
    "bridge bridges", "library libraries", "вода води воду водою",
])  # fmt: skip
def test_the_forms_of_a_word_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


def test_a_bridge_is_no_city() -> None:
    assert stem("мосту") != stem("місту")


@given(st.text(max_size=2000), st.text(max_size=300))
def test_an_article_has_a_bounded_number_of_stems(lead: str, headline: str) -> None:
    assert len(weights(Article(headline, lead=lead))) <= MOST


def test_the_headline_counts_most_and_then_the_newest() -> None:
    found = {"мост": {1: 3, 2: 1, 3: 3}}

    assert ranked(found) == [3, 1, 2]


def test_an_article_that_answers_too_little_is_not_found() -> None:
    found = {"мост": dict.fromkeys(range(100), 1), "рідкісн": {}}

    assert ranked(found) == []


@pytest.mark.parametrize(("asked", "expected"), [
    ("Де новини про міст?", [BRIDGE]), ("що з мостом", [BRIDGE]), ("где новости про мост", [BRIDGE]),
    ("Коли поїде тролейбус на Сихів?", [TROLLEY]), ("libraries", [LIBRARY]), ("where is the library?", [LIBRARY]),
    ("трамвай", [CITY]), ("погода на завтра", []), ("? ? ?", []), ("'; DROP TABLE findable; --", []),
    ("😀" * 4096, []), ("", []),
])  # fmt: skip
async def test_questions_find_what_was_published_before_the_index(
    tmp_path: Path, asked: str, expected: list[Article]
) -> None:
    store = await open_store(tmp_path / "visnyk.db")
    try:

        async def fill(tx: Queries) -> None:
            for article in ALL:
                await published(tx, article)
            await tx.set_unfindable(len(ALL))

        await store.write(fill)
        await catch_up(store)

        assert [entry.article for entry in await find(store.read, asked)] == expected
        assert await store.read.unfindable_upto() == 0
    finally:
        await store.close()


@pytest.mark.parametrize("state", [state for state in EntryState if state is not EntryState.PUBLISHED])
async def test_what_is_not_published_is_never_found(tmp_path: Path, state: EntryState) -> None:
    store = await open_store(tmp_path / "visnyk.db")
    try:
        number = await store.write(lambda tx: published(tx, BRIDGE, state))
        await store.write(lambda tx: tx.set_unfindable(number))
        await catch_up(store)
        by_index = await find(store.read, "міст")
        await store.write(lambda tx: tx.make_findable(number, weights(BRIDGE)))

        assert by_index == await find(store.read, "міст") == []
        assert len(await store.read.articles_with("мост", 10)) == 1
    finally:
        await store.close()
