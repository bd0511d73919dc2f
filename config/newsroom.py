"""Reads the newsroom's own file (name, channels, posting times, pace …), checks it and names every fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from config import values
from config.faults import Misplaced, SettingsError, fault_lines

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Links(Part):
    site: values.Link = ""
    telegram: values.Link = ""
    viber: values.Link = ""


class Channel(Part):
    """A channel. `key` is its short name in chat. If `language` and `topics` are empty, it takes everything."""

    key: Annotated[str, BeforeValidator(values.key)]
    platform: Annotated[Literal["telegram", "viber"], values.one_of("telegram", "viber")]
    chat: str = ""
    title: str = ""
    language: Annotated[str, BeforeValidator(lambda value: value and values.language(value))] = ""
    topics: Annotated[frozenset[str], BeforeValidator(values.topics)] = frozenset()
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


class Official(Part):
    """An account of the newsroom's own. `id`: the platform's number of a channel or bot; `name`: its public name."""

    platform: Annotated[Literal["telegram", "viber"], values.one_of("telegram", "viber")]
    id: Annotated[str, BeforeValidator(values.account_id)] = ""
    name: Annotated[str, BeforeValidator(values.account_name)] = ""
    title: str = ""
    link: values.Link = ""

    @model_validator(mode="after")
    def _names_one(self) -> Official:
        if not (self.id or self.name or self.link):
            raise ValueError("names nothing: set id, name or link.")
        return self


class Slots(Part):
    """The posting times of each weekday, sorted, in the newsroom's zone.

    `gap`: the least time between two posts of a channel.
    """

    mon: values.Times = ()
    tue: values.Times = ()
    wed: values.Times = ()
    thu: values.Times = ()
    fri: values.Times = ()
    sat: values.Times = ()
    sun: values.Times = ()
    gap: Annotated[timedelta, BeforeValidator(values.span_or_empty)] = timedelta(0)

    def by_weekday(self) -> dict[int, tuple[time, ...]]:
        """The times by weekday as Python counts, with 0 for Monday."""
        return {number: getattr(self, day) for number, day in enumerate(WEEKDAYS)}


class Hours(Part):
    """The hours from `start` to `end`, over midnight if `end` is earlier."""

    start: time
    end: time


class Pace(Part):
    """The pace on a platform. `per_second`: requests of the whole bot; `parallel`: requests under way at once."""

    per_second: Annotated[float, values.number(0.1, 1000, float)] = 25.0
    parallel: Annotated[int, values.number(1, 256, int)] = 16


class TelegramPace(Pace):
    """The pace on Telegram. `chat_per_second`: messages to one chat; `group_per_minute`: to one group or channel.

    `paid`: editors may choose paid broadcast.
    """

    chat_per_second: Annotated[float, values.number(0.1, 1000, float)] = 1.0
    group_per_minute: Annotated[int, values.number(1, 1000, int)] = 20
    paid: Annotated[bool, BeforeValidator(values.switch)] = False


#: Viber takes 500 broadcasts in 10 s (docs/platforms/viber.md#broadcasts); this leaves a fifth for replies.
VIBER_PACE = Pace(per_second=40.0, parallel=8)


class Paces(Part):
    telegram: TelegramPace = TelegramPace()
    viber: Pace = VIBER_PACE


class Readers(Part):
    """The articles that go to readers in direct chats, by platform.

    `forget_after`: how long a reader who left is remembered.
    """

    telegram: values.Push = "all"
    viber: values.Push = "all"
    forget_after: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(days=90)


class Duty(Part):
    """The hours of duty of each weekday, in the newsroom's zone; over midnight if they end earlier than they begin."""

    mon: values.Spans = ()
    tue: values.Spans = ()
    wed: values.Spans = ()
    thu: values.Spans = ()
    fri: values.Spans = ()
    sat: values.Spans = ()
    sun: values.Spans = ()

    def by_weekday(self) -> tuple[tuple[tuple[time, time], ...], ...]:
        """The hours by weekday from Monday, each with its beginning and its end."""
        return tuple(getattr(self, day) for day in WEEKDAYS)


