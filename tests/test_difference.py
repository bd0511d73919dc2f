"""What changed between two versions is shown in full and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.history import FIELDS
from bot.domain import Article, Media, MediaKind, Origin, Related, Run, Source, Verification, plain
from bot.domain.article import Earlier, LeftOut
from bot.domain.change import After
from bot.domain.difference import COMPARED, Change, changed_fields, difference

ARTICLE = Article(
    "Міст через Сулу відкрили після ремонту",
    lead="Рух відновили.",
    body=((Run("Перший абзац."),), (Run("Другий абзац."),)),
    sources=(Source("ОВА"),),
)
OTHER: dict[str, Any] = {
    "headline": "Міст закрили",
    "lead": "",
    "body": ((Run("Перший абзац."),), (Run("Інший абзац."),)),
    "media": Media(MediaKind.PHOTO, url="https://example.org/1.jpg"),
    "sources": (Source("ДСНС", "https://example.org/2"),),
    "link": "https://example.org/3",
    "topics": ("мости",),
    "language": "en",
    "urgent": True,
    "related": (Related("Раніше"),),
    "video": True,
    "status": Verification.CONFIRMED,
    "note": "Телефонував прессекретар",
    "origin": Origin("Олена Приклад", "12 квітня 2027"),
    "about": Earlier(12, "Міст через Сулу"),
    "after": After.STUB,
    "pin": 90,
}


def shown(change: Change) -> tuple[str, str]:
    """The changed words in brackets."""
    sides = (
        "".join(f"[{run.text}]" if run.bold else run.text for run in side) for side in (change.removed, change.added)
    )
    removed, added = sides
    return removed, added


def test_a_word_is_shown_with_a_few_around_it() -> None:
    new = replace(ARTICLE, headline="Міст через Псел відкрили після ремонту та перевірки")

    (change,) = difference(ARTICLE, new)
    assert change.field == "headline"
    assert shown(change) == (
        "Міст через [Сулу] відкрили після ремонту",
        "Міст через [Псел] відкрили після ремонту [та перевірки]",
    )


def test_what_only_came_in_is_shown_once_and_long_stretches_are_cut() -> None:
    words = " ".join(f"слово{number}" for number in range(30))
    old, new = (replace(ARTICLE, lead=lead) for lead in (words, words.replace("слово20", "слово20 нове")))

    (change,) = difference(old, new)
    assert shown(change) == ("", "… слово18 слово19 слово20 [нове] слово21 слово22 слово23 …")


def test_paragraphs_that_stayed_are_left_out() -> None:
    new = replace(ARTICLE, body=(*ARTICLE.body, (Run("Третій абзац."),)))

    (change,) = difference(ARTICLE, new)
    assert shown(change) == ("", "[Третій абзац.]")


def test_another_address_behind_the_same_words_is_seen() -> None:
    one, two = ((Run("Деталі", link=f"https://example.org/{number}"),) for number in (1, 2))
    (change,) = difference(replace(ARTICLE, body=(one,)), replace(ARTICLE, body=(two,)))

    assert shown(change) == ("Деталі [(https://example.org/1)]", "Деталі [(https://example.org/2)]")


def test_what_reads_the_same_is_said_to_look_different() -> None:
    bold = replace(ARTICLE, body=((Run("Перший абзац.", bold=True),), *ARTICLE.body[1:]))

    assert difference(ARTICLE, bold) == [Change("body", (), ())]


def test_a_lead_that_is_struck_out_reads_the_same_and_looks_different() -> None:
    struck = replace(ARTICLE, marked_lead=(Run(ARTICLE.lead, struck=True),))

    assert difference(ARTICLE, struck) == [Change("lead", (), ())]
    assert difference(struck, struck) == []


def test_lines_that_were_left_out_are_no_part_of_the_article() -> None:
    new = replace(ARTICLE, origin=Origin(left_out=(LeftOut((Run("Поділитися"),)),)))

    assert difference(ARTICLE, new) == []
    assert changed_fields(ARTICLE, new) == set()


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Article)} - {"marked_lead", "changes"}))
def test_every_part_of_an_article_has_a_name_and_a_difference(name: str) -> None:
    (change,) = difference(ARTICLE, replace(ARTICLE, **{name: OTHER[name]}))

    assert change.field == name
    assert change.removed or change.added
    assert name in FIELDS


def test_endless_paragraphs_are_not_compared_word_by_word() -> None:
    old, new = (replace(ARTICLE, lead=" ".join([word] * COMPARED * 2)) for word in ("а", "б"))

    (change,) = difference(old, new)
    assert len(plain(change.removed)) < 100


@given(st.lists(st.text(), max_size=4), st.lists(st.text(), max_size=4))
def test_a_difference_is_there_when_the_words_differ_and_only_then(one: list[str], other: list[str]) -> None:
    old, new = (replace(ARTICLE, topics=tuple(topics)) for topics in (one, other))

    assert bool(difference(old, new)) == (one != other)
