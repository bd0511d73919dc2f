"""What later words mean to a question of ours: by a table, and as a rule over any words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import Media, MediaKind, Run, Said
from bot.domain import dialogue as d
from bot.domain.change import ChangeKind
from bot.domain.chat import Forward
from bot.domain.meaning import FORGOTTEN, LIFE, Meaning, meaning_of
from bot.domain.review import Verdict

ASKED = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
SAID = ASKED.timestamp()
SOON, LATE, NEXT_WEEK = ASKED + LIFE, ASKED + LIFE + timedelta(seconds=1), ASKED + timedelta(days=7)

EDITING = d.Editing(5, version=1, said=SAID)
CHANGING = d.Changing(5, kind=ChangeKind.CORRECTION, version=1, said=SAID)
WHEN = d.AskedWhen(5, said=SAID)
REASON = d.AskedReason(5, binding="b", verdict=Verdict.REJECT, said=SAID)
LEAD = d.AskedLead(((Run("Міст відкрили"),),), said=SAID)
ARTICLE = d.AskedArticle(said=SAID)
PHOTO = Media(MediaKind.PHOTO, "https://example.org/a.jpg")
WITH_PHOTO = d.AskedArticle(media=PHOTO, said=SAID)
ANSWER, UNSURE, OTHER = Meaning.ANSWER, Meaning.UNSURE, Meaning.OTHER


def words(text: str) -> Said:
    return Said((Run(text),))


THANKS, WHOLE, FIELD = words("Дякую, вже бачу"), words("Міст закрили\n\nРух зупинено."), words("лід: Рух зупинено.")
FORWARDED = Said((Run("Чужий допис\n\nЙого текст."),), forward=Forward("Міськрада"))
PICTURE = Said(media=PHOTO)
PARAGRAPH = words("Ремонт тривав два роки й коштував 120 мільйонів гривень. " * 4)


@pytest.mark.parametrize(
    ("dialogue", "said", "soon", "late"),
    [
        (EDITING, FIELD, ANSWER, UNSURE),
        (EDITING, WHOLE, ANSWER, UNSURE),
        (EDITING, PICTURE, ANSWER, UNSURE),
        (EDITING, THANKS, UNSURE, UNSURE),
        (EDITING, words("Джерело: яке?"), UNSURE, UNSURE),
        (EDITING, FORWARDED, UNSURE, UNSURE),
        (EDITING, Said((Run("Підпис"),), PHOTO), UNSURE, UNSURE),
        (CHANGING, WHOLE, ANSWER, ANSWER),
        (CHANGING, FIELD, ANSWER, UNSURE),
        (CHANGING, THANKS, UNSURE, UNSURE),
        (CHANGING, FORWARDED, UNSURE, UNSURE),
        (WHEN, words("18:30"), ANSWER, UNSURE),
        (WHEN, words("колись"), ANSWER, UNSURE),
        (WHEN, WHOLE, OTHER, OTHER),
        (WHEN, FORWARDED, OTHER, OTHER),
        (WHEN, PICTURE, OTHER, OTHER),
        (WHEN, words("Завтра о дев’ятій у нас нарада, тож прошу всіх бути вчасно на місці"), OTHER, OTHER),
        (REASON, words("Бракує другого джерела"), ANSWER, UNSURE),
        (REASON, words("Доброго ранку!"), ANSWER, UNSURE),
        (REASON, FORWARDED, UNSURE, UNSURE),
        (REASON, PICTURE, UNSURE, UNSURE),
        (LEAD, words("Рух відновили."), ANSWER, UNSURE),
        (ARTICLE, words("Міст відкрили"), ANSWER, OTHER),
        (ARTICLE, WHOLE, ANSWER, OTHER),
        (WITH_PHOTO, WHOLE, ANSWER, ANSWER),
        (WITH_PHOTO, THANKS, ANSWER, OTHER),
        (d.Nothing(album="7", said=SAID), WHOLE, OTHER, OTHER),
        (None, WHOLE, OTHER, OTHER),
    ],
)
def test_words_mean_less_the_later_they_come(
    dialogue: d.Dialogue | None, said: Said, soon: Meaning, late: Meaning
) -> None:
    assert meaning_of(dialogue, said, SOON) is soon
    assert meaning_of(dialogue, said, LATE) is late
    assert meaning_of(dialogue, said, NEXT_WEEK) is OTHER


@pytest.mark.parametrize(
    ("said", "seconds", "meaning"),
    [
        (PARAGRAPH, 3, UNSURE),
        (PARAGRAPH, 180, UNSURE),
        (PARAGRAPH, 181, OTHER),
        (THANKS, 3, OTHER),
        (FORWARDED, 3, OTHER),
        (Said(PARAGRAPH.runs, PHOTO), 3, OTHER),
    ],
)
def test_what_follows_a_long_text_soon_may_be_its_end(said: Said, seconds: int, meaning: Meaning) -> None:
    assert meaning_of(d.Collected(5, 1, (), said=SAID), said, ASKED + timedelta(seconds=seconds)) is meaning


@given(
    st.sampled_from([EDITING, WHEN, REASON, LEAD]),
    st.text(max_size=80),
    st.sampled_from([None, PHOTO]),
    st.sampled_from([None, Forward("Міськрада")]),
    st.integers(0, 2 * int(FORGOTTEN.total_seconds())),
    st.booleans(),
)
def test_no_later_words_are_an_answer(
    dialogue: d.Dialogue, text: str, media: Media | None, forward: Forward | None, seconds: int, over: bool
) -> None:
    meaning = meaning_of(
        replace(dialogue, over=over), Said((Run(text),), media, forward), ASKED + timedelta(0, seconds)
    )

    assert meaning is not ANSWER or (not over and seconds <= LIFE.total_seconds())
