"""Buttons that are over: pressed, too old, or about a halt that was ended."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.buttons import ButtonPress, Cancel, Resume, SeeQuestion
from bot.domain.entry import ButtonRow
from bot.newsroom.offers import is_over

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("press", "expires", "used", "halted", "over"),
    [
        (Cancel(1), LATER, None, False, False),
        (Cancel(1), LATER, EARLIER, False, True),
        (Cancel(1), NOW, None, False, True),
        (SeeQuestion(1), LATER, EARLIER, False, False),
        (SeeQuestion(1), EARLIER, None, False, True),
        (Resume(), LATER, None, True, False),
        (Resume(), LATER, None, False, True),
        (Resume(), EARLIER, None, True, True),
        (None, LATER, None, False, True),
    ],
)
def test_a_button_is_over_when_it_would_do_nothing(
    press: ButtonPress | None, expires: datetime, used: datetime | None, halted: bool, over: bool
) -> None:
    row = ButtonRow("", press, None, EARLIER, expires, used, None)

    assert is_over(row, NOW, halted=halted) is over
