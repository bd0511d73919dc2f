"""The newsroom's own file: its name, channels, posting times and pace, checked and with every fault named."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config.faults import Misplaced, SettingsError, fault_lines

UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1), "h": timedelta(hours=1)}
#: Characters of a title or of a checklist's item: two lines of a phone.
LONGEST = 80
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time(value: object) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError('must be a time of day in quotes, like "09:00".')
    return time.fromisoformat(value)


def _time_or_none(value: object) -> time | None:
    return None if value in ("", None) else _time(value)


def _times(value: tuple[time, ...]) -> tuple[time, ...]:
    if len(set(value)) < len(value):
        raise ValueError("names the same time twice.")
    return tuple(sorted(value))


def _hours(value: object) -> object:
    """`23:00-07:00` as a table; empty: no quiet hours."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        start, end = (_time(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ValueError('must be two times of day, like "23:00-07:00", or empty.') from None
    if start == end:
        raise ValueError("begins and ends at the same time; leave it empty for no quiet hours.")
    return {"start": start, "end": end}


def _span(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"([1-9]\d{0,4}) ?(s|min|h)", value) if isinstance(value, str) else None
    if not found:
        raise ValueError('must be a span of time in quotes, like "30 min" or "2 h".')
    return int(found[1]) * UNITS[found[2]]


def _span_or_none(value: object) -> timedelta:
    return _span(value) if value != "" else timedelta(0)


def _span_or_zero(value: object) -> timedelta:
    return _span(value) if value != "0 s" else timedelta(0)


def _zone(value: object) -> ZoneInfo:
    try:
        return value if isinstance(value, ZoneInfo) else ZoneInfo(str(value))
    except (ValueError, OSError, KeyError):
        raise ValueError('is not a known time zone; write one like "Europe/Kyiv".') from None


def _language(value: object) -> object:
    if not re.fullmatch(r"[a-z]{2}", str(value)):
        raise ValueError('must be a two-letter code in quotes, like "uk".')
    return value


def _link(value: object) -> object:
    if not re.fullmatch(r"(https?://[^\s/]\S*)?", str(value)):
        raise ValueError("must be a whole address that starts with https://, or empty.")
    return value


def _key(value: object) -> object:
    if not re.fullmatch(r"[a-z0-9_-]{1,32}", str(value)):
        raise ValueError("must be 1 to 32 of a-z, 0-9, _ and -: editors type it in chat.")
    return value


def _topics(value: object) -> object:
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(topic, str) for topic in value):
        raise ValueError('must be a list of words in quotes, like ["economy", "war"].')
    return frozenset(topic.strip().casefold() for topic in value)


def _groups(value: object) -> object:
    """A group's name can change hands, so only numbers."""
    if not isinstance(value, list | tuple) or not all(re.fullmatch(r"-\d+", str(group)) for group in value):
        raise ValueError('must be a list of ids of Telegram groups in quotes, like ["-1001234567890"].')
    return tuple(str(group) for group in value)


def _texts(value: object) -> tuple[str, ...]:
    """Short ones: they stand on buttons and cards."""
    if not isinstance(value, list | tuple) or not all(isinstance(text, str) and text.strip() for text in value):
        raise ValueError('must be a list of texts in quotes, like ["one", "two"].')
    texts = tuple(text.strip() for text in value)
    if len({text.casefold() for text in texts}) < len(texts):
        raise ValueError("names the same twice.")
    if any(len(text) > LONGEST for text in texts):
        raise ValueError(f"has a text of more than {LONGEST} characters; phones show less.")
    return texts


def _words(value: object) -> tuple[str, ...]:
    words = _texts(value)
    if not all(word[0].isalnum() for word in words):
        raise ValueError("must be words or their beginnings, without signs before them.")
    return words


