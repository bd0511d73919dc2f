"""The demo's fake channel and the altered post that it makes of ours."""

from __future__ import annotations

import pytest

from bot.demo.fakes import altered
from bot.domain.genuine import Verdict, judge, read


@pytest.mark.parametrize(("post", "fake"), [
    ("The crossing takes 25 minutes.", "The crossing takes 26 minutes."),
    ("З 18:00 до 23:09. Телефон 101, https://example.org/2", "З 18:00 до 23:09. Телефон 102, https://example.org/2"),
    ("Було 1978-го, стало 9", "Було 1978-го, стало 0"),
    ("Двісті дерев і ставок", "Двісті дерев і ставок"),
])  # fmt: skip
def test_the_fake_changes_one_digit_and_no_address(post: str, fake: str) -> None:
    assert altered(post) == fake


def test_a_changed_digit_is_found_out() -> None:
    post = "Автобуси 5 і 12 поїдуть новим мостом від понеділка, повідомила міська рада."

    assert judge(read(altered(post)), read(post)).verdict is Verdict.ALTERED
