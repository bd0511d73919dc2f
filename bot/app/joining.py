"""Each part of the house gets what it needs; nothing is started here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from bot.adapters.base import Messenger, Post
from bot.app.backlog import Backlog
from bot.app.backups import Backups
from bot.app.clocks import Clocks
from bot.app.configured import (
    TRAITS,
    events_key,
    feeds_of,
    gate_of,
    paces_of,
    picture_secret,
    press_of,
    readers_of,
    rules_of,
    secret_of,
    shelf_of,
    timetable_of,
)
from bot.app.lines import Line
from bot.app.public_record import site_of, trust_of
from bot.app.watchman import Watchman
from bot.commands import Commands, Switchboard, Telling
from bot.commands.bringing import Bringing
from bot.delivery import Delivery, ProgressBoard
from bot.domain import Address, Article, Fit, MediaKind, Platform, Press
from bot.domain.chat import View
from bot.domain.lookup import Lookup
from bot.domain.safeguards import Safeguards
from bot.errors import LogAltered
from bot.ingest.feeds import Feeds
from bot.ingest.fetching import Fetcher
from bot.ingest.keeping import Keeper
from bot.ingest.lookups import Lookups, Take
from bot.ingest.page import Page
from bot.newsroom import imprint, leaving
from bot.newsroom.daily_head import DailyHead
from bot.newsroom.desk import Desk
from bot.newsroom.digest import call_back
from bot.newsroom.forecast import Forecast
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.publishing import publish_due
from bot.newsroom.reminders import remind
from bot.newsroom.retention import Retention
from bot.newsroom.rulebook import Unanswered
from bot.newsroom.team import Team
from bot.readers.erasure import Eraser, scrub
from bot.readers.finding import catch_up
from bot.scheduler import Scheduler
from bot.storage import Queries, Store
from bot.texts import Catalogue
from bot.web import Api, Doors, Events, Gallery, Health, Inbox, Menus, Pictures, RecordDoor, Refusals
from bot.worker import Part, Worker
from config.newsroom import Newsroom as NewsroomFile
from config.settings import LOCALES, Settings

Clock = Callable[[], datetime]
Messengers = dict[Platform, Messenger]
#: A function that does something in one transaction when the alarm clock rings.
Duty = Callable[[Desk], Awaitable[object]]
#: Seconds between two counts of the readers, from which the desk is told how long a sending takes.
COUNT_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Reception:
    """The parts that hear the platforms."""

    gallery: Gallery
    lookups: Lookups
    feeds: Feeds
    inbox: Inbox
    doors: Doors
    health: Health
    menus: Menus
    lines: Sequence[Line]
    backlog: Backlog
    events: Events


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The parts that look after the store, whoever speaks."""

    eraser: Eraser
    backups: Backups


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The change that waits for the owners' yes, and the event of that yes: then the house is to be started again."""

    unanswered: Unanswered = field(default_factory=Unanswered)
    are_accepted: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class App:
    """The parts of a running house. `url` is the address of its doors once they are open."""

    store: Store
    messengers: Messengers
    newsroom: Newsroom
    team: Team
    commands: Commands
    telling: Telling
    delivery: Delivery
    board: ProgressBoard
    counting: Worker
    scheduler: Scheduler
    reception: Reception
    upkeep: Upkeep
    rules: RulesInForce
    url: str = ""

    def watchman(self) -> Watchman:
        """Return the watchman, who tells the owners when something is not done."""
        show = partial(self.delivery.show, is_answer=True)
        return Watchman(self.store, self.workers, self.telling, show)

    def workers(self) -> list[Worker]:
        """Return all that must go on for the house to do its work."""
        parts: Sequence[Part] = (
            self.board,
            self.reception.menus,
            self.reception.lookups,
            self.reception.feeds,
            self.reception.events,
            *self.reception.lines,
        )
        own = [self.counting, *(part.worker for part in parts)]
        return [*self.reception.inbox.workers, *self.scheduler.workers, *self.delivery.workers, *own]

    def look(self) -> None:
        """Look for what is due, because the clock was moved."""
        self.reception.inbox.look()
        self.reception.feeds.worker.wake()
        self.scheduler.wake()
        self.delivery.wake()
        self.board.wake()
        self.reception.events.worker.wake()
        self.upkeep.backups.wake()


