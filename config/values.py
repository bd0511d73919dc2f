"""Checks single values of newsroom.toml, each with a sentence that says what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator

#: Units of a span.
UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "days": timedelta(days=1)}
#: Longest title or item of a checklist, in characters: two lines on a phone.
LONGEST = 80


def time_of_day(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('must be a time of day in quotes, like "09:00".')
    return time.fromisoformat(value)


def time_or_none(value: object) -> time | None:
    return None if value in ("", None) else time_of_day(value)


def folder_or_none(value: object) -> Path | None:
    """The whole path of a folder; nothing for an empty one."""
    if value in ("", None):
        return None
    if not isinstance(value, str | Path) or not Path(value).is_absolute():
        raise ValueError('must be the whole path of a folder, like "/mnt/backups", or empty.')
    return Path(value)


def times(value: tuple[time, ...]) -> tuple[time, ...]:
    if len(set(value)) < len(value):
        raise ValueError("names the same time twice.")
    return tuple(sorted(value))


def hours(value: object) -> object:
    """The start and end in a text such as `23:00-07:00`; None for an empty one: no quiet hours."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        start, end = (time_of_day(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ValueError('must be two times of day, like "23:00-07:00", or empty.') from None
    if start == end:
        raise ValueError("begins and ends at the same time; leave it empty for no quiet hours.")
    return {"start": start, "end": end}


def spans(value: object) -> tuple[tuple[time, time], ...]:
    """The hours of a day: a text such as `08:00-16:00`, or a list of them."""
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) and text for text in texts):
        raise ValueError('must be hours in quotes, like "08:00-16:00", or a list of them.')
    found = [hours(text) for text in texts]
    return tuple(sorted((each["start"], each["end"]) for each in found if isinstance(each, dict)))


def span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9]\d{0,4}) ?(s|min|h|days)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('must be a span of time in quotes, like "30 min" or "2 h".')
    return int(found[1]) * UNITS[found[2]]


def span_or_empty(value: object) -> timedelta:
    return span(value) if value != "" else timedelta(0)


def span_or_zero(value: object) -> timedelta:
    return span(value) if value != "0 s" else timedelta(0)


def zone(value: object) -> ZoneInfo:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ValueError, OSError, KeyError):
        raise ValueError('is not a known time zone; write one like "Europe/Kyiv".') from None


def language(value: object) -> object:
    if value == "ua":
        raise ValueError('is "ua", which is the country; the Ukrainian language is "uk".')
    if not re.fullmatch(r"[a-z]{2}", str(value)):
        raise ValueError('must be a two-letter code in quotes, like "uk".')
    return value


def link(value: object) -> object:
    if not re.fullmatch(r"(https?://[^\s/]\S*)?", str(value)):
        raise ValueError("must be a whole address that starts with https://, or empty.")
    return value


def account_id(value: object) -> str:
    """The number of a channel or bot; numbers need no quotes."""
    text = str(value) if not isinstance(value, bool) else ""
    if not re.fullmatch(r"(-?\d{1,20})?", text):
        raise ValueError('must be the number of a channel or bot, like "-1001234567890", or empty.')
    return text


def account_name(value: object) -> str:
    text = str(value).removeprefix("@")
    if not re.fullmatch(r"([A-Za-z]\w{3,31})?", text, re.ASCII):
        raise ValueError('must be the public name of a channel or bot, like "your_channel", or empty.')
    return text


def key(value: object) -> object:
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", str(value)):
        raise ValueError("must be 1 to 32 of a-z, 0-9, _ and -: editors type it in chat.")
    return value


def person(value: object) -> tuple[str, str] | None:
    """The platform and id of somebody of the desk; None for an empty text."""
    if value == "":
        return None
    platform, _, number = value.partition(":") if isinstance(value, str) else ("", "", "")
    if platform not in ("telegram", "viber") or not number:
        raise ValueError('must be somebody of the desk as OWNERS names them, like "telegram:123456789", or empty.')
    return platform, number


def feed(value: object) -> object:
    if not re.fullmatch(r"https?://[^\s/]\S*", str(value)):
        raise ValueError("must be the whole address of a feed that starts with https://.")
    return value


