"""Duty: the hours of the week in which a member of the desk may be called, as they type and read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.outlet import QuietHours

#: Days of a week, from Monday; each with the words that people type for it.
_DAYS = (
    "mon monday mondays пн понеділок понеділка понеділки",
    "tue tues tuesday tuesdays вт вівторок вівторка вівторки",
    "wed wednesday wednesdays ср середа середу середи",
    "thu thur thurs thursday thursdays чт четвер четверга четверги",
    "fri friday fridays пт п'ятниця п'ятницю п'ятниці",
    "sat saturday saturdays сб субота суботу суботи",
    "sun sunday sundays нд неділя неділю неділі",
)
_NUMBERS = {name: number for number, names in enumerate(_DAYS) for name in names.split()}
_SETS = {name: range(7) for name in ("daily", "everyday", "щодня", "щоденно")}
_SETS |= {name: range(5) for name in ("weekdays", "будні", "будень", "будням")}
_SETS |= {name: range(5, 7) for name in ("weekend", "weekends", "вихідні", "вихідним")}
_OFF = frozenset({"off", "free", "вихідний", "ні", "немає", "вільно"})
_SMALL = frozenset({"from", "on", "and", "у", "в", "з", "із", "по", "й", "і", "та", "at", "о", "every", "day"})
_TO = r"\s*(?:-|to\b|till\b|до\b)\s*"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?\s*(?:[ap]\.?m\b\.?)?"
_TOKEN = re.compile(rf"(?P<hours>{_CLOCK}{_TO}{_CLOCK})|(?P<word>[^\W\d_][\w']*)|(?P<dash>-)|(?P<gap>[\s,;]+)")
_SPAN = re.compile(
    rf"(\d{{1,2}})(?:[:.](\d{{2}}))?\s*([ap])?\.?m?\.?{_TO}(\d{{1,2}})(?:[:.](\d{{2}}))?\s*([ap])?\.?m?\.?"
)
_DAY, _WEEK = timedelta(days=1), 7


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Hours of a day from `start` on and before `end`, over midnight if that is not later; all of it if the same."""

    start: time
    end: time

    @property
    def length(self) -> timedelta:
        """The length by a clock that is not changed meanwhile."""
        minutes = _minutes(self.end) - _minutes(self.start)
        return timedelta(minutes=minutes if minutes > 0 else minutes + 24 * 60)

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a week, by weekday from Monday; those of a day may end on the next one."""

    days: tuple[tuple[Span, ...], ...] = ((),) * _WEEK

    def covers(self, wall: datetime) -> bool:
        """True if it is duty at this time on the newsroom's clock, without a zone."""
        return any(
            start <= wall < start + span.length for back in (0, 1) for start, span in self._on(wall - back * _DAY)
        )

    def starts(self, wall: datetime) -> list[datetime]:
        """Return the beginnings from this time on, over a week and a day, in their order."""
        days = (wall + ahead * _DAY for ahead in range(-1, _WEEK + 2))
        return sorted(start for day in days for start, _ in self._on(day) if start > wall)

    def ends(self, wall: datetime) -> list[datetime]:
        """Return the ends up to this time, over the week before it, the latest first."""
        days = (wall - back * _DAY for back in range(_WEEK + 2))
        ends = [start + span.length for day in days for start, span in self._on(day)]
        return sorted((end for end in ends if end <= wall), reverse=True)

    def _on(self, day: datetime) -> Iterator[tuple[datetime, Span]]:
        for span in self.days[day.weekday()]:
            yield datetime.combine(day.date(), span.start), span

    @property
    def groups(self) -> list[tuple[int, int, tuple[Span, ...]]]:
        """Return the runs of days that have the same hours: the first day, the last one, their hours."""
        found: list[tuple[int, int, tuple[Span, ...]]] = []
        for day, spans in enumerate(self.days):
            if found and found[-1][2] == spans:
                found[-1] = (found[-1][0], day, spans)
            else:
                found.append((day, day, spans))
        return [each for each in found if each[2]]

    def __str__(self) -> str:
        """The hours as `parse_hours` reads them."""
        names = [each.split()[0] for each in _DAYS]
        return "; ".join(
            f"{names[first]}-{names[last]} {', '.join(map(str, spans))}" for first, last, spans in self.groups
        )


#: Hours at night in which nobody is called but for alarms, unless newsroom.toml says otherwise.
QUIET = QuietHours(time(23), time(7))


def always_but(quiet: QuietHours | None) -> Hours:
    """The hours of whoever has set none: at any time but in the staff's quiet hours."""
    span = Span(time(0), time(0)) if quiet is None else Span(quiet.end, quiet.start)
    return Hours(((span,),) * _WEEK)


#: The hours of whoever has set none, where newsroom.toml says nothing.
ALWAYS = always_but(QUIET)