@dataclass(frozen=True, slots=True)
class Joiner:
    """Makes the parts from the settings and newsroom.toml; of the latter's safeguards those that are in force."""

    settings: Settings
    file: NewsroomFile
    safeguards: Safeguards
    store: Store
    messengers: Messengers
    clock: Clock

    def app(self) -> App:
        """Every part, joined with those that it needs."""
        catalogue = Catalogue.load(LOCALES, self.file.languages[0])
        pictures = Pictures(self.settings.public_url, picture_secret(self.settings), self.store.read.picture)
        press = self._press(catalogue, pictures)
        delivery = self._delivery(press)
        newsroom = self._newsroom(press, delivery)
        delivery.ask_before(lambda tx, article: leaving.look(Desk(newsroom, tx, self.clock()), article))
        team = Team(
            owners=self.safeguards.owners,
            approve_after=self.safeguards.approve_after,
            links=partial(_links, self.messengers),
        )
        board = self._switchboard(newsroom, team, catalogue)
        commands, telling = Commands(board), Telling(board)
        reception = self._reception(board, commands, catalogue, delivery, pictures)
        rules = RulesInForce()
        return App(
            store=self.store,
            messengers=self.messengers,
            newsroom=newsroom,
            team=team,
            commands=commands,
            delivery=delivery,
            telling=telling,
            board=self._progress(telling, delivery),
            counting=Worker("count-readers", partial(_count_readers, self.store, newsroom.forecast)),
            scheduler=self._scheduler(newsroom, commands, telling, reception.backlog, rules.unanswered),
            reception=reception,
            upkeep=Upkeep(Eraser(self.store), self._backups(reception.health)),
            rules=rules,
        )

    def _reception(
        self, board: Switchboard, commands: Commands, catalogue: Catalogue, delivery: Delivery, pictures: Pictures
    ) -> Reception:
        def heard() -> None:
            board.unheard_since = None

        fetcher = Fetcher(self.settings.pictures_through)
        telegram = self.messengers.get(Platform.TELEGRAM)
        keeper = Keeper(self.store, fetcher, now=self.clock, held=telegram.fetch if telegram is not None else None)
        gallery = Gallery(fetcher, keeper)
        lookups = Lookups(self.store, fetcher, keeper, self._at_once(commands.take_page))
        inbox = Inbox(self.store, self.messengers, commands, delivery, gallery, now=self.clock)
        health = Health(self.messengers, self.store, inbox, secret_of(self.settings.metrics_token), now=self.clock)
        lines = self._lines(delivery, inbox)
        return Reception(
            gallery=gallery,
            lookups=lookups,
            feeds=self._feeds(board),
            inbox=inbox,
            doors=self._doors(
                inbox, commands, pictures, health, Api(self.store, board.newsroom, gallery.keep, now=self.clock)
            ),
            health=health,
            menus=self._menus(commands, catalogue, delivery),
            lines=lines,
            events=Events(self.store, self.settings.events_url, events_key(self.settings), now=self.clock),
            backlog=Backlog(
                self.store, self.messengers, inbox, lines, now=self.clock, let_go=delivery.let_go, heard=heard
            ),
        )

    def _feeds(self, board: Switchboard) -> Feeds:
        # A fetcher of its own: slow sites must not keep an editor's address waiting.
        fetcher, feeds = Fetcher(self.settings.pictures_through), feeds_of(self.settings, self.file)
        return Feeds(feeds, self.store, fetcher, Bringing(board), now=self.clock)

    def _at_once(self, take: Callable[[Queries, Lookup, Page | str, datetime], Awaitable[None]]) -> Take:
        return lambda tx, lookup, found: take(tx, lookup, found, self.clock())

    def _backups(self, health: Health) -> Backups:
        shelf, rules = shelf_of(self.settings, self.file), self.file.backups

        def age() -> float | None:
            span = shelf.age(self.clock())
            return span.total_seconds() if span is not None else None

        health.backup_age = age
        return Backups(self.store, shelf, rules.at, self.file.time_zone, now=self.clock)

    def _press(self, catalogue: Catalogue, pictures: Pictures) -> Press:
        # Viber fetches pictures by https only.
        if not self.settings.public_url.startswith("https://"):
            return press_of(self.file, catalogue)
        return replace(press_of(self.file, catalogue, pictures.address), kept_at=pictures.kept_at)

    def _delivery(self, press: Press) -> Delivery:
        channels, paces = self.safeguards.channels, paces_of(self.file)
        return Delivery(
            self.store, self.messengers, press, channels, paces, stale_after=self.file.stale_after, now=self.clock
        )

    def _newsroom(self, press: Press, delivery: Delivery) -> Newsroom:
        file = self.file
        return Newsroom(
            timetable=timetable_of(file),
            channels=self.safeguards.channels,
            readers=readers_of(self.settings, file),
            press=press,
            rules=rules_of(file, self.safeguards),
            forecast=Forecast(delivery.pace, file.desk.progress_from),
            similar_within=file.desk.similar_within,
            paces=paces_of(file),
            gate=gate_of(self.safeguards),
            fit=partial(_fit, self.messengers, press),
            traits=TRAITS,
            posts=partial(_posts, self.messengers, press),
        )

    def _switchboard(self, newsroom: Newsroom, team: Team, catalogue: Catalogue) -> Switchboard:
        default = self.file.languages[0]
        return Switchboard(
            newsroom=newsroom,
            team=team,
            catalogue=catalogue,
            default_language=default,
            groups=[Address(Platform.TELEGRAM, group) for group in self.safeguards.groups],
            group_language=self.file.desk.group_language or default,
        )

    def _lines(self, delivery: Delivery, inbox: Inbox) -> list[Line]:
        def opened(platform: Platform) -> None:
            delivery.trust(platform)
            if platform is Platform.TELEGRAM and not self.settings.public_url:
                inbox.start_polling(platform)

        clocks = Clocks(self.store, now=self.clock)
        return [
            Line(
                messenger,
                self.safeguards.channels,
                self.settings.public_url,
                self.store,
                clocks,
                now=self.clock,
                opened=opened,
                broken=delivery.distrust,
            )
            for messenger in self.messengers.values()
        ]

    def _progress(self, telling: Telling, delivery: Delivery) -> ProgressBoard:
        show = partial(delivery.show, is_answer=False)

        def look(read: Queries) -> Awaitable[list[View]]:
            return telling.show_progress(read, self.clock())

        return ProgressBoard(self.store, look, show, TRAITS, now=self.clock)

    def _doors(self, inbox: Inbox, commands: Commands, pictures: Pictures, health: Health, api: Api) -> Doors:
        return Doors(
            messengers=self.messengers,
            inbox=inbox,
            commands=commands,
            pictures=pictures,
            health=health,
            refusals=Refusals(self.clock),
            api=api,
            record=RecordDoor(
                site_of(self.settings, self.store.read, self.file.name),
                trust_of(
                    press_of(self.file, Catalogue.load(LOCALES, self.file.languages[0])), self.settings.public_url
                ),
            ),
        )

    def _menus(self, commands: Commands, catalogue: Catalogue, delivery: Delivery) -> Menus:
        return Menus(
            store=self.store,
            messengers=self.messengers,
            commands=commands,
            languages=catalogue.languages,
            turn=delivery.turn,
        )

    def _scheduler(
        self, newsroom: Newsroom, commands: Commands, telling: Telling, backlog: Backlog, unanswered: Unanswered
    ) -> Scheduler:
        """The alarm clock with all duties that it rings for."""
        head, store, clock = DailyHead(self.safeguards.head_at, self.file.time_zone), self.store, self.clock

        async def next_instant() -> datetime | None:
            instants = (await store.read.next_instant(), head.next_instant(clock()), unanswered.next_instant())
            return min((at for at in instants if at is not None), default=None)

        async def do(duty: Duty) -> None:
            with suppress(LogAltered):  # it is halted and the desk is told then; another attempt would fail too
                await store.write(lambda tx: duty(Desk(newsroom, tx, clock())))

        async def keep_house() -> None:
            await Retention(self.file.readers.forget_after).forget(store, clock())
            await scrub(store)

        async def index() -> None:
            await catch_up(store)
            await imprint.catch_up(store, newsroom)

        duties: Mapping[str, Duty] = {
            "finish-pasted": _said(commands.finish_collected),
            "publish": publish_due,
            "remind": remind,
            "count-down": _said(telling.count_down),
            "show-edits": _said(telling.show_edits),
            "tell-head": head.tell,
            "ask-rules": unanswered.look,
            "end-troubles": lambda desk: desk.tx.end_troubles(desk.now),
            "call-back": call_back,
            "tell-desk": _said(telling.tell_desk),
            "tell-again": _said(telling.tell_again),
        }
        return Scheduler(
            next_instant,
            {**{name: partial(do, duty) for name, duty in duties.items()}, "index": index},
            keep_house,
            now=clock,
            later=("finish-pasted", "publish", "remind", "count-down", "tell-head", "ask-rules", "call-back"),
            may_begin=backlog.is_read,
        )


