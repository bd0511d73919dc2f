"""Each part of the house gets what it needs; nothing is started here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.adapters import pool
from bot.app.backlog import Backlog
from bot.app.backups import Backups
from bot.app.clocks import Clocks
from bot.app.configured import (
    TRAITS,
    events_key,
    events_proxy,
    feeds_of,
    gate_of,
    official_of,
    open_record_of,
    paces_of,
    picture_secret,
    press_of,
    readers_of,
    rules_of,
    secret_of,
    shelf_of,
    timetable_of,
)
from bot.app.duties import Duties
from bot.app.galley import fit, posts
from bot.app.lines import Line
from bot.app.parts import App, Clock, Messengers, Reception, RulesInForce, Upkeep
from bot.app.recording import site_of, trust_of
from bot.commands import Commands, Switchboard, Telling
from bot.commands.bringing import Bringing
from bot.delivery import Delivery, ProgressBoard
from bot.domain import Address, Platform, Press
from bot.domain.chat import View
from bot.domain.lookup import Lookup
from bot.domain.safeguards import Safeguards
from bot.ingest.feeds import Feeds
from bot.ingest.fetching import Fetcher
from bot.ingest.keeping import Keeper
from bot.ingest.lookups import Lookups, Take
from bot.ingest.page import Page
from bot.newsroom import leaving
from bot.newsroom.daily_head import DailyHead
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Forecast
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.retention import Retention
from bot.newsroom.rulebook import Unanswered
from bot.newsroom.team import Team
from bot.readers.erasure import Eraser
from bot.storage import Queries, Store
from bot.texts import Catalogue
from bot.web import Api, Doors, Events, Gallery, Health, Inbox, Menus, Pictures, RecordDoor, Refusals
from bot.worker import Worker
from config.newsroom import Newsroom as NewsroomFile
from config.settings import LOCALES, Settings

#: Seconds between two counts of the readers, from which the desk is told how long a sending takes.
COUNT_EVERY = 600.0


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
            scheduler=self._duties(newsroom, commands, telling, rules.unanswered).scheduler(reception.backlog.is_read),
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
            doors=Doors(
                messengers=self.messengers,
                inbox=inbox,
                commands=commands,
                pictures=pictures,
                health=health,
                refusals=Refusals(self.clock),
                api=Api(self.store, board.newsroom, gallery.keep, now=self.clock),
                record=self._record(),
            ),
            health=health,
            menus=self._menus(commands, catalogue, delivery),
            lines=lines,
            events=Events(
                self.store,
                self.settings.events_url,
                events_key(self.settings),
                connect=partial(pool.opened, events_proxy(self.settings)),
                now=self.clock,
            ),
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
        record = open_record_of(self.settings, self.file)
        official = official_of(self.file, secret_of(self.settings.telegram_token))
        # Viber fetches pictures by https only.
        if not self.settings.public_url.startswith("https://"):
            return replace(press_of(self.file, catalogue), record=record, official=official)
        press = press_of(self.file, catalogue, pictures.address)
        return replace(press, kept_at=pictures.kept_at, record=record, official=official)

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
            fit=partial(fit, self.messengers, press),
            traits=TRAITS,
            posts=partial(posts, self.messengers, press),
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

    def _record(self) -> RecordDoor:
        site = site_of(self.settings, self.store.read, self.file)
        return RecordDoor(site, trust_of(self.settings, self.file))

    def _menus(self, commands: Commands, catalogue: Catalogue, delivery: Delivery) -> Menus:
        return Menus(
            store=self.store,
            messengers=self.messengers,
            commands=commands,
            languages=catalogue.languages,
            turn=delivery.turn,
        )

    def _duties(self, newsroom: Newsroom, commands: Commands, telling: Telling, unanswered: Unanswered) -> Duties:
        return Duties(
            store=self.store,
            newsroom=newsroom,
            commands=commands,
            telling=telling,
            head=DailyHead(self.safeguards.head_at, self.file.time_zone),
            unanswered=unanswered,
            retention=Retention(self.file.readers.forget_after),
            clock=self.clock,
        )


async def _count_readers(store: Store, forecast: Forecast) -> float:
    await forecast.count(store.read)
    return COUNT_EVERY


def _links(messengers: Messengers, code: str) -> dict[Platform, str]:
    return {platform: link for platform, messenger in messengers.items() if (link := messenger.invitation_link(code))}
