"""Pasted text: what readers see stays, what nobody sees goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Run, plain
from bot.domain.clean import clean, merge, mixed_words

#: Every kind of trouble often, so that neighbours meet.
TROUBLE = st.sampled_from(
    "aйи\u0306å\u030a\u0333\u033f\u0301\u0323eе 1#\u00a0\u2009\u202f\t\n\r\v\u2028\u200b\u200c\u200d\ufe0f\ufe0e"
    "\u202e\u2066\u00ad\ufeff\x00\x85👩👧🏽❤🏴\U000e0067\U000e0062\U000e007f\U000e0101中क्ष\ud800\u034f\u2800"
)
TEXTS = st.text(alphabet=TROUBLE | st.characters(), max_size=30)
RUNS = st.lists(st.builds(Run, text=TEXTS, bold=st.booleans()), max_size=5)


def cleaned(text: str) -> str:
    return plain(clean([Run(text)]).runs)


@pytest.mark.parametrize(
    ("pasted", "seen", "removed"),
    [
        ("Річка Інгулець", "Річка Інгулець", 0),
        ("и\u0306 \u0456\u0308 a\u030a", "й ї å", 0),
        ("сло\u030aво під\u0333кре\u033fслене", "слово підкреслене", 3),
        ("Київ\u200bська \u202eобласть\u202c", "Київська область", 3),
        ("\ufeffпере\u00adнос", "перенос", 2),
        ("один\r\nдва\rтри\u2028чотири\u2029п'ять\x0bшість", "один\nдва\nтри\nчотири\nп'ять\nшість", 0),
        ("1\u00a0000\t2\u2009000 3\u202f000", "1\u00a0000 2 000 3\u00a0000", 0),
        ("дзвін\x07 \x7f\x85кінець", "дзвін \nкінець", 2),
        ("сурогат \ud83d.", "сурогат .", 1),
        ("👨‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈 👩🏽‍⚕️ ℹ️", "👨‍👩‍👧 ❤️ 1️⃣ 🏳️‍🌈 👩🏽‍⚕️ ℹ️", 0),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None, 0),
        ("таємниця\U000e0067\U000e0062", "таємниця", 2),
        ("сло\u200dво й сло\u200cво, а\ufe0f", "слово й слово, а", 3),
        ("می\u200cخواهم", "می\u200cخواهم", 0),
        ("e\u200b\u0301", "é", 1),
    ],
)
def test_readers_see_what_was_pasted_and_nothing_hides(pasted: str, seen: str | None, removed: int) -> None:
    result = clean([Run(pasted)])

    assert plain(result.runs) == (pasted if seen is None else seen)
    assert result.removed == removed


def test_a_line_break_split_between_two_looks_is_one_line_break() -> None:
    result = clean([Run("перший\r", bold=True), Run("\nдругий")])

    assert plain(result.runs) == "перший\nдругий"
    assert result.removed == 0


def test_bold_that_ends_inside_a_letter_takes_the_whole_letter() -> None:
    result = clean([Run("краи", bold=True), Run("\u0306 світу")])

    assert result.runs == (Run("край", bold=True), Run(" світу"))


def test_neighbours_of_one_look_become_one() -> None:
    runs = [Run("Ми"), Run(""), Run("ні"), Run("я", bold=True), Run("к", bold=True, link="https://a.example")]

    assert merge(runs) == (Run("Мині"), Run("я", bold=True), Run("к", bold=True, link="https://a.example"))


@given(RUNS)
def test_cleaning_twice_is_cleaning_once(runs: list[Run]) -> None:
    once = clean(runs)

    assert clean(once.runs).runs == once.runs
    assert clean(once.runs).removed == 0


@given(RUNS)
def test_telegram_has_nothing_left_to_change(runs: list[Run]) -> None:
    text = plain(clean(runs).runs)

    assert not [char for char in text if char < " " and char != "\n"]
    assert not set(text) & {*"\r\u030a\u0333\u033f\u200e\u200f", *map(chr, range(0x2028, 0x202F))}
    text.encode()


@given(st.text(alphabet="абвгґїєabcXYZ ,.!?—«»\u00a0\n0123456789🇺🇦👍", max_size=200))
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert cleaned(text) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Новини Cумщини", ("Cумщини",)),
        ("IT-компанія, PR-служба, Facebook'у, Facebook’у, F-16, COVID-19, 5G", ()),
        ("п'ятниця; за\u0301мок; об'єкт; ТЕЦ-6; Т-72", ()),
        ("Ceло, мiсто, Ceло", ("Ceло", "мiсто")),
        ("Дивіться https://приклад.example/новиниnews і пишіть на рошта@example.com", ()),
        ("Bахмут2023", ("Bахмут2023",)),
        ("C і о", ()),
    ],
)
def test_words_of_two_alphabets_are_found(text: str, words: tuple[str, ...]) -> None:
    assert mixed_words(text) == words
