"""Every text that a person may read exists in every language, with the same places for values.

`python -m tests.test_texts` brings the catalogues up to date with the code.
"""

from __future__ import annotations

import ast
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from babel.messages.pofile import write_po

from bot.texts import DOMAIN, Catalogue, Words
from config.settings import LOCALES
from tests.helpers.catalogue import (
    LANGUAGES,
    catalogue_file,
    forms,
    messages,
    texts_in,
    texts_in_code,
    texts_of,
)

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    catalogue = texts_of(language)
    wanted = {message.id for message in messages(texts_in_code())}

    assert wanted
    assert {message.id for message in messages(catalogue)} == wanted
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_each_text_with_the_same_places(language: str) -> None:
    for message in messages(texts_of(language)):
        said = forms(message.string)
        original = [places(form) for form in forms(message.id)]
        assert said, message.id
        assert all(said), message.id
        assert not message.fuzzy, message.id
        assert places(said[-1]) == original[-1], message.id
        assert all(places(form) in original for form in said), message.id


def test_english_says_what_the_code_says() -> None:
    assert [(m.id, forms(m.string)) for m in messages(texts_of("en")) if forms(m.id) != forms(m.string)] == []


def test_texts_are_found_however_the_code_names_them() -> None:
    code = """
GONE = "It is gone."
DAYS = {0: text_id("today")}
def unclear(text: str) -> Refused: ...
raise Refused(GONE, id=1)
raise unclear("What?")
words("yes" if sure else "no")
self.words.plural("{n} reader", "{n} readers", 3)
Notice(row["id"])
words(spoken)
"""

    assert set(texts_in(ast.parse(code))) == {
        "It is gone.",
        "today",
        "What?",
        "yes",
        "no",
        ("{n} reader", "{n} readers"),
    }


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue.load(LOCALES)


@pytest.fixture
def uk(catalogue: Catalogue) -> Words:
    return catalogue.say("uk")


@pytest.fixture
def en(catalogue: Catalogue) -> Words:
    return catalogue.say("en")


def test_both_languages_are_there_and_an_unknown_one_gets_the_first(catalogue: Catalogue) -> None:
    assert catalogue.languages == ("uk", "en")
    assert [catalogue.say(code).language for code in ("en-GB", "UK", "pl", "")] == ["en", "uk", "uk", "uk"]
    assert Catalogue.load(LOCALES, default="en").say("pl").language == "en"


def test_a_translators_file_is_what_people_read(tmp_path: Path) -> None:
    po = tmp_path / "uk" / "LC_MESSAGES" / f"{DOMAIN}.po"
    po.parent.mkdir(parents=True)
    header = catalogue_file("uk").read_text(encoding="utf-8").split("\n\n")[0]
    po.write_text(
        header + '\n\nmsgid "{n} reader of {name}"\nmsgid_plural "{n} readers of {name}"\n'
        'msgstr[0] "{n} читач «{name}»"\nmsgstr[1] "{n} читачі «{name}»"\nmsgstr[2] "{n} читачів «{name}»"\n',
        encoding="utf-8",
    )
    words = Catalogue.load(tmp_path).say("uk")

    said = [
        words.plural("{n} reader of {name}", "{n} readers of {name}", n, name="В{n}") for n in (1, 2, 5, 11, 21, 1200)
    ]

    assert said == [
        "1 читач «В{n}»",
        "2 читачі «В{n}»",
        "5 читачів «В{n}»",
        "11 читачів «В{n}»",
        "21 читач «В{n}»",
        "1\xa0200 читачів «В{n}»",
    ]


def test_values_are_put_in_as_they_are(en: Words) -> None:
    assert en("{a} and {b}", a="{b}", b=2) == "{b} and 2"
    assert en("no {places} without values") == "no {places} without values"
    assert en("") == ""


@pytest.mark.parametrize(
    ("ahead", "in_ukrainian", "in_english"),
    [
        (timedelta(hours=4, minutes=30), "сьогодні о 18:30", "today at 18:30"),
        (timedelta(hours=19), "завтра о 09:00", "tomorrow at 09:00"),
        (timedelta(days=-1), "учора о 14:00", "yesterday at 14:00"),
        (timedelta(days=2, hours=4, minutes=30), "пт, 4 груд. о 18:30", "Fri, Dec 4 at 18:30"),
        (timedelta(days=42), "ср, 13 січ. 2027\u202fр. о 14:00", "Wed, Jan 13, 2027 at 14:00"),
    ],
)
def test_a_time_is_told_as_people_of_each_language_say_it(
    uk: Words, en: Words, ahead: timedelta, in_ukrainian: str, in_english: str
) -> None:
    assert uk.day_time(NOW + ahead, KYIV, NOW) == in_ukrainian
    assert en.day_time(NOW + ahead, KYIV, NOW) == in_english


def test_today_ends_at_the_newsrooms_midnight(en: Words) -> None:
    late = datetime(2026, 12, 2, 21, 59, tzinfo=UTC)

    assert en.day_time(late, KYIV, NOW) == "today at 23:59"
    assert en.day_time(late + timedelta(minutes=1), KYIV, NOW) == "tomorrow at 00:00"
    assert en.time(late, KYIV) == "23:59"


@pytest.mark.parametrize(
    ("span", "in_ukrainian", "in_english"),
    [
        (timedelta(), "0 с", "0 sec"),
        (timedelta(minutes=1), "1 хв", "1 min"),
        (timedelta(minutes=90), "1 год і 30 хв", "1 hr, 30 min"),
        (timedelta(days=2, hours=3, minutes=9), "2 дн. і 3 год", "2 days, 3 hr"),
        (timedelta(seconds=-5), "5 с", "5 sec"),
    ],
)
def test_a_duration_is_told_in_its_two_largest_units(
    uk: Words, en: Words, span: timedelta, in_ukrainian: str, in_english: str
) -> None:
    assert uk.duration(span) == in_ukrainian
    assert en.duration(span) == in_english


def test_numbers_are_written_as_each_language_does(uk: Words, en: Words) -> None:
    assert uk.number(48_120) == "48\xa0120"
    assert en.number(48_120) == "48,120"


def update(language: str) -> None:
    """New texts in, old ones out; English says what the code says, other languages wait for a translator."""
    catalogue = texts_of(language)
    catalogue.update(texts_in_code(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    for message in messages(catalogue):
        if language == "en":
            message.string = message.id
    written = io.BytesIO()
    write_po(written, catalogue, width=116, ignore_obsolete=True, sort_output=True)
    header = catalogue_file(language).read_text(encoding="utf-8").partition("\n\n")[0]
    body = written.getvalue().decode().partition("\n\n")[2]
    catalogue_file(language).write_text(f"{header}\n\n{body.strip()}\n", encoding="utf-8")


if __name__ == "__main__":
    for language in LANGUAGES:
        update(language)
