"""Reads times as people type them, and finds the next free slot for a post."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Set
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.errors import Refused

#: Longest time ahead of a date; one further off is a slip of the finger.
HORIZON = timedelta(days=366)
#: A date without a year that passed longer ago than this means next year; one more recent is a mistake.
_HALF_A_YEAR = timedelta(days=183)

_DAYS = {"today": 0, "сьогодні": 0, "tomorrow": 1, "завтра": 1}
_DAYS |= dict.fromkeys(("day after tomorrow", "the day after tomorrow", "післязавтра", "позавтра"), 2)
_WEEK = (
    "mon monday пн понеділок",
    "tue tues tuesday вт вівторок",
    "wed wednesday ср середа середу",
    "thu thur thurs thursday чт четвер",
    "fri friday пт п'ятниця п'ятницю",
    "sat saturday сб субота суботу",
    "sun sunday нд неділя неділю",
)
_WEEKDAYS = {name: number for number, names in enumerate(_WEEK) for name in names.split()}
_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
_UNITS = dict.fromkeys(
    ["m", "min", "mins", "minute", "minutes", "хв", "хвилина", "хвилину", "хвилини", "хвилин"], _MINUTE
)
_UNITS |= dict.fromkeys(["h", "hr", "hrs", "hour", "hours", "год", "г", "година", "годину", "години", "годин"], _HOUR)
_UNITS |= dict.fromkeys(["s", "sec", "second", "seconds", "с", "сек", "секунду", "секунди", "секунд"], _SECOND)
_LENGTHS = {"a minute": _MINUTE, "хвилину": _MINUTE, "an hour": _HOUR, "годину": _HOUR}
_LENGTHS |= dict.fromkeys(("півгодини", "пів години", "half an hour"), _HOUR / 2)
_LENGTHS |= dict.fromkeys(("півтори години", "an hour and a half"), _HOUR * 1.5)

#: Words that change nothing: "у п'ятницю о 18:30", "on Friday at 18:30". The Latin o is a frequent slip.
_SMALL_WORDS = frozenset(["at", "on", "у", "в", "на", "о", "об", "o"])
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
_WHEN = re.compile(rf"(?:(?P<day>.+?) )?{_CLOCK} ?(?P<offset>z|utc|[+-]\d{{2}}:?\d{{2}})?")
_WHEN_DAY_LAST = re.compile(rf"{_CLOCK} (?P<day>.+?)(?P<offset>)")
_RELATIVE = re.compile(r"(?:in|через) (?P<length>.+)")
_AMOUNT = re.compile(r"(\d{1,5}) ?([^\W\d_]+)\.?(?: and| і| й| та)?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>\d{4}))?\.?")

_NOT_UNDERSTOOD = "I don't understand the time “{typed}”. Type it like one of these: 18:30, tomorrow 9:00, {example}"
_IMPOSSIBLE = "There is no such date or time: “{typed}”. Type it like one of these: 18:30, tomorrow 9:00, {example}"
_PASSED_TODAY = "{time} has already passed today. For tomorrow, type: tomorrow {time}"
_PASSED = "{when} has already passed. Type a later time, for example: {example}"
_TOO_FAR = "{when} is more than a year ahead. Type an earlier time, for example: {example}"
_GAP = "{when} does not exist: the clocks go forward then. Type instead: {instead}"
_TWICE = "{when} happens twice: the clocks go back then. For the first, type: {first}. For the second, type: {second}"


def parse_when(text: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that `text` names in the newsroom's `zone`, aware, UTC: after `now` (aware), within a year.

    Raises `Refused` with what to type instead: not understood, impossible, passed, too far ahead, or in the gap
    or the overlap of a clock change.
    """
    asked = _tidied(text)
    if relative := _RELATIVE.fullmatch(asked):
        at = now.astimezone(UTC) + _length(relative["length"], text, now, zone)
        return _in_range(at, as_typed(at, zone), now, zone)
    found = _WHEN.fullmatch(asked) or _WHEN_DAY_LAST.fullmatch(asked)
    if not found:
        raise _unclear(_NOT_UNDERSTOOD, text, now, zone)
    try:
        clock = time(int(found["hour"]), int(found["minute"]))
        frame = _offset(found["offset"]) or zone
        days = _days(found["day"] or "today", now.astimezone(frame).date())
    except ValueError:
        raise _unclear(_IMPOSSIBLE, text, now, zone) from None
    if not days:
        raise _unclear(_NOT_UNDERSTOOD, text, now, zone)
    return _first_ahead([datetime.combine(day, clock, frame) for day in days], now, zone)


