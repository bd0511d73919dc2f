"""The table of the desk's attention, checked cell by cell; and whatever happens, somebody is told."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attention import TABLE, Listener, Matter, Part, When, Wish, hearing, part_of
from bot.domain.news import NEWS

#: What one member hears while two others of their kind are there and were called first.
#: By matter: with a part or without one, each on duty (with mine, all, digest) and away.
EXPECTED = {
    Matter.ALARM: "now now now now | now now now now",
    Matter.PERSONAL: "now now now now | now now now now",
    Matter.QUESTION: "now now later digest | later now later digest",
    Matter.WORK: "now now now digest | later now later digest",
    Matter.DECISION: "now now digest digest | never now never never",
    Matter.CHANGE: "now now digest digest | never now never never",
    Matter.OUT: "now now digest digest | never now never never",
    Matter.COUNTDOWN: "now now never never | never never never never",
    Matter.HOUSE: "now now now digest | now now now digest",
}
#: Two colleagues who are there and know the article.
OTHERS = [Listener(2, frozenset({Part.ASKED})), Listener(3, frozenset({Part.WROTE}))]


@pytest.mark.parametrize(("matter", "has_part"), [*product(Matter, (True, False))])
def test_each_matter_reaches_whom_a_newsroom_expects(matter: Matter, has_part: bool) -> None:
    parts = frozenset({Part.WROTE}) if has_part else frozenset[Part]()
    people = [Listener(1, parts, wish=wish) for wish in Wish] + [Listener(1, parts, is_there=False)]
    found = [hearing(matter, [each, *OTHERS], first=3 if has_part else 2)[1] for each in people]

    expected = EXPECTED[matter].split(" | ")[0 if has_part else 1].split()
    if matter is Matter.QUESTION and has_part:
        expected[2] = "now"  # three are called, so that one who wants digests is too
    assert found == [When(each) for each in expected]


def test_every_piece_of_news_names_its_matter() -> None:
    assert {code for code, kind in NEWS.items() if not isinstance(getattr(kind, "matter", None), Matter)} == set()
    assert TABLE.keys() == set(Matter)


def test_what_must_arrive_reaches_somebody_whoever_is_there() -> None:
    known = {Matter.ALARM, Matter.PERSONAL, Matter.QUESTION, Matter.WORK, Matter.HOUSE}

    assert {code for code, kind in NEWS.items() if kind.must_arrive and kind.matter not in known} == set()


ALARMS = "halted resume_asked resumed platform_down published_alone log_altered rows_altered disk_full"


def test_an_alarm_rings_for_everybody_always() -> None:
    assert {NEWS[code].matter for code in ALARMS.split()} == {Matter.ALARM}
    sleepers = [Listener(number, is_there=False, wish=Wish.DIGEST) for number in range(5)]

    assert set(hearing(Matter.ALARM, sleepers, can_wait=True).values()) == {When.NOW}


def test_a_question_goes_to_two_first_and_to_the_rest_when_they_do_not_answer() -> None:
    desk = [Listener(number) for number in range(1, 7)]

    first = hearing(Matter.QUESTION, desk, turn=4)
    again = hearing(Matter.QUESTION, desk, turn=4, again=True)

    assert sorted(first.values()) == ["later"] * 4 + ["now"] * 2
    assert set(again.values()) == {When.NOW}


def test_questions_take_turns_over_the_desk() -> None:
    desk = [Listener(number) for number in range(1, 7)]
    asked = [who for turn in range(6) for who in _now(hearing(Matter.QUESTION, desk, turn=turn))]

    assert sorted(asked) == sorted([*range(1, 7)] * 2)


def test_those_who_know_the_article_are_asked_again_before_others() -> None:
    desk = [Listener(1), Listener(2), Listener(3, frozenset({Part.ASKED})), Listener(4, frozenset({Part.APPROVED}))]

    for turn in range(4):
        assert _now(hearing(Matter.QUESTION, desk, turn=turn)) == {3, 4}


def test_when_several_approvals_are_missing_as_many_are_asked() -> None:
    desk = [Listener(number) for number in range(1, 7)]

    assert len(_now(hearing(Matter.QUESTION, desk, first=3))) == 3


def test_work_falls_to_two_others_when_its_own_people_are_away() -> None:
    author = Listener(1, frozenset({Part.WROTE}), is_there=False)
    reporter = Listener(2, frozenset({Part.WROTE}), can_act=False)
    editors = [Listener(number) for number in range(3, 7)]

    told = hearing(Matter.WORK, [author, reporter, *editors])

    assert told[1] is When.DIGEST and len(_now(told) & {3, 4, 5, 6}) == 2


def test_who_only_writes_hears_of_the_countdown_and_who_was_asked_does_not() -> None:
    people = [Listener(number, frozenset({part})) for number, part in enumerate(Part)]

    told = hearing(Matter.COUNTDOWN, people)

    assert {people[who].parts for who in _now(told)} == {
        frozenset({part}) for part in (Part.WROTE, Part.APPROVED, Part.PUBLISHED)
    }


@pytest.mark.parametrize("sees", [True, False])
def test_whoever_was_only_asked_is_done_with_it_once_a_colleague_answered(sees: bool) -> None:
    """Where the question on their phone becomes the answer, they are told nothing more; elsewhere of the answer."""
    asked = Listener(1, frozenset({Part.ASKED}), sees=sees)
    wrote = Listener(2, frozenset({Part.ASKED, Part.WROTE}), sees=sees)

    told = {each: hearing(each, [asked, wrote]) for each in (Matter.DECISION, Matter.CHANGE, Matter.OUT)}

    assert [told[each][1] for each in told] == [When.NEVER if sees else When.NOW, When.NOW, When.NEVER]
    assert [told[each][2] for each in told] == [When.NOW] * 3


_LISTENERS = st.lists(
    st.builds(
        Listener,
        id=st.integers(1, 99),
        parts=st.frozensets(st.sampled_from(Part)),
        is_there=st.booleans(),
        wish=st.sampled_from(Wish),
        can_act=st.booleans(),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda each: each.id,
)


@given(
    _LISTENERS, st.sampled_from((Matter.QUESTION, Matter.WORK, Matter.HOUSE)), st.integers(0, 999), st.integers(1, 3)
)
def test_nothing_that_waits_for_somebody_waits_unknown(
    desk: list[Listener], matter: Matter, turn: int, first: int
) -> None:
    told = hearing(matter, desk, turn=turn, first=first)

    settlers = {each.id for each in desk if each.can_act}
    assert not settlers or _now(told) & settlers
    if any(each.is_there and each.can_act for each in desk):
        assert _now(told) <= {each.id for each in desk if each.is_there}


@given(_LISTENERS, st.sampled_from([each for each in Matter if each not in (Matter.ALARM, Matter.PERSONAL)]))
def test_at_night_nobody_who_is_away_hears_anything_but_alarms(desk: list[Listener], matter: Matter) -> None:
    told = hearing(matter, desk, can_wait=True)

    assert _now(told) <= {each.id for each in desk if each.is_there}


@given(_LISTENERS, st.sampled_from((Matter.DECISION, Matter.CHANGE, Matter.OUT, Matter.COUNTDOWN)))
def test_whoever_has_no_part_and_chose_nothing_is_left_alone(desk: list[Listener], matter: Matter) -> None:
    told = hearing(matter, desk)

    assert all(told[each.id] is When.NEVER for each in desk if not each.parts and each.wish is Wish.MINE)


def test_acts_of_the_log_give_parts_and_looking_gives_none() -> None:
    assert part_of("article.drafted") is Part.WROTE
    assert part_of("article.scheduled") is Part.TIMED
    assert part_of("article.held") is None


def _now(told: dict[int, When]) -> set[int]:
    return {who for who, when in told.items() if when is When.NOW}
