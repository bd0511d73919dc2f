"""Our accounts are told by their numbers; every known trick of imitation is seen, and honest names are left alone."""

from __future__ import annotations

import pytest

from bot.domain import Platform
from bot.domain.official import Account, Likeness, at, imitated, own, together
from tests.trials.genuine.names import HONEST, IMITATIONS, OURS, T, missed, suspected

TITLES = ["Зарічне", "ЗАРІЧНЕ", "Зapiчне", "Зaрічнe ⚡️", "  зарічне!", "«Вісник»", "BICHИK"]
HONEST_TITLES = ["Зарічне сьогодні", "Вісник Полтави", "Новини", "Вісті", "Заріччя", ""]


def test_every_known_trick_is_seen_and_next_to_no_honest_name() -> None:
    assert (len(IMITATIONS.split()), missed()) == (20, [])
    assert len(HONEST) > 700
    assert len(suspected()) * 500 <= len(HONEST), suspected()


@pytest.mark.parametrize("title", TITLES)
def test_our_title_on_another_number_is_no_chance(title: str) -> None:
    found = imitated(OURS, Account(T, "-9", "", title))

    assert found is not None and found.likeness is Likeness.SAME_TITLE and found.likeness.is_certain


@pytest.mark.parametrize("title", HONEST_TITLES)
def test_a_title_that_shares_a_word_with_ours_is_nobodys_imitation(title: str) -> None:
    assert imitated(OURS, Account(T, "-9", "", title)) is None


@pytest.mark.parametrize(
    ("name", "likeness", "is_certain"),
    [
        ("zarichne_new5", Likeness.SAME_NAME, True),
        ("Zarichne_News_UA", Likeness.AFFIX, False),
        ("zarichna_news", Likeness.NEAR, False),
    ],
)
def test_only_a_name_that_looks_the_same_is_no_chance(name: str, likeness: Likeness, is_certain: bool) -> None:
    found = imitated(OURS, Account(T, "-9", name))

    assert found is not None
    assert (found.ours.id, found.likeness, found.likeness.is_certain) == ("-1001", likeness, is_certain)


def test_an_account_that_is_told_of_twice_is_listed_once() -> None:
    listed = [Account(T, "-1001", "zarichne_news", "Зарічне")]
    posted = [Account(T, "-1001"), Account(T, "", "Zarichne_News"), Account(Platform.VIBER, title="Зарічне")]
    linked = [at("https://t.me/zarichne_news", T), at("https://t.me/+AbC", T), at("https://t.me/+AbC", T)]

    assert together(listed, posted, linked) == (listed[0], posted[2], linked[1])
    assert (linked[0].name, linked[0].address) == ("zarichne_news", "https://t.me/zarichne_news")
    assert linked[1].address == "https://t.me/+AbC"


def test_a_number_decides_and_a_name_only_where_no_number_is_known() -> None:
    assert own(OURS, Account(T, "-1001", "renamed", "Інша назва")) is OURS[0]
    assert own(OURS, Account(T, "-9", "zarichne_news", "Зарічне")) is None
    assert own(OURS, Account(T, "", "Zarichne_News")) is OURS[0]
    assert own(OURS, Account(T, "-3", "sula_today")) is OURS[3]
    assert own(OURS, Account(Platform.VIBER, "-1001")) is None
    assert imitated(OURS, Account(T, "-9", "zarichne_news")) is not None
    assert imitated(OURS, OURS[0]) is None
