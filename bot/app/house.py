"""A running Visnyk: its parts joined, started in their order and stopped in the reverse one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot.adapters.base import Messenger
from bot.app.backlog import Backlog
from bot.app.configured import (
    TRAITS,
    channels_of,
    gate_of,
    messengers_of,
    owners_of,
    paces_of,
    picture_secret,
    press_of,
    readers_of,
    rules_of,
    secret_of,
    timetable_of,
)
from bot.app.lines import Line, opened
from bot.commands import Commands, Switchboard, Telling
from bot.delivery import Delivery, ProgressBoard
from bot.domain import Address, Article, Fit, MediaKind, Platform, Press
from bot.errors import CannotStart, LogAltered, NotStored
from bot.newsroom import approval, halting, staffing
from bot.newsroom.daily_head import DailyHead
from bot.newsroom.desk import Desk
from bot.newsroom.forecast import Forecast
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.publishing import publish_due
from bot.newsroom.reminders import remind
from bot.newsroom.team import Team
from bot.scheduler import Scheduler
from bot.storage import Queries, Store, open_store
from bot.texts import Catalogue
from bot.web import Doors, Health, Inbox, Menus, Pictures, Refusals
from bot.worker import Worker
from config.newsroom import Newsroom as NewsroomFile
from config.newsroom import load_newsroom
from config.settings import LOCALES, Settings

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
Messengers = dict[Platform, Messenger]
#: A function that does something in one transaction when the alarm clock rings.
Duty = Callable[[Desk], Awaitable[object]]
#: Seconds for requests under way at a stop to be answered; the whole stop takes at most 5.
PATIENCE = 3.0
#: How long news that the desk was told is kept.
NOTICES_KEPT = timedelta(days=30)
#: Seconds between two counts of the readers, from which the desk is told how long a sending takes.
COUNT_EVERY = 600.0


def utc_now() -> datetime:
    return datetime.now(UTC)


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
    inbox: Inbox
    doors: Doors
    health: Health
    menus: Menus
    lines: Sequence[Line]
    backlog: Backlog
    url: str = ""

    def look(self) -> None:
        """Look for what is due, because the clock was moved."""
        self.scheduler.wake()
        self.delivery.wake()
        self.board.wake()


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[App]:
    """Join and start everything until the block ends. Raises `CannotStart` and `SettingsError`."""
    file = load_newsroom(settings.newsroom)
    async with AsyncExitStack() as stack:
        messengers = messengers_of(settings, file.name)
        store = await open_store(settings.database_path)
        stack.push_async_callback(store.close)
        for messenger in messengers.values():
            stack.push_async_callback(messenger.close)
            await messenger.open()
        app = _joined(settings, file, store, messengers, clock)
        await _open_doors(app, settings, stack)
        await _settle(app, clock)
        await _start(app, stack)
        app.health.is_settled = True
        log.info("started", platforms=[*messengers], url=app.url)
        yield app
        log.info("stopping")


# Joining


def _fit(messengers: Messengers, press: Press, article: Article, platform: Platform) -> Fit:
    edition, render = press.edition(article, platform), messengers[platform].render
    posts = [render(edition, press.outlet(article, platform, channel=channel)) for channel in (False, True)]
    is_photo = article.media is not None and article.media.kind is MediaKind.PHOTO
    return Fit(
        text=all(post.whole for post in posts),
        picture=not is_photo or all(post.plainer is not None for post in posts),
    )


def _joined(settings: Settings, file: NewsroomFile, store: Store, messengers: Messengers, clock: Clock) -> App:
    """Give every part what it needs, without starting anything."""
    catalogue = Catalogue.load(LOCALES, file.languages[0])
    pictures = Pictures(settings.public_url, picture_secret(settings))
    # Viber fetches pictures by https only.
    shared = pictures.address if settings.public_url.startswith("https://") else None
    press, channels, paces = press_of(file, catalogue, shared), channels_of(file), paces_of(file)
    delivery = Delivery(store, messengers, press, channels, paces, stale_after=file.stale_after, now=clock)
    forecast = Forecast(delivery.pace, file.desk.progress_from)
    newsroom = Newsroom(
        timetable=timetable_of(file),
        channels=channels,
        readers=readers_of(settings, file),
        press=press,
        rules=rules_of(file),
        forecast=forecast,
        similar_within=file.desk.similar_within,
        paces=paces,
        gate=gate_of(file),
        fit=partial(_fit, messengers, press),
        traits=TRAITS,
    )
    team = Team(owners=owners_of(settings), approve_after=file.desk.approve_after, links=partial(_links, messengers))
    groups = [Address(Platform.TELEGRAM, group) for group in file.desk.groups]
    default = file.languages[0]
    board = Switchboard(
        newsroom=newsroom,
        team=team,
        catalogue=catalogue,
        default_language=default,
        groups=groups,
        group_language=file.desk.group_language or default,
    )
    commands, telling = Commands(board), Telling(board)
    inbox = Inbox(store, messengers, commands, delivery, now=clock)
    health = Health(messengers, store, inbox, secret_of(settings.metrics_token))

    def line_opened(platform: Platform) -> None:
        delivery.trust(platform)
        if platform is Platform.TELEGRAM and not settings.public_url:
            inbox.start_polling(platform)

    lines = [
        Line(
            messenger,
            channels_of(file),
            settings.public_url,
            store,
            now=clock,
            opened=line_opened,
            broken=delivery.distrust,
        )
        for messenger in messengers.values()
    ]
    backlog = Backlog(store, messengers, inbox, lines, now=clock, let_go=delivery.let_go)
    return App(
        store=store,
        messengers=messengers,
        newsroom=newsroom,
        team=team,
        commands=commands,
        telling=telling,
        delivery=delivery,
        board=ProgressBoard(store, telling.show_progress, partial(delivery.show, is_answer=False), TRAITS, now=clock),
        counting=Worker("count-readers", lambda: _count_readers(store, forecast)),
        scheduler=_scheduler(file, store, newsroom, commands, telling, clock, backlog.is_read),
        inbox=inbox,
        doors=Doors(
            messengers=messengers,
            inbox=inbox,
            commands=commands,
            pictures=pictures,
            health=health,
            refusals=Refusals(clock),
        ),
        health=health,
        menus=Menus(
            store=store,
            messengers=messengers,
            commands=commands,
            languages=catalogue.languages,
            turn=delivery.turn,
        ),
        lines=lines,
        backlog=backlog,
    )


def _scheduler(
    file: NewsroomFile,
    store: Store,
    newsroom: Newsroom,
    commands: Commands,
    telling: Telling,
    clock: Clock,
    may_begin: asyncio.Event,
) -> Scheduler:
    """The alarm clock with all duties that it rings for."""
    head = DailyHead(file.desk.head_at, file.time_zone)

    async def next_instant() -> datetime | None:
        instants = (await store.read.next_instant(), head.next_instant(clock()))
        return min((at for at in instants if at is not None), default=None)

    async def do(duty: Duty) -> None:
        with suppress(LogAltered):  # it is halted and the desk is told then; another attempt would fail too
            await store.write(lambda tx: duty(Desk(newsroom, tx, clock())))

    async def keep_house() -> None:
        await store.write(lambda tx: newsroom.housekeeping(tx, clock()))
        await store.write(lambda tx: tx.forget_notices(clock() - NOTICES_KEPT))

    duties: Mapping[str, Duty] = {
        "finish-pasted": _said(commands.finish_collected),
        "publish": publish_due,
        "remind": remind,
        "count-down": _said(telling.count_down),
        "show-edits": _said(telling.show_edits),
        "tell-head": head.tell,
        "tell-desk": _said(telling.tell_desk),
    }
    return Scheduler(
        next_instant,
        {name: partial(do, duty) for name, duty in duties.items()},
        keep_house,
        now=clock,
        later=("publish", "remind", "count-down", "tell-head"),
        may_begin=may_begin,
    )


def _said(duty: Callable[[Queries, datetime], Awaitable[object]]) -> Duty:
    """A duty that tells people in chats, and therefore makes a desk of its own for each of them."""
    return lambda desk: duty(desk.tx, desk.now)


async def _count_readers(store: Store, forecast: Forecast) -> float:
    await forecast.count(store.read)
    return COUNT_EVERY


def _links(messengers: Messengers, code: str) -> dict[Platform, str]:
    return {platform: link for platform, messenger in messengers.items() if (link := messenger.invitation_link(code))}


# Starting


async def _open_doors(app: App, settings: Settings, stack: AsyncExitStack) -> None:
    """Open our doors, and then tell the platforms where to call us. Raises `CannotStart` if none of them knows us."""
    port = await app.doors.open(settings.host, settings.port)
    stack.push_async_callback(app.doors.close)
    app.url = f"http://{settings.host}:{port}"
    for line in app.lines:
        stack.push_async_callback(line.stop)
    await opened(app.lines)


async def _settle(app: App, clock: Clock) -> None:
    """Settle what an earlier run left before anything is sent."""

    def desk(tx: Queries) -> Desk:
        return Desk(app.newsroom, tx, clock())

    app.store.when_altered(lambda tx, entry: halting.stop_altered(desk(tx), entry))
    try:
        with suppress(LogAltered):  # it is halted then, and the desk is told
            await app.store.write(lambda tx: tx.check_audit_end(halting.CHECKED))
            await app.store.write(lambda tx: app.team.seat_owners(desk(tx)))
            await app.store.write(lambda tx: approval.void_outdated(desk(tx)))
            await app.store.write(lambda tx: staffing.tell_owners(desk(tx)))
        app.delivery.keep_back()
        await app.delivery.start()
    except NotStored as error:
        raise CannotStart(f"The database takes nothing ({error}). Make room on its disk and start again.") from error


async def _start(app: App, stack: AsyncExitStack) -> None:
    """Start the workers. At the end they stop in reverse: first those that bring new work, last those that do it."""
    stack.push_async_callback(app.delivery.stop, PATIENCE)
    for signal in ("queue", "notice"):
        app.store.on(signal, app.scheduler.wake)
    for start, stop in (
        (app.board.start, app.board.stop),
        (app.counting.start, app.counting.cancel),
        (app.scheduler.start, app.scheduler.stop),
        (app.inbox.start, app.inbox.stop),
        (app.menus.start, app.menus.stop),
    ):
        start()
        stack.push_async_callback(stop)
    for line in app.lines:
        line.start()
    app.backlog.start()
    stack.push_async_callback(app.backlog.stop)
