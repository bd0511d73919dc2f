"""Outlets: channels, readers and the newsroom's signatures, read from newsroom.toml and handed in by the app."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.article import Article, Media, MediaKind, Platform, Source, Verification
from bot.domain.change import ChangeWords, Standing, ends_of, notice_of, top_of
from bot.domain.official import Account
from bot.domain.open_record import NOT_OPEN, OpenRecord
from bot.domain.shapes.template import NO_TEMPLATE, Template

#: Messages a second that Telegram takes in paid broadcasts, free ones included
#: (docs/platforms/telegram.md#paid-broadcasts).
PAID_PER_SECOND = 1000
#: Largest picture that Viber shows on every phone, in bytes (docs/platforms/viber.md#limits).
SHARED_SIZE = 1024 * 1024


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
    """The few words around an article, in its language. `own` names the newsroom's own correspondent.

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
    change: ChangeWords = field(default_factory=ChangeWords)
    #: The word for the link to the public record.
    verify: str = ""
    #: Before the headline of the article that another one follows up, of one that was retracted, and of one in doubt.
    earlier: str = ""
    taken_back: str = ""
    checking: str = ""

    def top(self, article: Article) -> str:
        """Return the line about its last change, above the headline; empty if there is none."""
        return top_of(article.changes, self.change)

    def follows(self, article: Article) -> str:
        """Return the words before the headline of the article that this one follows up; empty if it follows none."""
        if article.about is None:
            return ""
        words = {Standing.RETRACTED: self.taken_back, Standing.CHECKING: self.checking}
        return words.get(article.about.said, self.earlier)

    def ends(self, article: Article) -> tuple[str, ...]:
        """Return the lines about its changes, below the text."""
        lines, is_cut = ends_of(article.changes, self.change)
        return (*lines, self.change.more) if is_cut and self.change.more and article.link else lines

    def stub(self, article: Article) -> tuple[str, ...]:
        """Return what stands in the place of an article that was taken back or is over, under its mark."""
        taken_back = f"{article.changes[-1].note} {self.change.stub}".strip()
        why = taken_back if article.is_retracted else self.change.over
        return tuple(filter(None, (f"«{article.headline}»", why)))

    def notice(self, article: Article, headline: str, *, edits: bool, done: bool = True) -> str:
        """Return the words by which holders of a copy learn of its last change. See `notice_of`."""
        last = article.changes[-1]
        return notice_of(last, headline, self.change, edits=edits, done=done, link=article.link)

    def status(self, article: Article) -> str:
        """Return the article's status in the reader's words; empty if there is nothing to show."""
        return self.statuses.get(article.status, "") if article.status is not None else ""

    def name(self, source: Source) -> str:
        return self.own if source.own else source.name


@dataclass(frozen=True, slots=True)
class Outlet:
    """All that `render` needs besides the article.

    `keyboard`: this place shows link buttons under a post; `bare`: the post has no formatting but its links.
    `check`: where anybody checks that the post is ours; empty: it does not say.
    """

    masthead: Masthead
    labels: Labels
    keyboard: bool = True
    silent: bool = False
    bare: bool = False
    check: str = ""

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """The links beside the signature, each with the word for it; empty ones are not shown."""
        head = self.masthead
        return (("Telegram", head.telegram), ("Viber", head.viber), (self.labels.verify, self.check))


@dataclass(frozen=True, slots=True)
class Fit:
    """The fit of an article on a platform: True for what a post holds whole, and for a picture that is not there.

    `unmarked`: the stretches whose formatting the platform has no form for. `moves`: a picture that moves is not shown
    as a still one.
    """

    text: bool = True
    picture: bool = True
    moves: bool = True
    unmarked: tuple[str, ...] = ()


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
    """The hours in which posts come without sound, in the newsroom's zone; over midnight if `end` is earlier."""

    start: time
    end: time

    def covers(self, local: time) -> bool:
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end


