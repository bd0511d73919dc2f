"""The kind that is suggested for another text of an article that is out."""

from __future__ import annotations

import pytest

from bot.domain import Article
from bot.domain.change import ChangeKind
from bot.domain.suggestion import suggested

TYPO, UPDATE, CORRECTION = ChangeKind.TYPO, ChangeKind.UPDATE, ChangeKind.CORRECTION


@pytest.mark.parametrize(
    ("text", "is_misprint", "kinds"),
    [
        ("Міст відкрили для руху.", True, (TYPO,)),
        ("Міст відкрили для руху. Автобуси поїдуть завтра.", False, (UPDATE, CORRECTION)),
        ("Учора міст відкрили для руху.", False, (CORRECTION, UPDATE)),
        ("Новий Міст відкрили для руху.", False, (UPDATE, CORRECTION)),
        ("Міст закрили для руху.", False, (CORRECTION, UPDATE)),
        ("Міст відкрили.", False, (CORRECTION, UPDATE)),
    ],
)
def test_what_only_adds_is_an_update_first_and_all_else_a_correction(
    text: str, *, is_misprint: bool, kinds: tuple[ChangeKind, ...]
) -> None:
    before, after = (Article("Міст", lead=each) for each in ("Міст відкрили для руху.", text))

    assert suggested(before, after, is_misprint=is_misprint) == kinds
