"""Hostile texts: the work for a text grows with its length and no faster, whatever it consists of."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Run
from bot.domain.clean import _in_order, _normal, clean
from bot.domain.parse import Pasted, parse
from bot.domain.parse import pasted as limits
from bot.errors import Refused
from tests.helpers.hostile import HOSTILE

#: Lengths that are compared, and how much more work the longer one may be.
SHORT, LONG = 1_000, 4_000
GROWTH = 4.6


class Calls:
    """Counts calls of functions, those in C included."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, _frame: object, event: str, _arg: object) -> None:
        self.count += event in ("call", "c_call")


@contextmanager
def counted() -> Iterator[Calls]:
    calls, before = Calls(), sys.getprofile()
    sys.setprofile(calls)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def work(do: Callable[[Sequence[Run]], object], runs: Sequence[Run]) -> int:
    with counted() as calls, suppress(Refused):
        do(runs)
    return calls.count


def parsed(runs: Sequence[Run]) -> object:
    return parse(Pasted.of(runs))


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("do", [clean, parsed])
def test_the_work_for_a_text_grows_with_its_length_alone(do: Callable[[Sequence[Run]], object], name: str) -> None:
    assert LONG < limits.TEXT_LIMIT
    make = HOSTILE[name]
    work(do, make(SHORT))  # what is looked up once is known from here on

    assert work(do, make(LONG)) <= GROWTH * work(do, make(SHORT))


MARKS = st.text(
    st.sampled_from("aйв \u0301\u0323\u0345\u0334\u0306\u0308\u030a\u0344\u0f71\u0f73\u05b0\u3099\u1100\u1161")
)


@given(MARKS)
def test_stacked_marks_are_put_in_unicodes_order_and_nothing_else_changes(text: str) -> None:
    stacked = text + "\u0301\u0323\u0334" * 20 + text

    assert _normal(stacked) == unicodedata.normalize("NFC", stacked)
    assert _normal(text) == unicodedata.normalize("NFC", text)


def test_what_is_normalised_is_in_order_so_that_python_has_nothing_to_move() -> None:
    marks = [unicodedata.combining(sign) for sign in _in_order("\u0301\u0323\u0334" * 50)]

    assert marks == sorted(marks)


def test_marks_with_another_look_join_the_letter_before_them() -> None:
    runs = [Run("a"), *(Run(mark, bold=at % 2 == 0) for at, mark in enumerate("\u0301\u0323" * 4))]

    assert clean(runs).runs == (Run(unicodedata.normalize("NFC", "a" + "\u0301\u0323" * 4)),)