def _title(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST:
        raise ValueError(f"must be a text in quotes of at most {LONGEST} characters: people see it on the card.")
    return value.strip()


def _evidence(value: object) -> tuple[str, ...]:
    known = isinstance(value, list | tuple) and all(each in ("status", "source") for each in value)
    if not isinstance(value, list | tuple) or not known or len(set(value)) < len(value):
        raise ValueError('must be a list of "status" and "source", or empty: [].')
    return tuple(value)


def _one_of(*choices: str) -> BeforeValidator:
    def check(value: object) -> object:
        if value not in choices:
            raise ValueError("must be one of: " + ", ".join(f'"{choice}"' for choice in choices) + ".")
        return value

    return BeforeValidator(check)


def _number(least: float, most: float, kind: Callable[[float], float]) -> BeforeValidator:
    def check(value: object) -> object:
        known = isinstance(value, int | float) and not isinstance(value, bool) and kind(value) == value
        if not known or not least <= float(str(value)) <= most:
            raise ValueError(f"must be a {'whole ' if kind is int else ''}number from {least:g} to {most:g}.")
        return value

    return BeforeValidator(check)


def _switch(value: object) -> object:
    if value is not True and value is not False:
        raise ValueError("must be true or false, without quotes.")
    return value


Language = Annotated[str, BeforeValidator(_language)]
Link = Annotated[str, BeforeValidator(_link)]
TimeOfDay = Annotated[time, BeforeValidator(_time)]
Times = Annotated[tuple[TimeOfDay, ...], AfterValidator(_times)]
Push = Annotated[Literal["all", "urgent", "none"], _one_of("all", "urgent", "none")]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Links(Part):
    site: Link = ""
    telegram: Link = ""
    viber: Link = ""


class Channel(Part):
    """`key` is its short name in chat. `language` and `topics` empty: everything."""

    key: Annotated[str, BeforeValidator(_key)]
    platform: Annotated[Literal["telegram", "viber"], _one_of("telegram", "viber")]
    chat: str = ""
    title: str = ""
    language: Annotated[str, BeforeValidator(lambda value: value and _language(value))] = ""
    topics: Annotated[frozenset[str], BeforeValidator(_topics)] = frozenset()
    poster: str = ""

    @field_validator("chat", mode="before")
    @classmethod
    def _numbers_need_no_quotes(cls, value: object) -> object:
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _fits_its_platform(self) -> Channel:
        faults = list(self._platform_faults())
        if faults:
            raise Misplaced(faults)
        return self

    def _platform_faults(self) -> Iterator[tuple[str, str]]:
        if self.platform == "viber":
            if self.chat:
                yield ".chat", "must be empty for Viber, where VIBER_CHANNEL_TOKEN names the channel."
            return
        if not re.fullmatch(r"-\d+|@[A-Za-z]\w{3,31}", self.chat):
            yield ".chat", 'must be the id of a Telegram channel, like "-1001234567890", or its "@name".'
        if self.poster:
            yield ".poster", "is for Viber only; Telegram posts in the channel's own name."


class Slots(Part):
    """Posting times of each weekday, in the newsroom's zone, sorted. `gap`: between two posts of a channel."""

    mon: Times = ()
    tue: Times = ()
    wed: Times = ()
    thu: Times = ()
    fri: Times = ()
    sat: Times = ()
    sun: Times = ()
    gap: Annotated[timedelta, BeforeValidator(_span_or_none)] = timedelta(0)

    def by_weekday(self) -> dict[int, tuple[time, ...]]:
        """0 is Monday, as Python counts."""
        return {number: getattr(self, day) for number, day in enumerate(WEEKDAYS)}


class Hours(Part):
    """From `start` to `end`, over midnight if `end` is earlier."""

    start: time
    end: time


class Pace(Part):
    """`per_second`: requests of the whole bot; `parallel`: requests on the wire at once."""

    per_second: Annotated[float, _number(0.1, 1000, float)] = 25.0
    parallel: Annotated[int, _number(1, 256, int)] = 16


class TelegramPace(Pace):
    """`chat_per_second`, `group_per_minute`: messages to one chat, to one group or channel; `paid`: paid broadcast."""

    chat_per_second: Annotated[float, _number(0.1, 1000, float)] = 1.0
    group_per_minute: Annotated[int, _number(1, 1000, int)] = 20
    paid: Annotated[bool, BeforeValidator(_switch)] = False


#: Viber takes 500 broadcasts in 10 s; this leaves a fifth of them to replies. See reference: Viber 1.7.
VIBER_PACE = Pace(per_second=40.0, parallel=8)


class Paces(Part):
    telegram: TelegramPace = TelegramPace()
    viber: Pace = VIBER_PACE


class Readers(Part):
    """Which articles go to direct chats, by platform."""

    telegram: Push = "all"
    viber: Push = "all"


class Desk(Part):
    """`approvals`: how many people who did not write an article must approve it; 0 is a choice, never a default.

    `approve_after`: how long a new editor approves nothing. `undo`: how long a publication can be stopped; 0: not.
    `remind_after`, `escalate_after`: what waits for approval so long is asked for again, is told to the owners.
    `groups`: ids of the desk's Telegram groups. `progress_from`: what takes readers so long at today's
    pace is announced, and shown as it goes on. `similar_within`: how old an article may be to be like a new one.
    `head_at`: when the head of the audit log is told each day; None: never.
    """

    approvals: Annotated[int, _number(0, 3, int)] = 1
    approve_after: Annotated[timedelta, BeforeValidator(_span)] = timedelta(hours=24)
    undo: Annotated[timedelta, BeforeValidator(_span_or_zero)] = timedelta(seconds=30)
    remind_after: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=15)
    escalate_after: Annotated[timedelta, BeforeValidator(_span)] = timedelta(hours=1)
    groups: Annotated[tuple[str, ...], BeforeValidator(_groups)] = ()
    progress_from: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=1)
    similar_within: Annotated[timedelta, BeforeValidator(_span)] = timedelta(hours=72)
    head_at: Annotated[time | None, BeforeValidator(_time_or_none)] = time(9)