def _fit(messengers: Messengers, press: Press, article: Article, platform: Platform) -> Fit:
    edition, render = press.edition(article, platform), messengers[platform].render
    posts = [render(edition, press.outlet(article, platform, channel=channel)) for channel in (False, True)]
    is_photo = article.media is not None and article.media.kind is MediaKind.PHOTO
    return Fit(
        text=all(post.whole for post in posts),
        picture=not is_photo or all(post.plainer is not None for post in posts),
        unmarked=tuple(dict.fromkeys(text for post in posts for text in post.unmarked)),
    )


def _posts(messengers: Messengers, press: Press, article: Article) -> dict[str, list[str]]:
    """Return the visible texts of all posts that an article may become, with its picture and without."""
    texts: dict[str, list[str]] = {}
    for platform, messenger in messengers.items():
        edition = press.edition(article, platform)
        for channel in (True, False):
            post: Post | None = messenger.render(edition, press.outlet(article, platform, channel=channel))
            while post is not None:
                texts.setdefault(platform, []).append(post.visible)
                post = post.plainer
    return texts


def _said(duty: Callable[[Queries, datetime], Awaitable[object]]) -> Duty:
    """A duty that tells people in chats, and therefore makes a desk of its own for each of them."""
    return lambda desk: duty(desk.tx, desk.now)


async def _count_readers(store: Store, forecast: Forecast) -> float:
    await forecast.count(store.read)
    return COUNT_EVERY


def _links(messengers: Messengers, code: str) -> dict[Platform, str]:
    return {platform: link for platform, messenger in messengers.items() if (link := messenger.invitation_link(code))}
