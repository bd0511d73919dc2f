"""Reads times as people type them, and finds the next free slot for a post."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from bot.domain.days import Days, days_of
from bot.domain.spoken import Part, Spoken, span_of, spoken
from bot.errors import Ambiguous, Refused

#: Longest time ahead of a date; one further off is a slip of the finger.
HORIZON = timedelta(days=366)
_HOUR = timedelta(hours=1)
#: Hours to choose from on a day of which only the name was said.
_HOURS = (9, 12, 15, 18)
#: Characters of the longest text that is read as a time.
_LONGEST = 100

#: Words that change nothing: "у п'ятницю о 18:30", "on Friday at 18:30". The Latin o is a frequent slip.
_SMALL_WORDS = frozenset(["at", "on", "у", "в", "на", "о", "об", "o"])
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
_WHEN = re.compile(rf"(?:(?P<day>.+?) )?{_CLOCK} ?(?P<offset>z|utc|[+-]\d{{2}}:?\d{{2}})?")
_WHEN_DAY_LAST = re.compile(rf"{_CLOCK} (?P<day>.+?)(?P<offset>)")

_NOT_UNDERSTOOD = "I don't understand the time “{typed}”. Type it like one of these: 18:30, tomorrow 9:00, {example}"
_IMPOSSIBLE = "There is no such date or time: “{typed}”. Type it like one of these: 18:30, tomorrow 9:00, {example}"
_PASSED_TODAY = "{time} has already passed today. For tomorrow, type: tomorrow {time}"
_PASSED = "{when} has already passed. Type a later time, for example: {example}"
_TOO_FAR = "{when} is more than a year ahead. Type an earlier time, for example: {example}"
_GAP = "{when} does not exist: the clocks go forward then. Type instead: {instead}"
WHICH = "“{typed}” may mean more than one time. Type it like one of these: {examples}"
_TWICE = "{when} happens twice: the clocks go back then. For the first, type: {first}. For the second, type: {second}"


def parse_when(text: str, *, now: datetime, zone: ZoneInfo, day: date | None = None) -> datetime:
    """The instant that `text` names in the newsroom's `zone`, aware, UTC: after `now` (aware), within a year.

    `day` is meant where the text names none; None: today.

    Raises `Refused` with what to type instead: not understood, impossible, passed, too far ahead, or in the gap of a
    clock change; and `Ambiguous` with the times to choose from, if it may mean several.
    """
    if len(text) > _LONGEST:
        raise _unclear(_NOT_UNDERSTOOD, text, now, zone)
    if (span := span_of(text)) is not None:
        at = now.astimezone(UTC) + span
        return _in_range(at, typed(at, zone, now), now, zone)
    try:
        return _as_on_a_clock(text, now, zone, day) or _as_spoken(text, now, zone, day)
    except (ValueError, OverflowError):
        raise _unclear(_IMPOSSIBLE, text, now, zone) from None


def _as_on_a_clock(text: str, now: datetime, zone: ZoneInfo, day: date | None) -> datetime | None:
    """Return the instant of a day and a clock in digits; None if that is not what `text` is. Raises ValueError."""
    asked = _tidied(text)
    found = _WHEN.fullmatch(asked) or _WHEN_DAY_LAST.fullmatch(asked)
    if not found:
        return None
    frame = _offset(found["offset"]) or zone
    today = now.astimezone(frame).date()
    days = days_of(found["day"], today) if found["day"] else Days((day or today,))
    if days is None or days.unsure:
        return None
    clock = time(int(found["hour"]), int(found["minute"]))
    return _first_ahead([datetime.combine(day, clock, frame) for day in days.days], now, zone)


def _as_spoken(text: str, now: datetime, zone: ZoneInfo, day: date | None) -> datetime:
    """Return the instant that `text` names in words. Raises ValueError for a clock or a day that can't be."""
    today = now.astimezone(zone).date()
    named = spoken(text, lambda words: days_of(words, today) is not None)
    if named is None:
        raise _unclear(_NOT_UNDERSTOOD, text, now, zone)
    days = days_of(named.day, today) if named.day else Days((day or today,))
    assert days is not None
    if not named.times():
        hours = [_hours_of(day, named.part, now, zone) for day in days.days]
        raise _which(text, next(filter(None, hours), []), now, zone)
    found = _meant(named, days, today, zone)
    ahead = [wall for wall in found if any(at > now for at in _instants(wall))]
    if not (days.unsure or named.is_midnight):
        ahead = [wall for wall in ahead if wall.date() == ahead[0].date()]
    if len(ahead) > 1:
        raise _which(text, [at for wall in ahead for at in _instants(wall) if at > now], now, zone)
    return _first_ahead(found, now, zone)


