"""Times as people say them in Ukrainian and English: each phrase, and the instant that is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.spoken import is_now
from bot.domain.times import parse_when, typed
from bot.errors import Ambiguous, Refused

KYIV = ZoneInfo("Europe/Kyiv")
#: A Tuesday.
NOW = datetime(2026, 11, 24, 13, 0, tzinfo=KYIV)

UNDERSTOOD = """
tomorrow at noon = 25.11 12:00
6pm = 24.11 18:00
6 pm = 24.11 18:00
6:30pm = 24.11 18:30
6.30 p.m. = 24.11 18:30
midnight = 25.11 00:00
tonight at midnight = 25.11 00:00
at 18 = 24.11 18:00
at 6 = 24.11 18:00
half past six = 24.11 18:30
quarter to eight = 24.11 19:45
quarter past seven = 24.11 19:15
ten past nine = 24.11 21:10
five minutes to eight = 24.11 19:55
twenty to eight = 24.11 19:40
seven o'clock = 24.11 19:00
7 o'clock = 24.11 19:00
six pm = 24.11 18:00
at six in the evening = 24.11 18:00
tomorrow at six in the morning = 25.11 06:00
tonight at 8 = 24.11 20:00
tomorrow evening at 7 = 25.11 19:00
this friday 10am = 27.11 10:00
friday at 10 = 27.11 10:00
on friday at noon = 27.11 12:00
28 november at 14:19 = 28.11 14:19
november 28 2pm = 28.11 14:00
Nov 28th at 14:19 = 28.11 14:19
28 nov 14:19 = 28.11 14:19
28.11 14:19 = 28.11 14:19
28/11 14:19 = 28.11 14:19
in 20 minutes = 24.11 13:20
in twenty minutes = 24.11 13:20
in an hour = 24.11 14:00
an hour from now = 24.11 14:00
in an hour and a half = 24.11 14:30
in two and a half hours = 24.11 15:30
in 3 days at 10:00 = 27.11 10:00
in three days at noon = 27.11 12:00
in a week at 9:00 = 01.12 09:00
day after tomorrow at 9am = 26.11 09:00
о пів на сьому = 24.11 18:30
о пів на 7 = 24.11 18:30
пів на восьму вечора = 24.11 19:30
за чверть восьма = 24.11 19:45
за чверть до восьмої = 24.11 19:45
чверть на восьму = 24.11 19:15
чверть по сьомій = 24.11 19:15
за десять дев'ята = 24.11 20:50
за 5 хвилин до шостої = 24.11 17:55
десять по сьомій = 24.11 19:10
10 хвилин на восьму = 24.11 19:10
о 18-й = 24.11 18:00
о 18 = 24.11 18:00
на 18:30 = 24.11 18:30
о 7-й вечора = 24.11 19:00
о сьомій = 24.11 19:00
о сьомій вечора = 24.11 19:00
о сьомій тридцять = 24.11 19:30
о двадцятій сорок п'ять = 24.11 20:45
о двадцять першій = 24.11 21:00
о вісімнадцятій = 24.11 18:00
18 година = 24.11 18:00
о 18 годині = 24.11 18:00
завтра опівдні = 25.11 12:00
опівночі = 25.11 00:00
у п'ятницю о 10 = 27.11 10:00
у п'ятницю о десятій ранку = 27.11 10:00
цієї п'ятниці о 10:00 = 27.11 10:00
завтра о 9 = 25.11 09:00
завтра о пів на восьму ранку = 25.11 07:30
сьогодні о восьмій вечора = 24.11 20:00
о 2 ночі = 25.11 02:00
через годину = 24.11 14:00
через двадцять хвилин = 24.11 13:20
через півгодини = 24.11 13:30
через пів години = 24.11 13:30
через 2 дні о 10:00 = 26.11 10:00
через тиждень о 9:00 = 01.12 09:00
за годину = 24.11 14:00
за 20 хвилин = 24.11 13:20
28 листопада о 14:19 = 28.11 14:19
28-го листопада о 14:19 = 28.11 14:19
28 листопада 2026 року о 14:19 = 28.11 14:19
1 грудня о сьомій вечора = 01.12 19:00
14:19 28.11 = 28.11 14:19
half past five pm = 24.11 17:30
five past eight in the evening = 24.11 20:05
saturday at 7 in the evening = 28.11 19:00
on Monday at 9 = 30.11 09:00
wed at half past three in the afternoon = 25.11 15:30
today at 5 = 24.11 17:00
this evening at 9 = 24.11 21:00
tomorrow at 9 pm = 25.11 21:00
tomorrow night at 11 = 25.11 23:00
next monday at 8:30 = 30.11 08:30
december 1st at noon = 01.12 12:00
1st of december at 10am = 01.12 10:00
31 december at 11pm = 31.12 23:00
in 45 minutes = 24.11 13:45
in 1 hour and 20 minutes = 24.11 14:20
three hours from now = 24.11 16:00
in a quarter of an hour = 24.11 13:15
в середу о 18-й = 25.11 18:00
в суботу о 7 вечора = 28.11 19:00
у понеділок о пів на дев'яту ранку = 30.11 08:30
сьогодні о п'ятій = 24.11 17:00
завтра о двадцятій = 25.11 20:00
позавтра опівдні = 26.11 12:00
25 листопада о 9 = 25.11 09:00
24.11 о 18-й = 24.11 18:00
за п'ять шоста = 24.11 17:55
пів на десяту вечора = 24.11 21:30
о 10 вечора = 24.11 22:00
о дванадцятій ночі = 25.11 00:00
через сорок п'ять хвилин = 24.11 13:45
через годину і двадцять хвилин = 24.11 14:20
через три години = 24.11 16:00
через чверть години = 24.11 13:15
через 10 днів о 8:00 = 04.12 08:00
завтра зранку о 7 = 25.11 07:00
today at half past four in the afternoon = 24.11 16:30
the day after tomorrow at noon = 26.11 12:00
sat 10am = 28.11 10:00
на завтра о 14:00 = 25.11 14:00
о шостій вечора у п'ятницю = 27.11 18:00
Завтра, о 9:30 ранку. = 25.11 09:30
"""

#: What may mean more than one time is asked about.
ASKED = """
12am = 25.11 00:00
12 pm = 25.11 12:00
noon = 25.11 12:00
tomorrow at midnight = 25.11 00:00, 26.11 00:00
at 9 = 25.11 09:00
tomorrow morning = 25.11 08:00, 25.11 09:00, 25.11 10:00
tonight = 24.11 18:00, 24.11 19:00, 24.11 20:00
next friday 10am = 27.11 10:00, 04.12 10:00
friday = 27.11 09:00, 27.11 12:00, 27.11 15:00, 27.11 18:00
in 2 weeks = 08.12 09:00, 08.12 12:00, 08.12 15:00, 08.12 18:00
tomorrow = 25.11 09:00, 25.11 12:00, 25.11 15:00, 25.11 18:00
опівдні = 25.11 12:00
наступної п'ятниці о 10:00 = 27.11 10:00, 04.12 10:00
у наступну п'ятницю о 10 = 27.11 10:00, 04.12 10:00
завтра вранці = 25.11 08:00, 25.11 09:00, 25.11 10:00
завтра о дев'ятій = 25.11 09:00, 25.11 21:00
сьогодні ввечері = 24.11 18:00, 24.11 19:00, 24.11 20:00
о 9 ранку = 25.11 09:00
завтра = 25.11 09:00, 25.11 12:00, 25.11 15:00, 25.11 18:00
післязавтра = 26.11 09:00, 26.11 12:00, 26.11 15:00, 26.11 18:00
через три дні = 27.11 09:00, 27.11 12:00, 27.11 15:00, 27.11 18:00
28 листопада = 28.11 09:00, 28.11 12:00, 28.11 15:00, 28.11 18:00
twelve pm = 25.11 12:00
Sunday morning = 29.11 08:00, 29.11 09:00, 29.11 10:00
у неділю вранці = 29.11 08:00, 29.11 09:00, 29.11 10:00
у четвер о чверть на десяту = 26.11 09:15, 26.11 21:15
о 5 ранку = 25.11 05:00
"""

#: What is no time, or holds more than one, is taken for none.
NO_TIME = """
18pm
28.11.2027 14:19
зараз
Дякую, вже бачу
о 5 поїхали на місце
завтра о 9 нарада
у нас 5 поранених
2026
18
п'ятий
о 25
29.02 12:00
о 18:75
first of december
до 18:00
"""


def table(text: str) -> list[list[str]]:
    return [line.split(" = ") for line in text.strip().splitlines()]


def shown(at: datetime) -> str:
    return f"{at.astimezone(KYIV):%d.%m %H:%M}"


def test_a_time_is_understood_as_it_is_said() -> None:
    found = [(phrase, shown(parse_when(phrase, now=NOW, zone=KYIV))) for phrase, _ in table(UNDERSTOOD)]

    assert found == [(phrase, when) for phrase, when in table(UNDERSTOOD)]
    assert len(found) >= 120


def test_what_may_mean_several_times_is_asked_about() -> None:
    for phrase, choices in table(ASKED):
        with pytest.raises(Ambiguous) as asked:
            parse_when(phrase, now=NOW, zone=KYIV)

        assert (phrase, ", ".join(map(shown, asked.value.choices))) == (phrase, choices)


def test_nothing_else_is_taken_for_a_time() -> None:
    for (phrase,) in table(NO_TIME):
        with pytest.raises(Refused) as refusal:
            parse_when(phrase, now=NOW, zone=KYIV)

        assert not isinstance(refusal.value, Ambiguous), phrase


@pytest.mark.parametrize("phrase", ["now", "Right now!", "зараз", "Негайно.", "прямо зараз"])
def test_now_is_no_time_but_a_word_for_publishing(phrase: str) -> None:
    assert is_now(phrase)
    assert not is_now(f"{phrase} 18:30")


@pytest.mark.parametrize(
    ("phrase", "now", "meant"),
    [
        ("завтра о пів на третю ночі", "2027-03-27 12:00", ["28.03 02:30"]),
        ("завтра о пів на четверту ночі", "2027-03-27 12:00", []),
        ("tomorrow at half past three in the morning", "2027-03-27 12:00", []),
        ("завтра о пів на четверту ночі", "2026-10-24 12:00", ["25.10 03:30", "25.10 03:30"]),
        ("tomorrow at quarter past three in the morning", "2026-10-24 12:00", ["25.10 03:15", "25.10 03:15"]),
        ("завтра опівдні", "2026-10-24 12:00", ["25.10 12:00"]),
        ("через годину", "2026-10-25 02:30", ["25.10 03:30"]),
        ("in two hours", "2026-10-25 02:30", ["25.10 03:30"]),
    ],
)
def test_the_nights_when_clocks_change_are_asked_about(phrase: str, now: str, meant: list[str]) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=KYIV)
    try:
        found = [parse_when(phrase, now=at, zone=KYIV)]
    except Ambiguous as asked:
        found = list(asked.choices)
    except Refused:
        found = []

    assert [shown(each) for each in found] == meant
    assert len(set(found)) == len(found)


WORDS = st.sampled_from(
    """завтра о на за пів чверть сьому восьма 18 7 вечора ранку через годину 20 хвилин tomorrow at half past six noon
    next friday 10am in an hour to нарада дякую люди 5 поранених""".split()  # noqa: SIM905
)


@given(st.lists(WORDS, max_size=6).map(" ".join))
def test_any_words_are_a_time_ahead_or_a_question_or_refused(phrase: str) -> None:
    try:
        found = [parse_when(phrase, now=NOW, zone=KYIV)]
    except Ambiguous as asked:
        found = list(asked.choices)
    except Refused:
        return

    assert found and all(each > NOW for each in found)
    assert not {"нарада", "дякую", "люди", "поранених"} & set(phrase.split())


@given(st.datetimes(datetime(2026, 11, 24, 12), datetime(2027, 11, 20), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_we_show_as_an_example_is_read_back(at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)

    assert parse_when(typed(at, KYIV, NOW), now=NOW - timedelta(hours=1), zone=KYIV) == at
