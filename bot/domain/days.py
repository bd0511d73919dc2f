"""Days as people name them: tomorrow, у п'ятницю, next Friday, 28 листопада, through the turn of the year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.domain.counts import count_of

#: A date without a year that passed longer ago than this means next year; one more recent is a mistake.
_HALF_A_YEAR = timedelta(days=183)

_NEAR = {"today": 0, "сьогодні": 0, "tomorrow": 1, "завтра": 1}
_NEAR |= dict.fromkeys(("day after tomorrow", "the day after tomorrow", "післязавтра", "позавтра"), 2)
_WEEK = (
    "mon monday пн понеділок понеділка",
    "tue tues tuesday вт вівторок вівторка",
    "wed wednesday ср середа середу середи",
    "thu thur thurs thursday чт четвер четверга",
    "fri friday пт п'ятниця п'ятницю п'ятниці",
    "sat saturday сб субота суботу суботи",
    "sun sunday нд неділя неділю неділі",
)
_WEEKDAYS = {name: number for number, names in enumerate(_WEEK) for name in names.split()}
_MONTHS = (
    "jan january січ січня", "feb february лют лютого", "mar march бер березня", "apr april квіт квітня",
    "may трав травня", "jun june черв червня", "jul july лип липня", "aug august серп серпня",
    "sep sept september вер вересня", "oct october жовт жовтня", "nov november лист листоп листопада",
    "dec december груд грудня",
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_THIS = ("this ", "coming ", "this coming ", "цей ", "цю ", "цього ", "цієї ", "найближчий ", "найближчу ")
_NEXT = ("next ", "наступний ", "наступну ", "наступного ", "наступної ", "наступне ")
_A_WEEK = frozenset({"in a week", "a week from now", "a week from today", "через тиждень", "за тиждень"})
_AHEAD = re.compile(r"(?:in|через|за) (?P<count>.+) (?P<unit>days?|дні|днів|день|weeks?|тижні|тижнів)|.+")
_WEEKS = frozenset({"week", "weeks", "тижні", "тижнів"})

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DOTTED = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})(?:[./](?P<year>\d{4}))?\.?")
_NAMED = (
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|-го|-е)?(?: of)? (?P<name>[^\W\d_]+)\.?(?: (?P<year>\d{4}))?(?: року| р)?"
    ),
    re.compile(r"(?P<name>[^\W\d_]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?"),
)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that were meant, the likeliest first; `unsure`: a person has to choose among them."""

    days: tuple[date, ...]
    unsure: bool = False


def days_of(text: str, today: date) -> Days | None:
    """Return the days that `text` may mean; None if it is no day. Raises ValueError for 31.02."""
    if text in _NEAR:
        return Days((today + timedelta(days=_NEAR[text]),))
    if ahead := _days_ahead(text):
        return Days((today + timedelta(days=ahead),))
    return _weekday(text, today) or _date(text, today)


def _days_ahead(text: str) -> int:
    """Return how far off `in 3 days` is; 0 if that is not what `text` says."""
    if text in _A_WEEK:
        return 7
    found = _AHEAD.fullmatch(text)
    if found is None or not found["count"]:
        return 0
    tokens = found["count"].split()
    count, used = count_of(tokens)
    if used != len(tokens) or not 0 < count <= 366:
        return 0
    return count * 7 if found["unit"] in _WEEKS else count


def _weekday(text: str, today: date) -> Days | None:
    if text in _WEEKDAYS:
        ahead = (_WEEKDAYS[text] - today.weekday()) % 7
        return Days((today + timedelta(days=ahead), today + timedelta(days=ahead + 7)))
    for word in _THIS:
        if (name := text.removeprefix(word)) != text and name in _WEEKDAYS:
            return Days((today + timedelta(days=(_WEEKDAYS[name] - today.weekday()) % 7),))
    for word in _NEXT:
        if (name := text.removeprefix(word)) != text and name in _WEEKDAYS:
            return _next(_WEEKDAYS[name], today)
    return None


def _next(weekday: int, today: date) -> Days:
    """Return the coming one and that of the next week: people mean either."""
    coming = today + timedelta(days=(weekday - today.weekday()) % 7 or 7)
    of_next_week = today + timedelta(days=7 - today.weekday() + weekday)
    days = tuple(dict.fromkeys((coming, of_next_week)))
    return Days(days, unsure=len(days) > 1)


def _date(text: str, today: date) -> Days | None:
    if found := _ISO.fullmatch(text) or _DOTTED.fullmatch(text):
        return _on(int(found["day"]), int(found["month"]), found["year"], today)
    for pattern in _NAMED:
        if (found := pattern.fullmatch(text)) and found["name"] in _MONTH:
            return _on(int(found["day"]), _MONTH[found["name"]], found["year"], today)
    return None


def _on(day: int, month: int, year: str | None, today: date) -> Days:
    if not year:
        return Days((_this_or_next_year(day, month, today),))
    # A zone's offset must not push us over the edge of Python's calendar.
    return Days((date(min(max(int(year), MINYEAR + 1), MAXYEAR - 1), month, day),))


def _this_or_next_year(day: int, month: int, today: date) -> date:
    """The day in this year or the next. On 20 December, 5 January is next year's, and 15 December has passed."""
    leap_years_last_day = date(2028, month, day)
    try:
        this_year = leap_years_last_day.replace(year=today.year)
    except ValueError:
        return leap_years_last_day.replace(year=today.year + 1)
    if today - this_year > _HALF_A_YEAR:
        return leap_years_last_day.replace(year=today.year + 1)
    return this_year
