"""Changes since an approver looked: each is told in words, or the whole post is shown again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import Article, Media, MediaKind, Run
from bot.domain.seen import News, Seen, news

AT = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SEEN = Seen(1, AT, ("main", "viber"))
OLD = Article("Bridge reopens", body=((Run("Trams cross "), Run("again", bold=True), Run(".")), (Run("At six."),)))
WORDS = replace(OLD, body=(OLD.body[0], (Run("At seven."),)))


@pytest.mark.parametrize(
    ("now", "new", "expected"),
    [
        (SEEN, OLD, News()),
        (replace(SEEN, outlets=("viber", "main")), OLD, News()),
        (replace(SEEN, due_at=AT + timedelta(hours=1)), OLD, News(time=True)),
        (replace(SEEN, due_at=None), OLD, News(time=True)),
        (replace(SEEN, outlets=("main",)), OLD, News(outlets=True)),
    ],
)
def test_what_is_new_besides_the_words_is_named(now: Seen, new: Article, expected: News) -> None:
    found = news(SEEN, now, OLD, new)

    assert found is not None and replace(found, due_before=None) == expected
    assert found.is_none == (not expected.time and not expected.outlets)


@pytest.mark.parametrize(
    "new",
    [
        replace(OLD, body=((Run("Trams cross again."),), OLD.body[1])),
        replace(WORDS, body=((Run("Trams "), Run("cross", bold=True), Run(" again.")), WORDS.body[1])),
        replace(WORDS, body=((Run("Trams cross "), Run("again", struck=True), Run(".")), WORDS.body[1])),
        replace(OLD, media=Media(MediaKind.PHOTO, url="https://example.org/bridge.jpg")),
        replace(WORDS, media=Media(MediaKind.PHOTO, url="https://example.org/bridge.jpg")),
    ],
    ids=["emphasis gone", "emphasis moved", "struck", "picture", "picture and words"],
)
def test_what_words_do_not_tell_is_shown_whole(new: Article) -> None:
    assert news(SEEN, replace(SEEN, version=2), OLD, new) is None


def test_of_a_long_change_no_word_is_left_out() -> None:
    added = " ".join(f"word{n}" for n in range(100))
    found = news(SEEN, replace(SEEN, version=2), OLD, replace(OLD, body=(*OLD.body, (Run(added),))))

    assert found is not None
    assert "".join(run.text for change in found.changes for run in change.added) == added