@dataclass(frozen=True, slots=True)
class Timetable:
    """The times of posts. `slots` are posting times by weekday (0 = Monday).

    `stale_after`: the desk is asked before a post that is later than this. `gap`: the least time between two posts of a
    channel, 0 for none; urgent ones do not wait for it.
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
    """Ceilings for one platform. `per_second`: requests of the whole bot; `parallel`: requests under way at once.

    `chat_per_second` and `group_per_minute`: messages to one chat, and to one group or channel; 0 for no limit of ours.
    `paid`: messages to readers above `per_second` are paid for (Telegram's paid broadcast).
    """

    per_second: float = 25.0
    parallel: int = 16
    chat_per_second: float = 0.0
    group_per_minute: int = 0
    paid: bool = False

    def stars(self, readers: int) -> int:
        """About how many Stars an article costs: 0.1 for each message above the free rate, rounded up."""
        if not self.paid or readers <= self.per_second:
            return 0
        return math.ceil(readers * (1 - self.per_second / PAID_PER_SECOND) / 10)


@dataclass(frozen=True, slots=True)
class Press:
    """The newsroom's name and words per language; articles in another language are signed in the default one."""

    mastheads: Mapping[str, Masthead]
    labels: Mapping[str, Labels]
    default: str
    #: Returns the public address of a file that a platform holds; None if this newsroom has no public address.
    address_of: Callable[[str], str] | None = None
    #: Returns the public address of a kept picture by its digest and file ending; None as above.
    kept_at: Callable[[str, str], str] | None = None
    #: The newsroom's own words around its articles, by which what people paste is read.
    template: Template = NO_TEMPLATE
    #: The public record, as readers reach it.
    record: OpenRecord = NOT_OPEN
    #: The newsroom's own channels and bots, as newsroom.toml lists them, beside the channels in which it posts.
    official: tuple[Account, ...] = ()

    def name_in(self, language: str) -> str:
        """Return the newsroom's name as people of a language read it."""
        return self.mastheads.get(language, self.mastheads[self.default]).name

    def edition(self, article: Article, platform: Platform) -> Article:
        """The article as `platform` can show it: a picture that another platform holds, or that is kept, comes from
        our own address, and of an animation the still picture. One that is not kept is left out: what stands at its
        address may be another one by now.
        """
        media = article.media
        if media is not None and media.is_loose:
            return replace(article, media=None)
        if media is not None and media.digest and (self.kept_at is not None or media.kind is not MediaKind.PHOTO):
            return replace(article, media=replace(media, url=self._own_address(media)))
        if media is None or not media.file or media.platform is platform or self.address_of is None:
            return article
        if not self.reaches(media, platform):
            return article
        return replace(article, media=replace(media, url=self.address_of(media.file), file="", platform=None))

    def _own_address(self, media: Media) -> str:
        """Return where we hand out what can be shown without a film's own message: a film, a picture, a still one."""
        digest, form = (media.still, "jpg") if media.kind is MediaKind.ANIMATION else (media.digest, media.form)
        return self.kept_at(digest, form) if digest and self.kept_at is not None else ""

    def reaches(self, media: Media, platform: Platform) -> bool:
        """True if `platform` can get hold of the picture or video."""
        if media.url or media.platform is platform or (media.digest and self.kept_at is not None):
            return True
        return self.address_of is not None and media.kind is MediaKind.PHOTO and (media.size or 0) <= SHARED_SIZE

    def notice(self, article: Article, headline: str, note: str, *, edits: bool, is_done: bool = True) -> Article:
        """Return the word beside a copy under `headline` that was changed into `article`, as an article of its own.

        `edits`: the copy above it is changed; `is_done`: already. Else it carries everything. `note`: for a version
        that shows no change.
        """
        labels = self.labels[article.language if article.language in self.labels else self.default]
        said = labels.notice(article, headline, edits=edits, done=is_done) if article.changes else f"{headline}\n{note}"
        first, _, rest = said.partition("\n")
        return Article(headline=first, lead=rest, language=article.language)

    def outlet(
        self, article: Article, platform: Platform, *, channel: bool, silent: bool = False, number: int = 0
    ) -> Outlet:
        """The outlet for a channel or for readers. Only Viber's channels show no keyboards.

        `number`: the article's, to which the link to the public record leads; 0 for what is no article's post.
        """
        language = article.language if article.language in self.labels else self.default
        return Outlet(
            masthead=self.mastheads[language],
            labels=self.labels[language],
            keyboard=not (channel and platform is Platform.VIBER),
            silent=silent,
            check=self.record.under(number),
        )
