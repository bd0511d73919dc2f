"""Which pairs of articles the desk is warned of, and which articles are compared."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain import Address, Article, Platform, Run
from bot.domain.entry import Entry, EntryState
from bot.newsroom.duplicates import ALIKE, COMPARED, alike, likeness

LEAD = "Рух відновили в обох напрямках, обмеження для вантажівок зняли."


def article(headline: str, lead: str = "", body: str = "") -> Article:
    return Article(headline, lead, ((Run(body),),) if body else ())


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (
            article("Міст через Сулу відкрили після ремонту", "Рух відновили в обох напрямках."),
            article("Після ремонту відкрили міст через Сулу", "Обидва напрямки знову відкриті для руху."),
            True,
        ),
        (
            article("Новий міст", LEAD, "Ремонт тривав два роки й коштував 120 мільйонів гривень."),
            article("Через Сулу знову їздять", LEAD, "Ремонт тривав два роки і коштував 120 млн гривень."),
            True,
        ),
        (
            article("The library on Market Square opens on Sundays"),
            article("Library on Market Square to open on Sundays"),
            True,
        ),
        (
            article("У Полтаві відкрили міст після ремонту", "Рух відновили."),
            article("У Кременчуці відкрили школу після ремонту", "Діти повернулися до навчання."),
            False,
        ),
        (
            article("Повітряна тривога в Полтавській області", "Залишайтеся в укритті."),
            article("Повітряна тривога в Харківській області", "Залишайтеся в укритті."),
            False,
        ),
        (article("Аварія на трасі"), article("Концерт у парку"), False),
    ],
)  # fmt: skip
def test_the_desk_is_warned_of_the_same_news_and_not_of_the_same_form(
    one: Article, other: Article, alike: bool
) -> None:
    assert (likeness(one, other) >= ALIKE) is alike
    assert likeness(one, other) == likeness(other, one)


NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
WRITER = Address(Platform.TELEGRAM, "1")
BRIDGE = article("Міст через Сулу відкрили після ремонту", LEAD)


def entry(number: int, content: Article, state: EntryState = EntryState.DRAFT) -> Entry:
    return Entry(number, state, 1, content, None, None, WRITER, NOON)


def others(first: int, count: int) -> list[Entry]:
    return [entry(number, article(f"Концерт {number} у парку")) for number in range(first, first + count)]


@pytest.mark.parametrize("waiting", [0, 1, COMPARED // 2, COMPARED, 5 * COMPARED])
@pytest.mark.parametrize("out", [0, 1, COMPARED // 2, COMPARED, 5 * COMPARED])
def test_neither_what_waits_nor_what_is_out_crowds_out_the_other(waiting: int, out: int) -> None:
    new, same_waits, same_out = entry(1, BRIDGE), entry(2, BRIDGE), entry(3, BRIDGE, EntryState.PUBLISHED)

    found = alike(new, [new, same_waits, *others(10, waiting)], [same_out, *others(10_000, out)])
    assert found == [(same_waits, 100), (same_out, 100)]


@pytest.mark.parametrize(("waiting", "out"), [(5, 195), (195, 5), (100, 100), (100, 500), (500, 100)])
def test_two_hundred_articles_are_compared_whatever_their_kind(waiting: int, out: int) -> None:
    same = [entry(number, BRIDGE) for number in range(waiting + out)]
    found = alike(entry(-1, BRIDGE), same[:waiting], same[waiting:])

    assert len(found) == COMPARED
    assert sum(each.id < waiting for each, _ in found) == min(waiting, max(100, COMPARED - out))
