"""The newsroom itself: its channels and readers, its timetable, and the rules that it goes by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta

from bot.domain import Article, Channel, Fit, Pace, Platform, Press, Timetable
from bot.domain.audience import Audience
from bot.domain.entry import Entry, EntryState
from bot.domain.genuine import Imprint, Places, imprint_of
from bot.domain.official import Account, at, together
from bot.domain.review import DeskRules
from bot.domain.risk import Need
from bot.domain.traits import Traits
from bot.newsroom.forecast import Estimate, Forecast, Reach
from bot.newsroom.gate import Gate
from bot.storage import Queries

#: Articles that /latest shows.
LATEST = 5
#: In these states an article waits in the house.
IN_HOUSE = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.QUEUED, EntryState.HELD})


class Newsroom:
    def __init__(
        self,
        timetable: Timetable,
        channels: Sequence[Channel],
        readers: Mapping[Platform, str],
        press: Press,
        rules: DeskRules,
        forecast: Forecast,
        similar_within: timedelta,
        paces: Mapping[Platform, Pace],
        gate: Gate,
        fit: Callable[[Article, Platform], Fit],
        traits: Mapping[Platform, Traits],
        posts: Callable[[Article, int], Mapping[str, Sequence[str]]] = lambda _article, _number: {},
    ) -> None:
        """`readers`: which articles a platform's readers get, "all", "urgent" or "none"; only platforms that are on.

        `fit`: what of an article has room in a platform's posts. `traits`: of every platform, on or off.
        `posts`: the visible texts of the posts of an article with this number, by platform.
        """
        self.timetable = timetable
        self.channels = {channel.key: channel for channel in channels if channel.platform in readers}
        self.platforms = tuple(readers)
        self.press = press
        self.rules = rules
        self.gate = gate
        self.forecast = forecast
        self.similar_within = similar_within
        self.fit = fit
        self.traits = traits
        self._posts = posts
        #: The last one that was asked for: a publication asks twice.
        self._imprint: tuple[Article, int, Imprint] | None = None
        self._readers = readers
        self.paces = paces
        #: The latest articles when somebody last asked: their numbers and versions, and the articles themselves.
        self._latest: tuple[list[tuple[int, int]], list[Entry]] = ([], [])

    def estimates(self, entry: Entry) -> list[Estimate]:
        """Return an estimate for each platform where sending the article to readers would take long."""
        article = entry.article
        return self.forecast.before(self.reader_platforms(article), self.audience(article), paid=entry.paid)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which we publish, the first one first."""
        return tuple(self.press.mastheads)

    def audience(self, article: Article) -> Audience:
        """Return which readers of a platform the article concerns."""
        return Audience.of(article.language, self.languages)

    def imprint(self, article: Article, number: int) -> Imprint:
        """Return the texts under which readers hold article `number` once it is out."""
        if self._imprint is None or self._imprint[0] is not article or self._imprint[1] != number:
            made = imprint_of(article, self.press, self._posts(article, number), self.press.record.under(number))
            self._imprint = (article, number, made)
        return self._imprint[2]

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The newsroom's own channels and bots: those that are listed, those in which it posts, those it links to."""
        heads = self.press.mastheads.values()
        links = [(each.telegram, each.viber) for each in heads]
        return accounts_of(self.press.official, self.channels.values(), links)

    @property
    def places(self) -> Places:
        """The newsroom's own places on the web."""
        mastheads = self.press.mastheads.values()
        links = [link for each in mastheads for link in (each.telegram, each.viber)]
        own = [*links, *(each.address for each in self.accounts), *self.press.record.places]
        return Places.of([each.site for each in mastheads], own)

    def reach(self, article: Article) -> list[Reach]:
        """Return the number of readers who get the article, for each platform where it is not all, as counted last."""
        audience = self.audience(article)
        reached = [self.forecast.reach(platform, audience) for platform in self.reader_platforms(article)]
        return [reach for reach in reached if reach.readers < reach.all]

    def outlets(self, article: Article) -> list[str]:
        """Return where an article would go: keys of channels, then platforms whose readers get it."""
        return [*(c.key for c in self.channels_of(article)), *self.reader_platforms(article)]

    def targets(self, article: Article) -> list[str]:
        """The same with each channel's own address: a key that came to stand for another channel is another target."""
        channels = [f"{c.key} {c.platform}:{c.chat}" for c in self.channels_of(article)]
        return [*channels, *self.reader_platforms(article)]

    def channels_of(self, article: Article) -> list[Channel]:
        if article.language not in self.languages:
            return []
        return [channel for channel in self.channels.values() if channel.takes(article)]

    def reader_platforms(self, article: Article) -> list[Platform]:
        if article.language not in self.languages:
            return []
        wanted = {"all", "urgent"} if article.urgent else {"all"}
        return [platform for platform, push in self._readers.items() if push in wanted]

    def priced(self, article: Article) -> list[Platform]:
        """The platforms whose readers can be sent the article at a pace that is paid for."""
        return [platform for platform in self.reader_platforms(article) if self.paces[platform].paid]

    def need(self, entry: Entry) -> Need:
        """Return what this article needs before it may go out. No other place decides that."""
        return self.gate.need(entry.article)

    # For readers

    async def latest(self, tx: Queries) -> list[Entry]:
        """The latest articles, newest first. They are read once for each publication, not once for each reader."""
        out = await tx.latest_versions(LATEST)
        if self._latest[0] != out:
            self._latest = (out, await tx.latest(LATEST))
        return self._latest[1]


def accounts_of(
    official: Iterable[Account], channels: Iterable[Channel], links: Iterable[tuple[str, str]]
) -> tuple[Account, ...]:
    """Return every account of a newsroom. `links`: those beside its signatures, on Telegram and on Viber."""
    named = list(dict.fromkeys(links))
    linked = [at(link, Platform.TELEGRAM) for link, _ in named if link]
    linked += [at(link, Platform.VIBER) for _, link in named if link]
    return together(official, map(account_of, channels), linked)


def account_of(channel: Channel) -> Account:
    """Return a channel of ours as an account: by its number, or by its name where newsroom.toml gives that."""
    is_named = channel.chat.startswith("@")
    number, name = ("", channel.chat[1:]) if is_named else (channel.chat, "")
    return Account(channel.platform, number, name, channel.title)
