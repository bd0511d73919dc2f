"""Where readers find the record: the newsroom's own site if it has one, else our own doors."""

from __future__ import annotations

import pytest

from bot.domain.codes import article_code, article_of, code_of, index_of
from bot.domain.open_record import OpenRecord
from bot.readers.proofs import Wanted, wanted

SITE, DOORS = "https://news.example", "https://bot.example/"
BELOW = "/.well-known/visnyk"


@pytest.mark.parametrize(
    ("record", "page", "version", "proof"),
    [
        (OpenRecord(SITE), f"{SITE}{BELOW}/verify.html", f"{SITE}{BELOW}/verify.html#0000A3", ""),
        (
            OpenRecord("", DOORS),
            f"https://bot.example{BELOW}/verify.html",
            "https://bot.example/v/0000A3",
            f"https://bot.example{BELOW}/proof/12-2.tlog-proof",
        ),
        (
            OpenRecord(SITE, DOORS),
            f"{SITE}{BELOW}/verify.html",
            f"{SITE}{BELOW}/verify.html#0000A3",
            f"https://bot.example{BELOW}/proof/12-2.tlog-proof",
        ),
    ],
)
def test_readers_are_led_to_the_record_where_it_is(record: OpenRecord, page: str, version: str, proof: str) -> None:
    assert record.is_open
    assert (record.page, record.version("0000A3"), record.proof(12, 2)) == (page, version, proof)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("12", Wanted(article=12)),
        (" #12 ", Wanted(article=12)),
        (code_of(5), Wanted(index=5)),
        (code_of(5).lower(), Wanted(index=5)),
        (f"https://bot.example/v/{code_of(5)}", Wanted(index=5)),
        (f"https://news.example{BELOW}/verify.html#{code_of(5)}", Wanted(index=5)),
        (article_code(5), Wanted(article=5)),
        (f"https://bot.example/v/{article_code(5).lower()}", Wanted(article=5)),
        ("", Wanted()),
        ("0", Wanted()),
        ("word", Wanted()),
        ("9" * 30, Wanted()),
    ],
)
def test_an_article_is_asked_about_by_number_code_or_address(typed: str, asked: Wanted) -> None:
    assert wanted(typed) == asked


@pytest.mark.parametrize("number", [1, 12, 31, 32, 32**4, 32**5 - 1, 32**5, 32**6 - 1])
def test_an_articles_code_is_no_entrys_and_an_entrys_no_articles(number: int) -> None:
    code = article_code(number)

    assert (article_of(code), index_of(code)) == (number, None)
    assert article_of(code.lower().replace("0", "o")) == number
    assert (article_of(code_of(number)), index_of(code_of(number))) == (None, number)
    assert article_of(code[:-1] + ("Y" if code[-1] != "Y" else "X")) is None


def test_a_link_under_posts_is_known_by_the_articles_number_alone() -> None:
    doors, site = OpenRecord("", DOORS, is_linked=True), OpenRecord(SITE, DOORS, is_linked=True)

    assert doors.under(12) == f"https://bot.example/v/{article_code(12)}"
    assert site.under(12) == f"{SITE}{BELOW}/verify.html#{article_code(12)}"
    assert [each.under(12) for each in (OpenRecord("", DOORS), OpenRecord(is_linked=True))] == ["", ""]
    assert doors.under(0) == ""
    for link in (doors.under(12), site.under(12), doors.under(12).removeprefix("https://")):
        assert site.code_in(link) == article_code(12)
    for link in ("https://bot.example.evil/v/00000CK", "https://evil.example/v/00000CK", ""):
        assert site.code_in(link) == ""