def check_ahead(at: datetime, *, now: datetime, zone: ZoneInfo) -> None:
    """Raise `Refused` if `at` has passed by `now`, as may be when it was typed long before it is read."""
    if at <= now:
        raise _passed(as_typed(at, zone), now, zone)


def as_typed(at: datetime, zone: ZoneInfo) -> str:
    """`at` (aware) to the minute, as `parse_when` reads it; with its offset in an hour that occurs twice."""
    local = at.astimezone(zone)
    wall = f"{local:%Y-%m-%d %H:%M}"
    return wall if len(_instants(local)) == 1 else wall + local.isoformat()[-6:]


def instants_of(typed: str, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the instants in UTC that `typed`, as `as_typed` makes it, names in `zone` by today's rules.

    None, if it is not of that form: somebody's hand was in the database.
    """
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        return ()
    return (at.astimezone(UTC),) if at.tzinfo is not None else _instants(at.replace(tzinfo=zone))


def spaced(at: datetime, others: Collection[datetime], gap: timedelta) -> datetime:
    """Return the first instant from `at` on that is `gap` or more away from each of `others`."""
    while near := [other for other in others if abs(other - at) < gap]:
        at = max(near) + gap
    return at


def next_slot(
    slots: Mapping[int, tuple[time, ...]], *, after: datetime, zone: ZoneInfo, taken: Collection[datetime]
) -> datetime | None:
    """The first posting time later than `after` that is not `taken` (aware), in UTC; None if a year has none.

    `slots` are by weekday, 0 = Monday, in `zone`. A slot in the gap of a clock change is left out; one in the overlap
    counts once, the first time.
    """
    if not any(slots.values()):
        return None  # a year need not be walked through for that
    used = {at.astimezone(UTC) for at in taken}
    today = after.astimezone(zone).date()
    for ahead in range(HORIZON.days + 1):
        if free := free_slots(slots, today + timedelta(days=ahead), after=after, zone=zone, taken=used):
            return free[0]
    return None


def free_slots(
    slots: Mapping[int, tuple[time, ...]], day: date, *, after: datetime, zone: ZoneInfo, taken: Set[datetime]
) -> list[datetime]:
    """Return the posting times of `day` that are later than `after` and not `taken` (UTC), in their order, in UTC."""
    return sorted(at for at in _slots_on(day, slots.get(day.weekday(), ()), zone) if at > after and at not in taken)


def _slots_on(day: date, times: tuple[time, ...], zone: ZoneInfo) -> Iterator[datetime]:
    for clock in times:
        wall = datetime.combine(day, clock)
        at = wall.replace(tzinfo=zone).astimezone(UTC)
        # In the gap of a clock change no clock ever shows it.
        if at.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
            yield at


def _tidied(text: str) -> str:
    """The text in lower case, with one kind of apostrophe and minus and single spaces, without the small words."""
    text = re.sub("[’ʼ`‘]", "'", text.casefold())
    text = re.sub("[−–]", "-", text).replace(",", " ")
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)
    return " ".join(word for word in text.rstrip(".! ").split() if word not in _SMALL_WORDS)


def _length(words: str, text: str, now: datetime, zone: ZoneInfo) -> timedelta:
    if words in _LENGTHS:
        return _LENGTHS[words]
    amounts = _AMOUNT.findall(words)
    if _AMOUNT.sub("", words).strip() or not all(unit in _UNITS for _, unit in amounts):
        raise _unclear(_NOT_UNDERSTOOD, text, now, zone)
    return sum((int(count) * _UNITS[unit] for count, unit in amounts), timedelta())


def _offset(text: str | None) -> timezone | None:
    """`+03:00` as a fixed zone. Raises ValueError if no clock on Earth is set so."""
    if not text:
        return None
    if text in {"z", "utc"}:
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(text)
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(-ahead if text[0] == "-" else ahead)


def _days(text: str, today: date) -> list[date]:
    """The days that `text` may mean, likeliest first; empty if it is no day. Raises ValueError for 31.02."""
    if text in _DAYS:
        return [today + timedelta(days=_DAYS[text])]
    if text in _WEEKDAYS:
        ahead = (_WEEKDAYS[text] - today.weekday()) % 7
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    found = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if not found:
        return []
    day, month = int(found["day"]), int(found["month"])
    if not found["year"]:
        return _this_or_next_year(day, month, today)
    # A zone's offset must not push us over the edge of Python's calendar.
    year = min(max(int(found["year"]), MINYEAR + 1), MAXYEAR - 1)
    return [date(year, month, day)]


def _this_or_next_year(day: int, month: int, today: date) -> list[date]:
    """The day in this year or the next. On 20 December, 5 January is next year's, and 15 December has passed."""
    leap_years_last_day = date(2028, month, day)
    try:
        this_year = leap_years_last_day.replace(year=today.year)
    except ValueError:
        return [leap_years_last_day.replace(year=today.year + 1)]
    if today - this_year > _HALF_A_YEAR:
        return [leap_years_last_day.replace(year=today.year + 1)]
    return [this_year]


def _instants(wall: datetime) -> tuple[datetime, ...]:
    """The instants in UTC at which clocks show `wall`, in order: none in a gap, two in an overlap."""
    passes = (wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    shown = wall.replace(tzinfo=None, fold=0)
    real = (at for at in passes if at.astimezone(wall.tzinfo).replace(tzinfo=None, fold=0) == shown)
    return tuple(dict.fromkeys(real))


def _first_ahead(walls: list[datetime], now: datetime, zone: ZoneInfo) -> datetime:
    """The one instant after `now` at which clocks show the first of `walls` that has not passed."""
    for wall in walls:
        ahead = [at for at in _instants(wall) if at > now]
        if len(ahead) == 2:
            first, second = (as_typed(at, zone) for at in ahead)
            raise Refused(_TWICE, when=_wall_text(wall), first=first, second=second)
        if ahead:
            return _in_range(ahead[0], _wall_text(wall), now, zone)
        _refuse_gap(wall, now, zone)
    frame = walls[0].tzinfo
    if frame is zone and walls[0].date() == now.astimezone(zone).date():
        raise Refused(_PASSED_TODAY, time=f"{walls[0]:%H:%M}")
    raise _passed(_wall_text(walls[0]), now, zone)


def _refuse_gap(wall: datetime, now: datetime, zone: ZoneInfo) -> None:
    shifted = wall.replace(fold=0).astimezone(UTC)
    if shifted > now and not _instants(wall):
        raise Refused(_GAP, when=_wall_text(wall), instead=as_typed(shifted, zone))


def _in_range(at: datetime, when: str, now: datetime, zone: ZoneInfo) -> datetime:
    if at <= now:
        raise _passed(when, now, zone)
    if at > now + HORIZON:
        raise Refused(_TOO_FAR, when=when, example=as_typed(now + timedelta(days=1), zone))
    return at


def _passed(when: str, now: datetime, zone: ZoneInfo) -> Refused:
    return Refused(_PASSED, when=when, example=as_typed(now + _HOUR, zone))


def _unclear(message: str, text: str, now: datetime, zone: ZoneInfo) -> Refused:
    return Refused(message, typed=text.strip()[:60], example=as_typed(now + timedelta(days=1), zone))


def _wall_text(wall: datetime) -> str:
    return f"{wall:%Y-%m-%d %H:%M}"