def _meant(named: Spoken, days: Days, today: date, zone: ZoneInfo) -> list[datetime]:
    """Return the walls that may be meant, in their order."""
    chosen = list(days.days)
    if chosen == [today] and not named.day and named.part is Part.NIGHT and not named.is_midnight:
        chosen.append(today + timedelta(days=1))  # the night that comes
    walls = []
    for day in chosen:
        for clock, at_end in named.times():
            ends = [day + timedelta(days=1)] if at_end else [day]
            if at_end and day != today:  # "tomorrow at midnight" may be either of two
                ends.insert(0, day)
            walls += [datetime.combine(each, clock, zone) for each in ends]
    return walls


def _hours_of(day: date, part: Part | None, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Return times of a day to choose from."""
    hours = part.value if part is not None else _HOURS
    walls = [datetime.combine(day, time(hour), zone) for hour in hours]
    return [at for wall in walls for at in _instants(wall)[:1] if at > now]


def _which(text: str, choices: Sequence[datetime], now: datetime, zone: ZoneInfo) -> Refused:
    if not choices:
        return _unclear(_NOT_UNDERSTOOD, text, now, zone)
    examples = ", ".join(typed(at, zone, now) for at in choices)
    return Ambiguous(WHICH, tuple(choices), typed=text.strip(), examples=examples)


def check_ahead(at: datetime, *, now: datetime, zone: ZoneInfo) -> None:
    """Raise `Refused` if `at` has passed by `now`, as may be when it was typed long before it is read."""
    if at <= now:
        raise _passed(typed(at, zone, now), now, zone)


def as_typed(at: datetime, zone: ZoneInfo) -> str:
    """`at` (aware) to the minute, as `parse_when` reads it; with its offset in an hour that occurs twice."""
    local = at.astimezone(zone)
    wall = f"{local:%Y-%m-%d %H:%M}"
    return wall if len(_instants(local)) == 1 else wall + local.isoformat()[-6:]


def typed(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`at` (aware) to the minute as a person would type it, such as `28.11 14:19`; `parse_when` reads it back."""
    local = at.astimezone(zone)
    wall = _wall_text(local, now)
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
            first, second = (typed(at, zone, now) for at in ahead)
            raise Ambiguous(_TWICE, tuple(ahead), when=_wall_text(wall, now), first=first, second=second)
        if ahead:
            return _in_range(ahead[0], _wall_text(wall, now), now, zone)
        _refuse_gap(wall, now, zone)
    frame = walls[0].tzinfo
    if frame is zone and walls[0].date() == now.astimezone(zone).date():
        tomorrow = _instants(walls[0] + timedelta(days=1))[:1]
        raise Ambiguous(_PASSED_TODAY, tomorrow, time=f"{walls[0]:%H:%M}")
    raise _passed(_wall_text(walls[0], now), now, zone)


def _refuse_gap(wall: datetime, now: datetime, zone: ZoneInfo) -> None:
    shifted = wall.replace(fold=0).astimezone(UTC)
    if shifted > now and not _instants(wall):
        raise Refused(_GAP, when=_wall_text(wall, now), instead=typed(shifted, zone, now))


def _in_range(at: datetime, when: str, now: datetime, zone: ZoneInfo) -> datetime:
    if at <= now:
        raise _passed(when, now, zone)
    if at > now + HORIZON:
        raise Refused(_TOO_FAR, when=when, example=typed(now + timedelta(days=1), zone, now))
    return at


def _passed(when: str, now: datetime, zone: ZoneInfo) -> Refused:
    return Refused(_PASSED, when=when, example=typed(now + _HOUR, zone, now))


def _unclear(message: str, text: str, now: datetime, zone: ZoneInfo) -> Refused:
    return Refused(message, typed=text.strip()[:60], example=typed(now + timedelta(days=1), zone, now))


def _wall_text(wall: datetime, now: datetime) -> str:
    is_this_year = wall.year == now.astimezone(wall.tzinfo).year
    return f"{wall:%d.%m %H:%M}" if is_this_year else f"{wall:%d.%m.}{wall.year} {wall:%H:%M}"
