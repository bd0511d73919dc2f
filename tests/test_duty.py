"""Hours of duty as people type them, over midnight, mutes, and when somebody is back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.duty import ALWAYS, Hours, Presence, Span, always_but, parse_hours

KYIV = ZoneInfo("Europe/Kyiv")
#: A Tuesday, 13:00 in Kyiv.
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)

TYPED = {
    "8-16": "mon-sun 08:00-16:00",
    "8 - 16": "mon-sun 08:00-16:00",
    "8:30–16.45": "mon-sun 08:30-16:45",
    "from 8 to 16": "mon-sun 08:00-16:00",
    "з 8 до 16": "mon-sun 08:00-16:00",
    "9am-5pm": "mon-sun 09:00-17:00",
    "mon-fri 8-16": "mon-fri 08:00-16:00",
    "Mon-Fri 8-16, Sat 10-14": "mon-fri 08:00-16:00; sat-sat 10:00-14:00",
    "пн-пт 8-16; сб 10-14": "mon-fri 08:00-16:00; sat-sat 10:00-14:00",
    "пн, ср, пт 9-17": "mon-mon 09:00-17:00; wed-wed 09:00-17:00; fri-fri 09:00-17:00",
    "понеділок 8-12, 14-18": "mon-mon 08:00-12:00, 14:00-18:00",
    "будні 22-6": "mon-fri 22:00-06:00",
    "вихідні 10-18": "sat-sun 10:00-18:00",
    "щодня 8-16": "mon-sun 08:00-16:00",
    "every day 8-16": "mon-sun 08:00-16:00",
    "8-16, sun off": "mon-sat 08:00-16:00",
    "fri-mon 22-6": "mon-mon 22:00-06:00; fri-sun 22:00-06:00",
    "0-24": "mon-sun 00:00-00:00",
}
NONSENSE = ("", "8", "banana", "25-30", "8-16 xyz", "mon", "mon tue", "8-61", "13pm-5", "off", "mon off", "-", "8:99-9")


@pytest.mark.parametrize("typed", TYPED)
def test_hours_are_read_as_people_type_them(typed: str) -> None:
    hours = parse_hours(typed)

    assert str(hours) == TYPED[typed]
    assert parse_hours(str(hours)) == hours


@pytest.mark.parametrize("typed", NONSENSE)
def test_what_is_no_hours_is_not_taken_for_some(typed: str) -> None:
    assert parse_hours(typed) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_hours(typed: str) -> None:
    hours = parse_hours(typed)

    assert hours is None or parse_hours(str(hours)) == hours


_CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
_SPANS = st.builds(Span, _CLOCKS, _CLOCKS)
_FIRST = datetime.combine(date(2026, 1, 1), time(0))
_WALLS = st.integers(0, 10**6).map(lambda minutes: _FIRST + timedelta(minutes=minutes))
_HOURS = st.tuples(*[st.lists(_SPANS, max_size=2, unique=True).map(lambda each: tuple(sorted(each)))] * 7).map(Hours)


@given(_HOURS, _WALLS)
def test_hours_that_are_kept_as_text_come_back_the_same(hours: Hours, wall: datetime) -> None:
    kept = parse_hours(str(hours))

    assert kept == (hours if any(hours.days) else None)
    assert all(hours.covers(start) for start in hours.starts(wall))


def test_duty_over_midnight_belongs_to_the_day_on_which_it_began() -> None:
    hours = parse_hours("fri 22-6")
    assert hours is not None
    friday = datetime.combine(date(2026, 11, 27), time(0))

    on = [hours.covers(friday + timedelta(hours=each)) for each in (5, 21, 22, 29, 30)]

    assert on == [False, False, True, True, False]


def test_with_nothing_set_somebody_is_there_but_at_night() -> None:
    presence = Presence(ALWAYS, KYIV)

    assert [presence.is_there(_kyiv(hour)) for hour in (0, 6, 7, 13, 22, 23)] == [False, False, True, True, True, False]
    assert presence.back_at(NOW) == _kyiv(31)
    assert presence.away_since(_kyiv(31)) == _kyiv(23)


def test_without_quiet_hours_somebody_who_set_nothing_is_always_there() -> None:
    presence = Presence(always_but(None), KYIV)

    assert presence.is_there(_kyiv(3)) and presence.back_at(NOW) is None


def test_a_night_shift_is_there_at_night_and_back_in_the_evening() -> None:
    presence = Presence(_hours("22-6"), KYIV)

    assert presence.is_there(_kyiv(23)) and presence.is_there(_kyiv(29)) and not presence.is_there(NOW)
    assert presence.back_at(NOW) == _kyiv(22)


def test_who_muted_us_is_back_when_that_ends_or_when_the_shift_begins() -> None:
    short = Presence(_hours("8-16"), KYIV, NOW, NOW + timedelta(hours=2))
    long = Presence(_hours("8-16"), KYIV, NOW, NOW + timedelta(hours=5))

    assert not short.is_there(NOW) and short.back_at(NOW) == NOW + timedelta(hours=2)
    assert short.away_since(NOW + timedelta(hours=2)) == NOW
    assert long.back_at(NOW) == _kyiv(32) and long.away_since(_kyiv(32)) == NOW


def test_the_clock_change_moves_no_shift() -> None:
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)  # the clocks go back in the night

    assert Presence(_hours("8-16"), KYIV).back_at(saturday + timedelta(hours=6)) == datetime(
        2026, 10, 25, 6, tzinfo=UTC
    )


def _hours(typed: str) -> Hours:
    hours = parse_hours(typed)
    assert hours is not None
    return hours


def _kyiv(hour: int) -> datetime:
    """Return the instant of this hour in Kyiv today; hours from 24 on are tomorrow's."""
    return datetime.combine(date(2026, 11, 24), time(0), KYIV).astimezone(UTC) + timedelta(hours=hour)
