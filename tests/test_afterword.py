"""Whoever asked about a text hears later what became of its article, if their answer would be another one today."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.afterword import is_free, owed
from bot.domain.change import Change, ChangeKind, ChangeState, Tell

ASKED = datetime(2026, 11, 28, 12, tzinfo=UTC)
C, X, R, T, U, K = (
    ChangeKind.CORRECTION,
    ChangeKind.RETRACTION,
    ChangeKind.RESTORATION,
    ChangeKind.TYPO,
    ChangeKind.UPDATE,
    ChangeKind.CHECKING,
)
#: The changes before somebody asked, those since, and what they are told.
TABLE: list[tuple[list[ChangeKind], list[ChangeKind], ChangeKind | None]] = [
    ([], [], None),
    ([C], [], None),
    ([X], [], None),
    ([], [T], None),
    ([], [U, T], None),
    ([], [K], None),
    ([], [C], C),
    ([], [C, T, U], C),
    ([C], [C], C),
    ([K], [C], C),
    ([], [K, C], C),
    ([], [X], X),
    ([C], [X], X),
    ([K], [X], X),
    ([], [C, X], X),
    ([X], [R], R),
    ([X], [R, T], R),
    ([X], [R, C], C),
    ([X], [R, X], None),
    ([], [X, R], None),
    ([K], [R], R),
    ([], [K, R], None),
    ([K], [R, K], None),
]


def change(number: int, kind: ChangeKind, out_at: datetime | None) -> Change:
    state = ChangeState.DONE if out_at is not None else ChangeState.DRAFT
    return Change(
        number, 1, number, kind, number, number + 1, "", "", Tell.NOBODY, state, "person:1", ASKED, out_at, None
    )


@pytest.mark.parametrize(("before", "since", "told"), TABLE)
def test_only_another_answer_than_the_one_they_got_is_told(
    before: list[ChangeKind], since: list[ChangeKind], told: ChangeKind | None
) -> None:
    earlier = [change(n, kind, ASKED - timedelta(minutes=10 - n)) for n, kind in enumerate(before, 1)]
    later = [change(len(before) + n, kind, ASKED + timedelta(minutes=n)) for n, kind in enumerate(since, 1)]
    drafted = change(99, X, None)

    assert owed([*reversed(later), drafted, *earlier], ASKED) is told


def test_a_message_is_free_for_a_day_after_a_word_or_always() -> None:
    day = timedelta(hours=24)

    assert is_free(ASKED, None, ASKED + timedelta(days=9))
    assert is_free(ASKED, day, ASKED + day - timedelta(seconds=1))
    assert not is_free(ASKED, day, ASKED + day)
