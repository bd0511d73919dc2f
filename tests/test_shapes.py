"""Copied pages: what surrounds an article is left out and named, and reporting stays."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Run, plain
from bot.domain.parse import Parsed, Pasted, parse
from bot.domain.shapes import Shape, shape_of
from bot.errors import Refused
from tests.helpers.copies import CLEAN, Case, Clean, cases, page

CASES = list(cases())


def read(text: str) -> Parsed:
    return parse(Pasted.of([Run(text)]))


def text_of(parsed: Parsed) -> list[str]:
    """The paragraphs that readers get, the lead first."""
    article = parsed.article
    return [article.lead, *(plain(paragraph) for paragraph in article.body)]


def expected(case: Case) -> list[str]:
    first, *rest = case.clean.paragraphs
    return [first, *case.kept, *rest]


def test_there_are_cases_enough_in_three_languages() -> None:
    assert len(CASES) >= 250
    assert all(sum(case.clean.language == language for case in CASES) >= 50 for language in ("uk", "en", "ru"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line_around_an_article_is_known_for_what_it_is(case: Case) -> None:
    parsed = read(case.text)
    told = "\n".join([*(each.text for each in parsed.dropped), parsed.article.link])

    assert (parsed.article.headline, text_of(parsed)) == (case.clean.headline, expected(case))
    assert tuple(item.headline for item in parsed.article.related) == case.related
    assert [line for line in case.dropped if line not in told] == []


@pytest.mark.parametrize(
    "line",
    [
        *("28.11.2027, 09:15  👁 1 245", "28.11.2027 09:15 318 переглядів", "👁 318 14 травня 2027"),
        *("Марія Приклад 14 травня 2027, 10:15", "14.05.2027 10:15 Олена Приклад", "Jane Example 14 May 2027 10:15"),
        *("Поділитися: Facebook Twitter", "Поділитися Facebook Telegram Viber", "Поділитися: X, Facebook"),
        *("Share: Facebook · X", "Share Facebook Twitter", "Поделиться: Telegram WhatsApp"),
    ],
)
def test_facts_and_buttons_need_no_sign_between_them(line: str) -> None:
    assert shape_of(line) in (Shape.META, Shape.BUTTON, Shape.DATE, Shape.COUNT)


@pytest.mark.parametrize(
    "line",
    [
        *("24 листопада Олена Приклад виграла", "У Полтаві 12 квітня 318 людей", "12 квітня 2027 318 людей"),
        *("Facebook: прибуток зріс", "Київ, 28 листопада 2027 року 12 поранених", "Telegram і Viber не працюють"),
        *("Share prices fall", "10:30 Марія Приклад вийшла на сцену", "2027 рік: 318 шкіл"),
    ],
)
def test_reporting_with_dates_numbers_and_networks_is_text(line: str) -> None:
    assert shape_of(line) is None


@pytest.mark.parametrize(
    ("line", "shape"),
    [
        ("By Jane Example | Published Nov. 27, 2026 6:15 p.m. | Updated 7:02 p.m. | 2 min read", Shape.META),
        ("28 листопада 2026, 09:14 • 4 хв • Київ", Shape.DATE),
        ("Updated 7:02 p.m.", Shape.DATE),
        ("Share Tweet Email", Shape.BUTTON),
        ("Поділитися Зберегти", Shape.BUTTON),
        ("Reporting by Sam Example in Kyiv; Additional reporting by Jane Doe; Editing by Jo Example", Shape.BYLINE),
        ("The photo shows the court on Nov. 27, 2026. (Jane Example / Example Agency)", Shape.CAPTION),
        ("На фото міст після ремонту, 12 квітня 2027 року. (Олена Приклад)", Shape.CAPTION),
        *((line, None) for line in ("Trains leave at 6 p.m.", "Пауза 10 хв", "Editing by law; writing by hand")),
        *((line, None) for line in ("The photo shows a bridge.", "The picture is clear. (It was not before)")),
    ],
)
def test_rows_of_facts_and_captions_are_told_from_reporting(line: str, shape: Shape | None) -> None:
    assert shape_of(line) is shape


def test_an_address_under_a_source_is_that_sources() -> None:
    story = "Міст відкрили\n\nРух відновили в обох напрямках.\n\n"
    under = read(f"{story}Джерело: ДСНС\nhttps://example.org/dsns")
    apart = read(f"{story}Джерело: ДСНС\n\nhttps://example.org/news/7")
    above = read(f"source: ДСНС\nhttps://example.org/dsns\n\n{story}")
    own = read(f"{story}Джерело: ДСНС https://example.org/dsns\nhttps://example.org/news/7")

    assert [(source.name, source.link) for source in under.article.sources] == [("ДСНС", "https://example.org/dsns")]
    assert under.article.link == ""
    assert above.article.sources == under.article.sources
    assert (apart.article.sources[0].link, apart.article.link) == ("", "https://example.org/news/7")
    assert (own.article.sources, own.article.link) == (under.article.sources, "https://example.org/news/7")


@pytest.mark.parametrize("clean", CLEAN, ids=lambda clean: clean.headline)
def test_a_clean_copy_keeps_its_title_and_all_paragraphs(clean: Clean) -> None:
    for gap in ("\n\n", "\n"):
        parsed = read(gap.join([clean.headline, *clean.paragraphs]))

        assert (parsed.article.headline, text_of(parsed)) == (clean.headline, list(clean.paragraphs))
        assert (parsed.dropped, parsed.marks) == ((), ())


@given(st.sampled_from(CLEAN), st.integers(0, 10_000))
def test_furniture_in_all_places_at_once_takes_nothing_with_it(clean: Clean, seed: int) -> None:
    parsed = read(page(clean, random.Random(seed)))

    assert (parsed.article.headline, text_of(parsed)) == (clean.headline, list(clean.paragraphs))


#: Texts that took long, each a pattern of some shape's.
ENDLESS = (
    "1\n",
    "Facebook\n",
    "Читайте також\nX\n",
    "— ",
    "/ © ",
    "Фото: ",
    "a@a.a.",
    "( ",
    "A B ",
    "Автор: ",
    "<p>",
    "**",
    "Від: a\nТема: b\n\nслово сказане тут.\n",
    "Слово\n12.04.2027\n",
    "Речення тут є.\nтег\nтег\nтег\n",
)


@pytest.mark.alone
@pytest.mark.parametrize("piece", ENDLESS)
def test_no_text_takes_long(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    began = time.process_time()
    with suppress(Refused):
        read(text)

    assert time.process_time() - began < 3