class Desk(Part):
    """The rules of the desk.

    `approvals`: how many people other than its authors must approve an article; 0 is a choice, never a default.
    `approve_after`: how long a new editor approves nothing. `undo`: how long a publication can be stopped, 0 for not at
    all. `remind_after`, `escalate_after`: when an approval is asked for again, and when the owners are told.
    `slack`: as far from the time that was approved an approver may move an article without a second round.
    `groups`: ids of the desk's Telegram groups. `group_language`: what the bot speaks there; empty for the newsroom's
    first language. `progress_from`: a sending to readers that takes this long is announced and its progress shown.
    `similar_within`: the age up to which published articles are compared with a new one. `head_at`: when the desk is
    told the head of the audit log each day; None for never. `quiet_hours`: when only alarms ring on the desk's phones;
    None for never. `duty`: the hours of the week of whoever has not set their own; empty: always but in quiet hours.
    """

    approvals: Annotated[int, values.number(0, 3, int)] = 1
    approve_after: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(hours=24)
    undo: Annotated[timedelta, BeforeValidator(values.span_or_zero)] = timedelta(seconds=30)
    remind_after: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(minutes=15)
    escalate_after: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(hours=1)
    slack: Annotated[timedelta, BeforeValidator(values.span_or_zero)] = timedelta(hours=2)
    groups: Annotated[tuple[str, ...], BeforeValidator(values.groups)] = ()
    group_language: Annotated[str, BeforeValidator(lambda value: value and values.language(value))] = ""
    progress_from: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(minutes=1)
    similar_within: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(hours=72)
    head_at: Annotated[time | None, BeforeValidator(values.time_or_none)] = time(9)
    quiet_hours: Annotated[Hours | None, BeforeValidator(values.hours)] = Hours(start=time(23), end=time(7))
    duty: Duty = Duty()


class Backups(Part):
    """The time of each day's backup, in the newsroom's zone; None: there is none. `keep`: the number that are kept.
    `to`: the folder, on another disk or machine, to which each is copied; None: to none.
    """

    at: Annotated[time | None, BeforeValidator(values.time_or_none)] = time(4)
    keep: Annotated[int, values.number(1, 366, int)] = 7
    to: Annotated[Path | None, BeforeValidator(values.folder_or_none)] = None


class Record(Part):
    """`site`: the newsroom's own with the exported public record; empty: only our own doors show it.

    `witnesses`: the address and key of each newsroom that cosigns the record. `quorum`: the least of them that must
    have cosigned a checkpoint, so that readers who ask for it believe that. `code`: whether each post has a link to it.
    """

    site: values.Link = ""
    witnesses: Annotated[tuple[tuple[str, str], ...], BeforeValidator(values.witnesses)] = ()
    quorum: Annotated[int, values.number(0, 9, int)] = 0
    code: Literal["link", "none"] = "link"

    @model_validator(mode="after")
    def _can_be_met(self) -> Record:
        if self.quorum > len(self.witnesses):
            raise Misplaced([(".quorum", "asks for more witnesses than there are in `witnesses`.")])
        return self


class Evidence(Part):
    """The evidence that an article must name before it may be submitted, timed or published."""

    required: Annotated[tuple[Literal["status", "source"], ...], BeforeValidator(values.evidence)] = (
        "status",
        "source",
    )


class Risk(Part):
    """A rule for risky articles: those that meet all conditions set, and what they need before they go out."""

    key: Annotated[str, BeforeValidator(values.key)]
    title: Annotated[str, BeforeValidator(values.title)]
    topics: Annotated[frozenset[str], BeforeValidator(values.topics)] = frozenset()
    words: Annotated[tuple[str, ...], BeforeValidator(values.words)] = ()
    anonymous_source: Annotated[bool, BeforeValidator(values.switch)] = False
    named_person: Annotated[bool, BeforeValidator(values.switch)] = False
    approvals: Annotated[int, values.number(0, 3, int)] = 0
    checklist: Annotated[tuple[str, ...], BeforeValidator(values.texts)] = ()
    hold: Annotated[timedelta, BeforeValidator(values.span_or_empty)] = timedelta(0)

    @model_validator(mode="after")
    def _says_something(self) -> Risk:
        if not (self.topics or self.words or self.anonymous_source or self.named_person):
            raise ValueError("covers no article: set topics, words, anonymous_source or named_person.")
        if not (self.approvals or self.checklist or self.hold):
            raise ValueError("asks for nothing: set approvals, checklist or hold.")
        return self


