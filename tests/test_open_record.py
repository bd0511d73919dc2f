"""Where readers find the record: the newsroom's own site if it has one, else our own doors."""

from __future__ import annotations

import pytest

from bot.domain.open_record import OpenRecord
from bot.readers.proofs import Wanted, wanted
from bot.record.codes import code_of

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
        ("", Wanted()),
        ("0", Wanted()),
        ("word", Wanted()),
        ("9" * 30, Wanted()),
    ],
)
def test_an_article_is_asked_about_by_number_code_or_address(typed: str, asked: Wanted) -> None:
    assert wanted(typed) == asked
