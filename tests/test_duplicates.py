"""Which pairs of articles the desk is warned of."""

from __future__ import annotations

import pytest

from bot.domain import Article, Run
from bot.newsroom.duplicates import ALIKE, likeness

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
