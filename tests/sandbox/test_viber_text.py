"""Which marks Viber turns into formatting, and what a button shows (docs/platforms/viber.md#text-marks)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.viber_text import label, rendered

SHOWN = [
    ("*Bold*", "Bold", [("bold", 0, 4)]),
    ("*Bold* and _italic_", "Bold and italic", [("bold", 0, 4), ("italic", 9, 15)]),
    ("~gone~ ```code *x*```", "gone code *x*", [("strike", 0, 4), ("mono", 5, 13)]),
    ("*_both_*", "both", [("bold", 0, 4), ("italic", 0, 4)]),
    ("*Viber*bots", "*Viber*bots", []),
    ("* no* and *no *", "* no* and *no *", []),
    ("2 * 3 * 4", "2 * 3 * 4", []),
    ("a snake_case_name", "a snake_case_name", []),
    ("a snake_case_ name", "a snakecase name", [("italic", 7, 11)]),
    ("*one\ntwo*\nthree", "one\ntwo\nthree", [("bold", 0, 7)]),
    ("**", "**", []),
    ("*", "*", []),
    ("", "", []),
    ("<b>plain</b>", "<b>plain</b>", []),
]


@pytest.mark.parametrize(("raw", "text", "spans"), SHOWN)
def test_marks_become_formatting_where_they_close(raw: str, text: str, spans: list[tuple[str, int, int]]) -> None:
    shown, found = rendered(raw)

    assert shown == text
    assert [(kind, start, end) for kind, start, end, _ in found] == spans


@settings(deadline=None)
@given(st.text("a *_~`\n", max_size=40))
def test_only_marks_ever_vanish(raw: str) -> None:
    shown, found = rendered(raw)

    assert "".join(c for c in shown if c not in "*_~`") == "".join(c for c in raw if c not in "*_~`")
    assert all(0 <= start < end <= len(shown) for _, start, end, _ in found)


def test_a_button_shows_its_text_without_tags() -> None:
    assert label('<b>Go</b><br><font color="#000000">now</font> &amp; here') == "Go\nnow & here"
