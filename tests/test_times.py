"""Times as editors type them, on ordinary days and on the two nights when the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.times import HORIZON, as_typed, next_slot, parse_when, typed
from bot.errors import Refused

KYIV = ZoneInfo("Europe/Kyiv")
#: A Wednesday in summer time.
NOW = datetime(2026, 9, 16, 12, 0, tzinfo=KYIV)


def dotted(day: str) -> str:
    """Return an ISO day as it is shown, where its year is that of `now`."""
    day, _, clock = day.partition(" ")
    year, month, number = day.split("-")
    del year
    return f"{number}.{month} {clock}".rstrip()


def kyiv(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KYIV).astimezone(UTC)


@pytest.mark.parametrize(
    ("typed", "local"),
    [
        ("18:30", "2026-09-16 18:30"),
        ("18.30", "2026-09-16 18:30"),
        ("о 18:30", "2026-09-16 18:30"),
        ("at 18:30.", "2026-09-16 18:30"),
        ("завтра 9:00", "2026-09-17 09:00"),
        ("Завтра о 9.00", "2026-09-17 09:00"),
        ("tomorrow 9:00", "2026-09-17 09:00"),
        ("9:00 tomorrow", "2026-09-17 09:00"),
        ("сьогодні 19:00", "2026-09-16 19:00"),
        ("today, 19:00", "2026-09-16 19:00"),
        ("післязавтра 7:05", "2026-09-18 07:05"),
        ("the day after tomorrow at 7:05", "2026-09-18 07:05"),
        ("пт 18:30", "2026-09-18 18:30"),
        ("у п'ятницю 18:30", "2026-09-18 18:30"),
        ("У П’ЯТНИЦЮ О 18:30", "2026-09-18 18:30"),
        ("fri 18:30", "2026-09-18 18:30"),
        ("on Friday at 18:30", "2026-09-18 18:30"),
        ("в середу 18:30", "2026-09-16 18:30"),
        ("wed 11:00", "2026-09-23 11:00"),
        ("нд 00:00", "2026-09-20 00:00"),
        ("2026-12-01 08:00", "2026-12-01 08:00"),
        ("2026-12-01T08:00", "2026-12-01 08:00"),
        ("01.12.2026 08:00", "2026-12-01 08:00"),
        ("1.12.2026 8.00", "2026-12-01 08:00"),
        ("01.12 08:00", "2026-12-01 08:00"),
        ("5.01 08:00", "2027-01-05 08:00"),
        ("2026-12-01 08:00+02:00", "2026-12-01 08:00"),
        ("2026-12-01 06:00Z", "2026-12-01 08:00"),
        ("18:30 +0300", "2026-09-16 18:30"),
        ("in 20 min", "2026-09-16 12:20"),
        ("in 2 hours", "2026-09-16 14:00"),
        ("in 1 h 30 min", "2026-09-16 13:30"),
        ("in 1h30m", "2026-09-16 13:30"),
        ("in an hour", "2026-09-16 13:00"),
        ("in half an hour", "2026-09-16 12:30"),
        ("in 1 hour and 5 minutes", "2026-09-16 13:05"),
        ("через 20 хв.", "2026-09-16 12:20"),
        ("через 2 години", "2026-09-16 14:00"),
        ("через 1 годину і 15 хвилин", "2026-09-16 13:15"),
        ("через півгодини", "2026-09-16 12:30"),
        ("через годину", "2026-09-16 13:00"),
        ("через півтори години", "2026-09-16 13:30"),
        ("через хвилину", "2026-09-16 12:01"),
    ],
)
def test_an_editor_types_a_time(typed: str, local: str) -> None:
    when = parse_when(typed, now=NOW, zone=KYIV)

    assert when == kyiv(local)
    assert when.tzinfo is UTC


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("9:05", "09:05 has already passed today. For tomorrow, type: tomorrow 09:05"),
        ("12:00", "12:00 has already passed today. For tomorrow, type: tomorrow 12:00"),
        ("сьогодні 9:05", "09:05 has already passed today. For tomorrow, type: tomorrow 09:05"),
        (
            "15.09 18:30",
            "15.09 18:30 has already passed. Type a later time, for example: 16.09 13:00",
        ),
        (
            "2026-09-16 12:00+05:00",
            "16.09 12:00 has already passed. Type a later time, for example: 16.09 13:00",
        ),
        ("in 0 min", "16.09 12:00 has already passed. Type a later time, for example: 16.09 13:00"),
        (
            "2036-12-01 08:00",
            "01.12.2036 08:00 is more than a year ahead. Type an earlier time, for example: 17.09 12:00",
        ),
        (
            "in 99999 hours",
            "12.02.2038 02:00 is more than a year ahead. Type an earlier time, for example: 17.09 12:00",
        ),
    ],
)
def test_a_time_that_passed_or_is_far_away_is_refused_with_a_better_one(typed: str, reply: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_when(typed, now=NOW, zone=KYIV)

    assert str(refusal.value) == reply


@pytest.mark.parametrize("typed", ["31.02 8:00", "25:00", "tomorrow 9:60", "2026-13-01 08:00", "18:30+25:00", "31.12"])
def test_an_impossible_time_is_called_so(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_when(typed, now=NOW, zone=KYIV)

    examples = "18:30, tomorrow 9:00, 17.09 12:00"
    assert str(refusal.value) == f"There is no such date or time: “{typed}”. Type it like one of these: {examples}"


@pytest.mark.parametrize(
    "typed", ["", "скоро", "18", "колись 9:00", "in a while", "in 20", "через 5 років", "in min", "18:30 5"]
)
def test_what_is_not_understood_is_answered_with_examples(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_when(typed, now=NOW, zone=KYIV)

    examples = "18:30, tomorrow 9:00, 17.09 12:00"
    assert str(refusal.value) == f"I don't understand the time “{typed}”. Type it like one of these: {examples}"


@pytest.mark.parametrize("typed", ["0001-01-01 00:00", "0001-01-01 00:00+14:00", "9999-12-31 23:59-12:00"])
def test_the_ends_of_the_calendar_are_only_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_when(typed, now=NOW, zone=KYIV)


def test_the_29th_of_february_is_found_in_the_next_year() -> None:
    now = datetime(2027, 12, 1, tzinfo=UTC)

    assert parse_when("29.02 10:00", now=now, zone=KYIV) == kyiv("2028-02-29 10:00")


@pytest.mark.parametrize(
    ("night", "instead"), [("2027-03-28 03:30", "2027-03-28 04:30"), ("2026-03-29 03:00", "2026-03-29 04:00")]
)
def test_a_time_in_the_lost_hour_is_asked_about(night: str, instead: str) -> None:
    now = kyiv(night) - timedelta(days=30)
    with pytest.raises(Refused) as refusal:
        parse_when(night, now=now, zone=KYIV)

    assert (
        str(refusal.value)
        == f"{dotted(night)} does not exist: the clocks go forward then. Type instead: {dotted(instead)}"
    )
    assert parse_when(instead, now=now, zone=KYIV) == kyiv(instead)


@pytest.mark.parametrize("day", ["2026-10-25", "2027-10-31"])
def test_a_time_that_happens_twice_is_asked_about_and_both_answers_work(day: str) -> None:
    now = kyiv(f"{day} 00:00") - timedelta(days=30)
    with pytest.raises(Refused) as refusal:
        parse_when(f"{day} 03:30", now=now, zone=KYIV)

    assert str(refusal.value) == (
        f"{dotted(day)} 03:30 happens twice: the clocks go back then. "
        f"For the first, type: {dotted(day)} 03:30+03:00. For the second, type: {dotted(day)} 03:30+02:00"
    )
    first, second = (parse_when(refusal.value.values[key], now=now, zone=KYIV) for key in ("first", "second"))
    assert (first, second - first) == (kyiv(f"{day} 03:30"), timedelta(hours=1))


def test_once_the_first_pass_is_over_a_double_time_is_the_second() -> None:
    first_pass = datetime(2026, 10, 25, 0, 40, tzinfo=UTC)

    assert parse_when("3:30", now=first_pass, zone=KYIV) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_in_an_hour_is_an_hour_also_on_the_night_the_clocks_change() -> None:
    before = datetime(2027, 3, 28, 0, 30, tzinfo=UTC)

    assert parse_when("in 1 hour", now=before, zone=KYIV) == before + timedelta(hours=1)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda at: at.replace(second=0, microsecond=0)
)
CLOCK_CHANGES = st.sampled_from([kyiv("2026-10-25 03:00"), kyiv("2027-03-28 02:00"), kyiv("2027-10-31 03:00")]).flatmap(
    lambda night: st.integers(0, 240).map(lambda minutes: night + timedelta(minutes=minutes))
)


@given(INSTANTS | CLOCK_CHANGES, st.integers(1, 364 * 24 * 60))
def test_what_we_offer_to_type_is_read_back_as_the_same_instant(at: datetime, minutes_before: int) -> None:
    now = at - timedelta(minutes=minutes_before)

    assert parse_when(as_typed(at, KYIV), now=now, zone=KYIV) == at
    assert parse_when(typed(at, KYIV, now), now=now, zone=KYIV) == at


@given(st.text(max_size=20) | st.from_regex(r"[0-9.: +-]{3,18}", fullmatch=True), INSTANTS)
def test_whatever_is_typed_the_answer_is_a_time_ahead_or_a_refusal(text: str, now: datetime) -> None:
    try:
        when = parse_when(text, now=now, zone=KYIV)
    except Refused:
        return
    assert now < when <= now + HORIZON


SLOTS = {day: (time(8, 0), time(18, 30)) for day in range(5)} | {6: (time(3, 30), time(12, 0))}


@pytest.mark.parametrize(
    ("after", "taken", "slot"),
    [
        ("2026-09-16 07:59", [], "2026-09-16 08:00"),
        ("2026-09-16 08:00", [], "2026-09-16 18:30"),
        ("2026-09-16 08:00", ["2026-09-16 18:30"], "2026-09-17 08:00"),
        ("2026-09-18 19:00", [], "2026-09-20 03:30"),
        ("2027-03-27 12:00", [], "2027-03-28 12:00"),
        ("2026-10-24 12:00", [], "2026-10-25 03:30"),
        ("2026-10-24 12:00", ["2026-10-25 03:30"], "2026-10-25 12:00"),
    ],
)
def test_the_next_free_slot_of_the_week(after: str, taken: list[str], slot: str) -> None:
    found = next_slot(SLOTS, after=kyiv(after), zone=KYIV, taken=[kyiv(one) for one in taken])

    assert found == kyiv(slot)
    assert found is not None and found.tzinfo is UTC


def test_a_double_slot_is_over_after_its_first_pass() -> None:
    between_the_passes = kyiv("2026-10-25 03:30") + timedelta(minutes=10)

    assert next_slot(SLOTS, after=between_the_passes, zone=KYIV, taken=()) == kyiv("2026-10-25 12:00")


def test_without_slots_there_is_no_next_one() -> None:
    assert next_slot({}, after=NOW, zone=KYIV, taken=()) is None
    assert next_slot({3: ()}, after=NOW, zone=KYIV, taken=()) is None


def test_when_every_slot_of_a_year_is_taken_there_is_none() -> None:
    noon = kyiv("2026-09-17 12:00")
    taken = [(noon.astimezone(KYIV) + timedelta(days=7 * week)).astimezone(UTC) for week in range(54)]

    assert next_slot({3: (time(12, 0),)}, after=NOW, zone=KYIV, taken=taken) is None
