"""Times as people say them: half past six, о пів на сьому, tomorrow at noon, через годину."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from enum import Enum

from bot.domain.counts import COUNTS, HOURS, count_of

#: Words that change nothing beside a day.
_SMALL = frozenset({"at", "on", "the", "by", "у", "в", "на", "о", "об", "o"})
_NOW = frozenset(
    {"now", "right now", "just now", "immediately", "at once", "asap"}
    | {"зараз", "просто зараз", "прямо зараз", "негайно", "одразу", "відразу", "вже зараз"}
)


class Part(Enum):
    """A part of the day, with the hours to choose from when none was said."""

    MORNING = (8, 9, 10)
    AFTERNOON = (13, 15, 17)
    EVENING = (18, 19, 20)
    NIGHT = (22, 23)


_PARTS: Mapping[Part, str] = {
    Part.MORNING: "am|morning|ранку|вранці|уранці|зранку|ранком",
    Part.AFTERNOON: "pm|afternoon|дня|вдень|удень|пообіді|по обіді|після обіду",
    Part.EVENING: "evening|вечора|ввечері|увечері|вечором|звечора",
    Part.NIGHT: "night|ночі|вночі|уночі",
}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day. `halves`: the same half a day later may be meant too. `at_end`: midnight that ends the day."""

    hour: int
    minute: int = 0
    halves: bool = False
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words for the day, a clock or None, and the part of the day: what is left to choose is asked about."""

    day: str
    clock: Clock | None = None
    part: Part | None = None

    @property
    def is_midnight(self) -> bool:
        """True for the end of a day, which people also call the beginning of the next."""
        return any(at_end for _, at_end in self.times())

    def times(self) -> list[tuple[time, bool]]:
        """Return the times that may be meant, and for each whether the day is over at it. Raises ValueError."""
        if self.clock is None:
            return []
        if self.clock.at_end:
            return [(time(), True)]
        hour, minute = self.clock.hour, self.clock.minute
        if self.part is not None and hour <= 12:
            shifted, at_end = _IN_PART[self.part](hour)
            return [(time(shifted, minute), at_end)]
        if hour == 24 and not minute:
            return [(time(), True)]
        halves = [hour, hour + 12] if self.clock.halves and 1 <= hour < 12 else [hour]
        return [(time(each, minute), False) for each in halves]


def _morning(hour: int) -> tuple[int, bool]:
    if hour == 12:
        raise ValueError(hour)
    return hour, False


def _evening(hour: int) -> tuple[int, bool]:
    if hour < 4:
        raise ValueError(hour)
    return (0, True) if hour == 12 else (hour + 12, False)


def _night(hour: int) -> tuple[int, bool]:
    if 5 < hour < 9:
        raise ValueError(hour)
    return (0, True) if hour == 12 else (hour if hour < 6 else hour + 12, False)


#: The hour on a clock of 24 hours that one of 12 means in each part of the day.
_IN_PART: Mapping[Part, Callable[[int], tuple[int, bool]]] = {
    Part.MORNING: _morning,
    Part.AFTERNOON: lambda hour: (hour % 12 + 12, False),
    Part.EVENING: _evening,
    Part.NIGHT: _night,
}


def is_now(text: str) -> bool:
    return plainly(text) in _NOW


def plainly(text: str) -> str:
    """Return `text` in lower case, with one kind of apostrophe and minus, and single spaces."""
    text = re.sub("[’ʼ`‘]", "'", text.casefold())
    text = re.sub("[−–—]", "-", text).replace(",", " ")
    text = re.sub(r"\b([ap])\.? ?m\b\.?", r"\1m", text)
    return re.sub(r"(?<=\d) (?=[ap]m\b)", "", " ".join(text.strip().rstrip("!.? ").split()))


# Lengths

_UNITS = {
    timedelta(seconds=1): "s sec second seconds с сек секунду секунди секунд",
    timedelta(minutes=1): "m min mins minute minutes хв хвилина хвилину хвилини хвилин хвилинку хвилинок",
    timedelta(hours=1): "h hr hrs hour hours год г година годину години годин годинку",
}
_UNIT = {name: unit for unit, names in _UNITS.items() for name in names.split()}
#: Units that are one of them without a number.
_ONE = frozenset({"годину", "годинку", "хвилину", "хвилинку"})
_FIXED = {
    timedelta(minutes=30): "half an hour|half hour|a half hour|півгодини|пів години|півгодинки",
    timedelta(minutes=15): "quarter of an hour|a quarter of an hour|a quarter hour|чверть години",
    timedelta(minutes=45): "three quarters of an hour|три чверті години",
    timedelta(minutes=90): "an hour and a half|one and a half hours|півтори години|годину з половиною",
    timedelta(minutes=150): "two and a half hours|дві з половиною години",
}
_WHOLE = {name: length for length, names in _FIXED.items() for name in names.split("|")}
_RELATIVE = re.compile(r"(?:in|within|через|за) (?P<ahead>.+)|(?P<from>.+) from now")


def span_of(text: str) -> timedelta | None:
    """Return the time from now that `text` names, such as `через двадцять хвилин`; None if it names none."""
    found = _RELATIVE.fullmatch(plainly(text))
    if found is None:
        return None
    words = found["ahead"] or found["from"]
    if words in _WHOLE:
        return _WHOLE[words]
    parted = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", words)
    return _summed([token.rstrip(".") for token in parted.split() if token not in ("and", "і", "й", "та")])


def _summed(tokens: Sequence[str]) -> timedelta | None:
    total = None
    while tokens:
        count, used = (1, 0) if tokens[0] in _ONE else count_of(tokens)
        if (not used and not count) or used >= len(tokens) or tokens[used] not in _UNIT:
            return None
        total = (total or timedelta()) + count * _UNIT[tokens[used]]
        tokens = tokens[used + 1 :]
    return total


# Clocks

_H = rf"(?P<h>\d{{1,2}}|{'|'.join(sorted(HOURS, key=len, reverse=True))})"
_N = rf"(?P<n>\d{{1,2}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"
_MINUTES = r"(?: (?:minutes?|mins?|хвилин[аиу]?|хв))?"
_ORDINAL = r"(?:-?(?:й|ій|ої|а|у|ту|та))"


def _hour(found: re.Match[str]) -> int:
    return int(found["h"]) if found["h"].isdigit() else HOURS[found["h"]]


def _minutes(found: re.Match[str]) -> int:
    return int(found["n"]) if found["n"].isdigit() else COUNTS[found["n"]]


def _before(hour: int, minutes: int) -> Clock:
    """Return the clock `minutes` before the hour."""
    if not 0 < minutes < 60 or not 0 < hour <= 24:
        raise ValueError(hour, minutes)
    return Clock(12 if hour == 1 else hour - 1, 60 - minutes, halves=hour <= 12)


def _past(hour: int, minutes: int) -> Clock:
    return Clock(hour, minutes, halves=hour <= 12)


def _into(hour: int, minutes: int) -> Clock:
    """Return the clock `minutes` into the hour that ends at `hour`: «десять хвилин на восьму» is 7:10."""
    return _past(12 if hour == 1 else hour - 1, minutes)


def _of_halves(found: re.Match[str]) -> Clock:
    hour, minute = _hour(found), int(found["m"] or 0)
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return Clock(hour % 12 + (12 if found["half"] == "p" else 0), minute)


def _bare(found: re.Match[str]) -> Clock:
    hour, minutes = _hour(found), found["n"]
    minute = 0 if not minutes else _minutes(found)
    # A digit between 7 and 12 is read as on a clock of 24 hours; a word never is.
    return Clock(hour, minute, halves=hour < 7 or not found["h"].isdigit() or "clock" in found[0])


#: Ways to name a clock, the first that is found counts. `(?<!\S)` and `(?!\S)` stand around each.
_CLOCKS: Sequence[tuple[str, Callable[[re.Match[str]], Clock]]] = (
    (r"(?:12 )?(?:noon|midday|опівдні|ополудні|полудень|полудні)", lambda _: Clock(12)),
    (r"(?:12 )?(?:midnight|опівночі|північ)", lambda _: Clock(0, at_end=True)),
    (rf"{_H}(?:[:.](?P<m>\d{{2}}))? ?(?P<half>[ap])m", _of_halves),
    (rf"(?:half past|half after) {_H}", lambda it: _past(_hour(it), 30)),
    (rf"(?:a )?quarter (?:past|after) {_H}", lambda it: _past(_hour(it), 15)),
    (rf"(?:a )?quarter (?:to|of|before|till) {_H}", lambda it: _before(_hour(it), 15)),
    (rf"{_N}{_MINUTES} (?:past|after) {_H}", lambda it: _past(_hour(it), _minutes(it))),
    (rf"{_N}{_MINUTES} (?:to|before|till) {_H}", lambda it: _before(_hour(it), _minutes(it))),
    (rf"пів(?: на| до)? {_H}{_ORDINAL}?", lambda it: _into(_hour(it), 30)),
    (rf"(?:за|без) чверт[ьі](?: до)? {_H}{_ORDINAL}?", lambda it: _before(_hour(it), 15)),
    (rf"чверть на {_H}{_ORDINAL}?", lambda it: _into(_hour(it), 15)),
    (rf"чверть (?:по|після) {_H}{_ORDINAL}?", lambda it: _past(_hour(it), 15)),
    (rf"(?:за|без) {_N}{_MINUTES}(?: до)? {_H}{_ORDINAL}?", lambda it: _before(_hour(it), _minutes(it))),
    (rf"{_N}{_MINUTES} на {_H}{_ORDINAL}?", lambda it: _into(_hour(it), _minutes(it))),
    (rf"{_N}{_MINUTES} (?:по|після) {_H}{_ORDINAL}?", lambda it: _past(_hour(it), _minutes(it))),
    (r"(?P<h>\d{1,2})[:.](?P<m>\d{2})", lambda it: Clock(int(it["h"]), int(it["m"]))),
    (
        rf"(?:(?:at|by|о|об|o|на|до) )?{_H}(?:{_ORDINAL}|(?: ?(?:o'clock|oclock|год|h|hrs|година|годині|годину)))"
        rf"(?: {_N}{_MINUTES})?",
        _bare,
    ),
    (rf"(?:at|by|о|об|o|на|до) {_H}(?: {_N}{_MINUTES})?", _bare),
    (rf"{_H}(?: {_N}{_MINUTES})?", _bare),
)
_READ = [(re.compile(rf"(?<!\S){pattern}(?!\S)"), read) for pattern, read in _CLOCKS]
_OF_PART = re.compile(rf"(?<!\S)(?:(?:in|this|at|the) )*(?P<part>{'|'.join(_PARTS.values())})(?!\S)")
_TONIGHT = re.compile(r"(?<!\S)(?:tonight|сьогодні ввечері|сьогодні увечері)(?!\S)")


def spoken(text: str, is_day: Callable[[str], bool]) -> Spoken | None:
    """Return the day, the clock and the part of the day in `text`, all of which must be of a time; None: it is none.

    `is_day` knows the words for days. Raises ValueError for a clock that is none, such as `18pm`.
    """
    part, rest = _taken(_OF_PART, _TONIGHT.sub("today evening", plainly(text)))
    named = next((each for each, names in _PARTS.items() if part and part["part"] in names.split("|")), None)
    if is_day(_day(rest)) or (named is not None and not _day(rest)):
        return Spoken(_day(rest), part=named)
    for pattern, read in _READ:
        for found in pattern.finditer(rest):
            day = _day(f"{rest[: found.start()]} {rest[found.end() :]}")
            if day and not is_day(day):
                continue
            is_lone = not day and named is None and found[0].isdigit()  # it may be anything
            return None if is_lone else Spoken(day, read(found), named)
    return None


def _taken(pattern: re.Pattern[str], words: str) -> tuple[re.Match[str] | None, str]:
    found = pattern.search(words)
    return found, words if found is None else f"{words[: found.start()]} {words[found.end() :]}"


def _day(words: str) -> str:
    """Return the words without those that change nothing: "on Friday", "у п'ятницю"."""
    tokens = words.split()
    while tokens and tokens[0] in _SMALL:
        tokens = tokens[1:]
    while tokens and tokens[-1] in _SMALL:
        tokens = tokens[:-1]
    return " ".join(tokens)
