"""Where articles go and how the newsroom signs them: read from newsroom.toml, handed in by the app."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.article import Article, Media, MediaKind, Platform, Source, Verification


@dataclass(frozen=True, slots=True)
class Masthead:
    """The newsroom's name and signature. Links may be empty; then they are not shown."""

    name: str
    signature: str = ""
    site: str = ""
    telegram: str = ""
    viber: str = ""


@dataclass(frozen=True, slots=True)
class Labels:
    """The few words around an article, in the article's language. `own` is who the own correspondent is.

    A status without words is not shown.
    """

    source: str
    related: str
    video: str
    photo: str
    read_more: str
    urgent: str
    own: str = ""
    statuses: Mapping[Verification, str] = field(default_factory=dict)

    def status(self, article: Article) -> str:
        """How far it is checked, in the reader's words; empty: nothing to show."""
        return self.statuses.get(article.status, "") if article.status is not None else ""

    def name(self, source: Source) -> str:
        return self.own if source.own else source.name


@dataclass(frozen=True, slots=True)
class Outlet:
    """All that `render` needs beside the article. `keyboard`: does this place show link buttons under a post."""

    masthead: Masthead
    labels: Labels
    keyboard: bool = True
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Fit:
    """What of an article a platform's posts hold: the text to its end, the picture (True also where there is none)."""

    text: bool = True
    picture: bool = True


@dataclass(frozen=True, slots=True)
class Channel:
    """One Telegram channel or group, or one Viber channel. `key` is its short name in chat and in newsroom.toml.

    `chat` is a numeric id or `@username` (Telegram); empty for Viber, whose channel is named by its token.
    `language` and `topics` empty: everything. `poster` is Viber's `from` id; empty: the first superadmin.
    """

    key: str
    platform: Platform
    chat: str = ""
    title: str = ""
    language: str = ""
    topics: frozenset[str] = frozenset()
    poster: str = ""

    def takes(self, article: Article) -> bool:
        in_language = not self.language or self.language == article.language
        on_topic = not self.topics or not self.topics.isdisjoint(topic.casefold() for topic in article.topics)
        return in_language and on_topic


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `end` in the newsroom's zone, over midnight if `end` is earlier: posts come without sound."""

    start: time
    end: time

    def covers(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class Timetable:
    """`slots`: posting times by weekday (0 = Monday). `stale_after`: later than this, a post asks the desk first.

    `gap`: at least so long lies between two posts of a channel; 0: as they come. Urgent ones wait for nothing.
    """

    zone: ZoneInfo
    slots: Mapping[int, tuple[time, ...]] = field(default_factory=dict)
    quiet: QuietHours | None = None
    stale_after: timedelta = timedelta(minutes=30)
    gap: timedelta = timedelta(0)

    def is_quiet(self, at: datetime) -> bool:
        return self.quiet is not None and self.quiet.covers(at.astimezone(self.zone).time())


@dataclass(frozen=True, slots=True)
class Pace:
    """Ceilings per platform. `per_second`: requests of the whole bot; `parallel`: requests on the wire at once.

    `chat_per_second` and `group_per_minute`: messages to one chat, and to one group or channel; 0: no limit of ours.
    `paid`: what readers get above `per_second` is paid for (Telegram's paid broadcast).
    """

    per_second: float = 25.0
    parallel: int = 16
    chat_per_second: float = 0.0
    group_per_minute: int = 0
    paid: bool = False

    def stars(self, readers: int) -> int:
        """About what an article to so many costs: those of each second who are not free, at 0.1 Star, rounded up."""
        if not self.paid or readers <= self.per_second:
            return 0
        return math.ceil(readers * (1 - self.per_second / PAID_PER_SECOND) / 10)


#: Telegram's ceiling for paid broadcasts, free messages included; see reference: Telegram 1.6.
PAID_PER_SECOND = 1000


#: Viber shows pictures of up to 1 MB on every phone, in bytes.
SHARED_SIZE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Press:
    """The newsroom's name and words per language; articles in another language are signed in the default one."""

    mastheads: Mapping[str, Masthead]
    labels: Mapping[str, Labels]
    default: str
    #: The public address of a file that a platform holds; None: this newsroom has no public address.
    address_of: Callable[[str], str] | None = None

    def edition(self, article: Article, platform: Platform) -> Article:
        """As `platform` can show it: a picture that another platform holds comes from our own address."""
        media = article.media
        if media is None or not media.file or media.platform is platform or self.address_of is None:
            return article
        if not self.reaches(media, platform):
            return article
        return replace(article, media=replace(media, url=self.address_of(media.file), file="", platform=None))

    def reaches(self, media: Media, platform: Platform) -> bool:
        """Can `platform` get hold of it?"""
        if media.url or media.platform is platform:
            return True
        return self.address_of is not None and media.kind is MediaKind.PHOTO and (media.size or 0) <= SHARED_SIZE

    def outlet(self, article: Article, platform: Platform, *, channel: bool, silent: bool = False) -> Outlet:
        """Viber channels show no keyboards; every other place does."""
        language = article.language if article.language in self.labels else self.default
        return Outlet(
            masthead=self.mastheads[language],
            labels=self.labels[language],
            keyboard=not (channel and platform is Platform.VIBER),
            silent=silent,
        )