class Evidence(Part):
    """What an article must name before it may be submitted, timed or published."""

    required: Annotated[tuple[Literal["status", "source"], ...], BeforeValidator(_evidence)] = ("status", "source")


class Risk(Part):
    """A rule: which articles it covers (all conditions that are set), and what those need before they go out."""

    key: Annotated[str, BeforeValidator(_key)]
    title: Annotated[str, BeforeValidator(_title)]
    topics: Annotated[frozenset[str], BeforeValidator(_topics)] = frozenset()
    words: Annotated[tuple[str, ...], BeforeValidator(_words)] = ()
    anonymous_source: Annotated[bool, BeforeValidator(_switch)] = False
    named_person: Annotated[bool, BeforeValidator(_switch)] = False
    approvals: Annotated[int, _number(0, 3, int)] = 0
    checklist: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ()
    hold: Annotated[timedelta, BeforeValidator(_span_or_none)] = timedelta(0)

    @model_validator(mode="after")
    def _says_something(self) -> Risk:
        if not (self.topics or self.words or self.anonymous_source or self.named_person):
            raise ValueError("covers no article: set topics, words, anonymous_source or named_person.")
        if not (self.approvals or self.checklist or self.hold):
            raise ValueError("asks for nothing: set approvals, checklist or hold.")
        return self


class Newsroom(Part):
    """All of newsroom.toml. The first of `languages` is the desk's when an editor's own is not among them."""

    name: Annotated[str, Field(min_length=1)]
    time_zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("Europe/Kyiv")
    languages: tuple[Language, ...] = ("uk", "en")
    signature: dict[str, str] = Field(default_factory=dict)
    links: Links = Links()
    channels: tuple[Channel, ...] = ()
    slots: Slots = Slots()
    quiet_hours: Annotated[Hours | None, BeforeValidator(_hours)] = None
    stale_after: Annotated[timedelta, BeforeValidator(_span)] = timedelta(minutes=30)
    pace: Paces = Paces()
    readers: Readers = Readers()
    desk: Desk = Desk()
    evidence: Evidence = Evidence()
    risks: tuple[Risk, ...] = ()

    @field_validator("languages")
    @classmethod
    def _are_different(cls, languages: tuple[str, ...]) -> tuple[str, ...]:
        if not languages or len(set(languages)) < len(languages):
            raise ValueError('must name at least one language, and each once, like ["uk", "en"].')
        return languages

    @field_validator("signature")
    @classmethod
    def _is_in_our_languages(cls, signature: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        foreign = signature.keys() - set(info.data.get("languages", signature))
        if foreign:
            raise Misplaced([(f".{language}", "is not one of `languages`.") for language in sorted(foreign)])
        return signature

    @field_validator("risks")
    @classmethod
    def _have_their_own_keys(cls, risks: tuple[Risk, ...]) -> tuple[Risk, ...]:
        first: dict[str, int] = {}
        faults = [
            (f"[{number}].key", f"is taken by risks[{first[risk.key]}]; give each its own.")
            for number, risk in enumerate(risks)
            if first.setdefault(risk.key, number) != number
        ]
        if faults:
            raise Misplaced(faults)
        return risks

    @field_validator("channels")
    @classmethod
    def _get_along(cls, channels: tuple[Channel, ...], info: ValidationInfo) -> tuple[Channel, ...]:
        faults = [*_repeated(channels), *_foreign(channels, info.data.get("languages"))]
        if faults:
            raise Misplaced(faults)
        return channels


def _repeated(channels: tuple[Channel, ...]) -> Iterable[tuple[str, str]]:
    """A key twice confuses the desk; a place twice would get every article twice."""
    keys: dict[str, int] = {}
    places: dict[tuple[str, str], int] = {}
    for number, channel in enumerate(channels):
        first = keys.setdefault(channel.key, number)
        if first != number:
            yield f"[{number}].key", f"is taken by channels[{first}]; give each its own."
        first = places.setdefault((channel.platform, channel.chat.casefold()), number)
        if first != number and channel.platform == "viber":
            yield f"[{number}].platform", f"is Viber's second channel (after channels[{first}]); there can be one."
        elif first != number:
            yield f"[{number}].chat", f"is the same as in channels[{first}]; readers would get articles twice."


def _foreign(channels: tuple[Channel, ...], languages: tuple[str, ...] | None) -> Iterable[tuple[str, str]]:
    for number, channel in enumerate(channels):
        if channel.language and languages and channel.language not in languages:
            yield f"[{number}].language", "is not one of `languages`."


def load_newsroom(path: Path) -> Newsroom:
    """Read and check newsroom.toml; raises `SettingsError` with every fault, each named like `channels[1].chat`."""
    try:
        return Newsroom.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise SettingsError([f"NEWSROOM: can't read {path}: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"NEWSROOM: {path} is not UTF-8 text."]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"NEWSROOM: {path} is not TOML: {error}."]) from None
    except ValidationError as error:
        raise SettingsError([f"{key}: {sentence}" for key, sentence in fault_lines(error)]) from None
