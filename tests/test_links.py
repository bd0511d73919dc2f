"""Links that are not what they seem, and names that would break a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Article, Forward, Media, MediaKind, Related, Run, Sender, Source
from bot.domain.article import Address, Platform
from bot.domain.clean import NAME_LIMIT, one_line
from bot.domain.links import Deceit, deceits, is_odd, odd_hosts

EVIL = "https://evil.example/pay"


@pytest.mark.parametrize(
    ("words", "link", "host"),
    [
        ("https://bank.ua/login", EVIL, "evil.example"),
        ("bank.ua", EVIL, "evil.example"),
        ("на сайті www.bank.ua", EVIL, "evil.example"),
        ("bank.ua", "https://bank.ua.evil.example/", "bank.ua.evil.example"),
        ("BANK.UA", "https://bank.ua@evil.example/", "evil.example"),
        ("bank.ua", "https://www.bank.ua/login", ""),
        ("bank.ua", "https://my.bank.ua/login", ""),
        ("на сайті банку", EVIL, ""),
        ("мер. Він сказав", EVIL, ""),
    ],
)
def test_words_that_show_another_address_are_found_in_text_lead_and_sources(words: str, link: str, host: str) -> None:
    expected = (Deceit(words, host),) if host else ()
    run = Run(words, link=link)

    assert deceits(Article("Міст", body=((run,),))) == expected
    assert deceits(Article("Міст", words, marked_lead=(run,))) == expected
    assert deceits(Article("Міст", sources=(Source(words, link),))) == expected
    assert deceits(Article("Міст", related=(Related(words, link=link),))) == expected


@pytest.mark.parametrize(
    ("host", "odd"),
    [
        ("xn--80ak6aa92e.com", True),
        ("my.xn--80ak6aa92e.com", True),
        ("bаnk.ua", True),  # a Cyrillic а
        ("аррӏе.com", True),  # Cyrillic letters only
        ("bank.ua", False),
        ("новини.укр", False),
        ("новини.com", False),
        ("", False),
    ],
)
def test_a_host_that_imitates_another_is_known(host: str, odd: bool) -> None:
    assert is_odd(host) is odd


def test_odd_addresses_are_found_wherever_they_stand() -> None:
    odd = "https://xn--{}.com/a"
    article = Article(
        "Міст https://xn--headline.com",
        body=((Run("тут", link=odd.format("text")),),),
        media=Media(MediaKind.PHOTO, odd.format("photo"), caption="Фото bаnk.ua", credit=odd.format("credit")),
        sources=(Source("ДСНС", odd.format("source")),),
        link=odd.format("link"),
    )

    kinds = ("text", "source", "link", "photo", "headline", "credit")
    assert set(odd_hosts(article)) == {*(f"xn--{kind}.com" for kind in kinds), "bаnk.ua"}
    assert odd_hosts(Article("Міст", body=((Run("Див. https://example.org/a"),),))) == ()


@given(st.text(st.characters() | st.sampled_from("\n\r\u202e\u2066\u2028\x00 а"), max_size=200))
def test_a_name_is_one_line_without_controls(name: str) -> None:
    address = Address(Platform.TELEGRAM, "1")
    for shown in (one_line(name), Sender(address, name).name, Forward(name).name):
        assert shown == shown.strip() == one_line(shown)
        assert len(shown) <= NAME_LIMIT
        assert not set("\n\r\u202e\u2066\u2028\x00\u200b") & set(shown)


@pytest.mark.parametrize(
    ("name", "shown"), [("Олена  Коваль", "Олена Коваль"), ("a\n#2 owner", "a #2 owner"), ("\u202eb", "b")]
)
def test_a_name_cannot_pretend_to_be_another_line(name: str, shown: str) -> None:
    assert one_line(name) == shown
