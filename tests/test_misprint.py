"""The guard on a misprint's correction: facts never pass under that name, and true misprints do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain import Article, Run, Source
from bot.domain.article import Verification
from bot.domain.misprint import Archive, Touched, facts_touched, touched_by
from tests.trials.changes import measured

#: Words that the house has used.
TYPED = """
the council signed resigned a treaty he she will open bridge not on monday in sula kyiv five nine
works mayor міст відкрили закрили не через сулу псел рада підписала договір дійсний справний
скасувала
"""
KNOWN = frozenset(TYPED.split())


def known(word: str) -> int:
    return 2 if word in KNOWN else 0


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        ("The council singed a treaty.", "The council signed a treaty.", None),
        ("The concil signd a treaty.", "The council signed a treaty.", None),
        ("Міст відкриил.", "Міст відкрили.", None),
        ("Міст через Слуу відкрили.", "Міст через Сулу відкрили.", None),
        ("The council will open a brige", "The council will open a bridge", None),
        ("the council signed.", "The council signed.", None),
        ("The coun cil signed.", "The council signed.", None),
        ("15 works", "12 works", Touched.NUMBER),
        ("works in 2O26", "works in 2026", Touched.NUMBER),
        ("a 12 works", "a works", Touched.NUMBER),
        ("five works", "nine works", Touched.WORD),
        ("The council will open.", "The council will not open.", Touched.NEGATION),
        ("Рада не підписала договір", "Рада підписала договір", Touched.NEGATION),
        ("недійсний договір", "дійсний договір", Touched.NEGATION),
        ("The council signed.", "The council resigned.", Touched.WORD),
        ("he will open", "she will open", Touched.WORD),
        ("the mayor in Kyiv", "the mayor in Lviv", Touched.NAME),
        ("the mayor in Kyvi", "the mayor in Kivi", Touched.UNKNOWN),
        ("рада через Сулу", "рада через Псел", Touched.NAME),
        ("The council signed.", "The council signed a treaty.", Touched.WORDS),
        ("Will he open?", "He will open.", Touched.QUOTATION),
        ("The “mayor” works", "The mayor works", Touched.QUOTATION),
        ("he in us", "he in US", Touched.NAME),
        ("th concil wil oen bidge", "the council will open bridge", Touched.MANY),
    ],
)
def test_what_a_change_touches_is_named(old: str, new: str, touched: Touched | None) -> None:
    found = facts_touched(old, new, known)

    assert (found.touched if found else None) is touched, found


def test_around_the_text_only_another_page_of_the_same_site_is_a_misprint() -> None:
    old = Article(
        "Bridge", body=((Run("Works"),),), link="https://a.example/1", sources=(Source("Council"),),
        status=Verification.CONFIRMED,
    )  # fmt: skip

    assert touched_by(old, replace(old, link="https://a.example/2"), known) is None
    for new, touched in (
        (replace(old, link="https://b.example/1"), Touched.LINK),
        (replace(old, sources=(Source("Mayor"),)), Touched.SOURCE),
        (replace(old, status=Verification.DENIAL), Touched.STATUS),
        (replace(old, urgent=True), Touched.OTHER),
        (replace(old, body=()), Touched.OTHER),
        (replace(old, body=((Run("Works", struck=True),),)), Touched.OTHER),
    ):
        found = touched_by(old, new, known)
        assert found is not None and found.touched is touched


def test_of_three_thousand_changed_facts_none_passes_for_a_misprint() -> None:
    found = measured(200, seed=5)

    assert found.facts_let_through == 0 and found.facts == 600
    assert found.misprints_refused <= 0.03 * found.misprints


def test_a_word_is_known_by_the_articles_in_which_it_stands_whole() -> None:
    archive = Archive(
        ["Міст відкрили.", "На мосту обʼїзд, об’їзд!", "Мостом не їздять: 12,5 % місто", "об'їзд COUN-CIL"]
    )

    found = {word: archive(word) for word in ("міст", "об'їзд", "мост", "12,5", "coun-cil", "coun", "щось")}
    assert found == {"міст": 1, "об'їзд": 2, "мост": 0, "12,5": 1, "coun-cil": 1, "coun": 0, "щось": 0}