class Feed(Part):
    """A feed whose items become drafts of the member `to`, by default of the first owner.

    `include`, `exclude`: beginnings of words, of which one must or none may be in an item. `topics`: by the feed's
    sections. `submit`: the desk is asked about each at once.
    """

    key: Annotated[str, BeforeValidator(values.key)]
    url: Annotated[str, BeforeValidator(values.feed)]
    to: Annotated[tuple[str, str] | None, BeforeValidator(values.person)] = None
    every: Annotated[timedelta, BeforeValidator(values.every)] = timedelta(minutes=5)
    include: Annotated[tuple[str, ...], BeforeValidator(values.words)] = ()
    exclude: Annotated[tuple[str, ...], BeforeValidator(values.words)] = ()
    topics: Annotated[dict[str, str], BeforeValidator(values.sections)] = Field(default_factory=dict)
    submit: Annotated[bool, BeforeValidator(values.switch)] = False


class Template(Part):
    """The newsroom's own words around its articles. A call or a footer that ends in `…` is the beginning of a line."""

    calls: tuple[str, ...] = ()
    rubrics: tuple[str, ...] = ()
    teaser_headings: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


class Own(Part):
    """The part of newsroom.toml that tells how the newsroom's own pages read."""

    template: Template = Template()


class Intake(Own):
    """The part of newsroom.toml that tells where stories come from by themselves."""

    feeds: tuple[Feed, ...] = ()

    @field_validator("feeds")
    @classmethod
    def _are_read_once(cls, feeds: tuple[Feed, ...]) -> tuple[Feed, ...]:
        faults: list[tuple[str, str]] = []
        for name in ("key", "url"):
            first: dict[str, int] = {}
            for number, feed in enumerate(feeds):
                before = first.setdefault(getattr(feed, name), number)
                if before != number:
                    faults.append((f"[{number}].{name}", f"is taken by feeds[{before}]; give each its own."))
        if faults:
            raise Misplaced(faults)
        return feeds


class Public(Intake):
    """The part of newsroom.toml that tells where its public record is seen, and which accounts are its own."""

    record: Record = Record()
    official: tuple[Official, ...] = ()


class Newsroom(Public):
    """All of newsroom.toml. The first of `languages` is for people whose own is not among them."""

    name: Annotated[str, Field(min_length=1)]
    time_zone: Annotated[ZoneInfo, BeforeValidator(values.zone)] = ZoneInfo("Europe/Kyiv")
    languages: tuple[values.Language, ...] = ("uk", "en")
    signature: dict[str, str] = Field(default_factory=dict)
    links: Links = Links()
    channels: tuple[Channel, ...] = ()
    slots: Slots = Slots()
    quiet_hours: Annotated[Hours | None, BeforeValidator(values.hours)] = None
    stale_after: Annotated[timedelta, BeforeValidator(values.span)] = timedelta(minutes=30)
    pace: Paces = Paces()
    readers: Readers = Readers()
    desk: Desk = Desk()
    evidence: Evidence = Evidence()
    backups: Backups = Backups()
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

    @field_validator("desk")
    @classmethod
    def _speaks_our_languages(cls, desk: Desk, info: ValidationInfo) -> Desk:
        if desk.group_language and desk.group_language not in info.data.get("languages", desk.group_language):
            raise Misplaced([(".group_language", "is not one of `languages`.")])
        return desk

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
    """The keys and places that occur twice: the desk would mix them up, or a place get every article twice."""
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
    """Read and check newsroom.toml. Raises `SettingsError` with all faults, named like `channels[1].chat`."""
    try:
        # Windows writes a mark before the first letter.
        return Newsroom.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise SettingsError([f"NEWSROOM: can't read {path}: {error.strerror}."]) from None
    except UnicodeDecodeError:
        raise SettingsError([f"NEWSROOM: {path} is not UTF-8 text. Save it again as UTF-8."]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"NEWSROOM: {path} is not TOML: {error}."]) from None
    except ValidationError as error:
        raise SettingsError([f"{key}: {sentence}" for key, sentence in fault_lines(error)]) from None