def parse_hours(text: str) -> Hours | None:
    """Read hours such as `8-16`, `mon-fri 8:00-16:30, sat 10-14`, `будні 22-6`; None if they are not understood.

    Hours without a day are those of every day.
    """
    found = list(_parts(text))
    if not found or None in found:
        return None
    days: dict[int, set[Span]] = {}
    named: list[int] = []
    is_open = False
    for part in found:
        if isinstance(part, Span):
            for day in named or range(_WEEK):
                days.setdefault(day, set()).add(part)
            is_open = True
        elif part == _NONE:
            days |= {day: set() for day in named}
            is_open = True
        elif isinstance(part, frozenset):
            named = [*part] if is_open else [*named, *part]
            is_open = False
    if not is_open or not any(days.values()):
        return None
    return Hours(tuple(tuple(sorted(days.get(day, set()))) for day in range(_WEEK)))


_NONE: frozenset[int] = frozenset()
_Part = Span | frozenset[int] | None


def _parts(text: str) -> Iterator[_Part]:
    """The spans and sets of days in the text, in their order; `_NONE` for "off"; None: something unknown."""
    tidy = re.sub("[’ʼ`‘]", "'", re.sub("[–—−]", "-", text.casefold())).strip()
    words: list[str] = []
    at = 0
    while at < len(tidy):
        token = _TOKEN.match(tidy, at)
        if token is None:
            yield None
            return
        at = token.end()
        if token["hours"]:
            yield from _days(words)
            words = []
            yield _span(token["hours"])
        elif token["gap"] is None and token[0] not in _SMALL:
            words.append("-" if token[0] in ("to", "till", "до") else token[0])
    yield from _days(words)


def _days(words: list[str]) -> Iterator[_Part]:
    at = 0
    while at < len(words):
        word = words[at]
        if at + 2 < len(words) and words[at + 1] == "-":
            first, last = _NUMBERS.get(word), _NUMBERS.get(words[at + 2])
            yield None if first is None or last is None else frozenset(_run(first, last))
            at += 3
            continue
        yield _NONE if word in _OFF else _set(word)
        at += 1


def _set(word: str) -> frozenset[int] | None:
    if word in _NUMBERS:
        return frozenset({_NUMBERS[word]})
    return frozenset(_SETS[word]) if word in _SETS else None


def _run(first: int, last: int) -> Iterable[int]:
    return [(first + ahead) % _WEEK for ahead in range((last - first) % _WEEK + 1)]


def _span(text: str) -> Span | None:
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    start, end = _clock(found[1], found[2], found[3]), _clock(found[4], found[5], found[6])
    return None if start is None or end is None else Span(start, end)


def _clock(hour: str, minute: str | None, half: str | None) -> time | None:
    number = int(hour)
    if half is not None:
        if not 1 <= number <= 12:
            return None
        number = number % 12 + (12 if half == "p" else 0)
    if number == 24 and not int(minute or 0):
        number = 0
    return time(number, int(minute or 0)) if number < 24 and int(minute or 0) < 60 else None


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


@dataclass(frozen=True, slots=True)
class Presence:
    """One member's time: their `hours`, on the clock of `zone`, and how long they have muted us, if they have."""

    hours: Hours
    zone: ZoneInfo
    muted_from: datetime | None = None
    muted_until: datetime | None = None

    def is_there(self, at: datetime) -> bool:
        """True if they are on duty and may be called."""
        return self.is_on_duty(at) and not self.is_muted(at)

    def is_on_duty(self, at: datetime) -> bool:
        return self.hours.covers(self._wall(at))

    def is_muted(self, at: datetime) -> bool:
        is_over = self.muted_until is None or at >= self.muted_until
        return not is_over and (self.muted_from is None or self.muted_from <= at)

    def back_at(self, now: datetime) -> datetime | None:
        """The next instant at which they are there and were not before; None: they never are, or never away."""
        starts = [self._instant(wall, now) for wall in self.hours.starts(self._wall(now))]
        muted = [self.muted_until] if self.muted_until is not None else []
        later = sorted(at for at in (*starts, *muted) if at > now)
        return next((at for at in later if self.is_there(at) and not self.is_there(at - _MOMENT)), None)

    def away_since(self, now: datetime) -> datetime:
        """The instant at which they were there last before they came back `now`; a week ago at most."""
        ends = [self._instant(wall, now) for wall in self.hours.ends(self._wall(now))]
        muted = [self.muted_from] if self.muted_from is not None else []
        gone = sorted((at for at in (*ends, *muted) if at < now), reverse=True)
        return next((at for at in gone if self.is_there(at - _MOMENT)), now - _WEEK * _DAY)

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def _instant(self, wall: datetime, like: datetime) -> datetime:
        return wall.replace(tzinfo=self.zone).astimezone(like.tzinfo)


#: The step from an instant to the one before it.
_MOMENT = timedelta(milliseconds=1)