def every(value: object) -> timedelta:
    found = span(value)
    if not UNITS["min"] <= found <= UNITS["days"]:
        raise ValueError('must be from "1 min" to "24 h".')
    return found


def sections(value: object) -> dict[str, str]:
    """Topics by the sections of a feed."""
    if not isinstance(value, dict) or not all(isinstance(topic, str) and topic.strip() for topic in value.values()):
        raise ValueError('must be a table of topics by section, like { "Місто" = "місцеве" }.')
    return {str(section).strip(): topic.strip() for section, topic in value.items()}


def topics(value: object) -> object:
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(topic, str) for topic in value):
        raise ValueError('must be a list of words in quotes, like ["economy", "war"].')
    return frozenset(topic.strip().casefold() for topic in value)


def groups(value: object) -> object:
    """The ids of groups. Names are not taken, since a group's name can change hands."""
    if not isinstance(value, list | tuple) or not all(re.fullmatch(r"-\d+", str(group)) for group in value):
        raise ValueError('must be a list of ids of Telegram groups in quotes, like ["-1001234567890"].')
    return tuple(str(group) for group in value)


def texts(value: object) -> tuple[str, ...]:
    """Texts that are different and short, since they stand on buttons and cards."""
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) and text.strip() for text in value):
        raise ValueError('must be a list of texts in quotes, like ["one", "two"].')
    texts = tuple(text.strip() for text in value)
    if len({text.casefold() for text in texts}) < len(texts):
        raise ValueError("names the same twice.")
    if any(len(text) > LONGEST for text in texts):
        raise ValueError(f"has a text of more than {LONGEST} characters; phones show less.")
    return texts


def words(value: object) -> tuple[str, ...]:
    words = texts(value)
    if not all(word[0].isalnum() for word in words):
        raise ValueError("must be words or their beginnings, without signs before them.")
    return words


def title(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
        raise ValueError(f"must be a text in quotes of at most {LONGEST} characters: people see it on the card.")
    return value.strip()


def evidence(value: object) -> tuple[str, ...]:
    known = isinstance(value, list | tuple) and all(each in ("status", "source") for each in value)
    if not isinstance(value, list | tuple) or not known or len(set(value)) < len(value):
        raise ValueError('must be a list of "status" and "source", or empty: [].')
    return tuple(value)


def one_of(*choices: str) -> BeforeValidator:
    def check(value: object) -> object:
        if value not in choices:
            raise ValueError("must be one of: " + ", ".join(f'"{choice}"' for choice in choices) + ".")
        return value

    return BeforeValidator(check)


def number(least: float, most: float, kind: Callable[[float], float]) -> BeforeValidator:
    def check(value: object) -> object:
        known = isinstance(value, int | float) and not isinstance(value, bool) and kind(value) == value
        if not known or not least <= float(str(value)) <= most:
            raise ValueError(f"must be a {'whole ' if kind is int else ''}number from {least:g} to {most:g}.")
        return value

    return BeforeValidator(check)


def switch(value: object) -> object:
    if value is not True and value is not False:
        raise ValueError("must be true or false, without quotes.")
    return value


def witnesses(value: object) -> object:
    """The addresses and keys in texts such as `https://partner.example/witness partner.example+1a2b3c4d+BA…`."""
    form = re.compile(r"(https?://[^\s/]\S*) ([^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44})")
    found = [form.fullmatch(str(each)) for each in value] if isinstance(value, list) else [None]
    if None in found:
        raise ValueError('must be a list of texts like "https://partner.example/witness partner.example+1a2b3c4d+BA…".')
    return tuple((each[1], each[2]) for each in found if each is not None)


Language = Annotated[str, BeforeValidator(language)]
Link = Annotated[str, BeforeValidator(link)]
TimeOfDay = Annotated[time, BeforeValidator(time_of_day)]
Times = Annotated[tuple[TimeOfDay, ...], AfterValidator(times)]
Spans = Annotated[tuple[tuple[time, time], ...], BeforeValidator(spans)]
Push = Annotated[Literal["all", "urgent", "none"], one_of("all", "urgent", "none")]
