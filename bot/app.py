"""The one place where parts are chosen and joined."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import structlog
from pydantic import SecretStr

from bot import halting
from bot.adapters.base import Finding, Messenger
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.viber import ViberMessenger
from bot.commands import Commands
from bot.commands.cards import STATUSES
from bot.daily_head import DailyHead
from bot.delivery import Delivery, ProgressBoard
from bot.domain import (
    Address,
    Channel,
    Labels,
    Masthead,
    Pace,
    Platform,
    Press,
    QuietHours,
    Timetable,
)
from bot.domain.audit import Head
from bot.domain.review import DeskRules
from bot.errors import CannotStart, LogAltered, NotStored, SendError
from bot.forecast import Forecast
from bot.newsroom import Newsroom
from bot.scheduler import Scheduler
from bot.storage import Queries, Store, Verdict, backup_database, open_store, verify_audit
from bot.team import Team
from bot.texts import Catalogue
from bot.web import Doors, Inbox, Menus, Pictures
from bot.worker import Worker
from config.newsroom import Newsroom as NewsroomFile
from config.newsroom import load_newsroom
from config.settings import LOCALES, Settings

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
#: What is on the wire at a stop gets so long to be answered, in seconds; all of a stop takes at most 5.
PATIENCE = 3.0
#: What the desk was told is kept for so long.
NOTICES_KEPT = timedelta(days=30)
#: The readers are counted for what the desk is told of the time, in seconds.
COUNT_EVERY = 600.0


def utc_now() -> datetime:
    return datetime.now(UTC)


class App:
    """A running Visnyk. `url` is where its doors are."""

    def __init__(
        self,
        store: Store,
        newsroom: Newsroom,
        commands: Commands,
        messengers: Mapping[Platform, Messenger],
        scheduler: Scheduler,
        delivery: Delivery,
        board: ProgressBoard,
        url: str,
    ) -> None:
        self.store = store
        self.newsroom = newsroom
        self.commands = commands
        self.messengers = messengers
        self.url = url
        self._scheduler = scheduler
        self._delivery = delivery
        self._board = board

    def look(self) -> None:
        """The clock was moved: see what is due now."""
        self._scheduler.wake()
        self._delivery.wake()
        self._board.wake()


@asynccontextmanager
async def open_app(settings: Settings, *, clock: Clock = utc_now) -> AsyncIterator[App]:
    """Everything started and joined, until the block ends. Raises `CannotStart` and `SettingsError`."""
    file = load_newsroom(settings.newsroom)
    catalogue = Catalogue.load(LOCALES, file.languages[0])
    channels = _channels(file)
    async with AsyncExitStack() as stack:
        messengers = _messengers(settings, file.name)
        store = await open_store(settings.database_path)
        stack.push_async_callback(store.close)
        for messenger in messengers.values():
            stack.push_async_callback(messenger.close)
            await messenger.open()
        pictures = Pictures(settings.public_url, picture_secret(settings))
        # Viber fetches pictures by https only.
        shared = pictures.address if settings.public_url.startswith("https://") else None
        press = _press(file, catalogue, shared)
        paces = _paces(file)
        delivery = Delivery(store, messengers, press, channels, paces, stale_after=file.stale_after, now=clock)
        forecast = Forecast(delivery.pace, file.desk.progress_from)
        newsroom = Newsroom(
            _timetable(file),
            channels,
            _readers(settings, file),
            press,
            _rules(file),
            forecast,
            file.desk.similar_within,
            paces,
        )
        team = Team(_owners(settings), file.desk.approve_after, partial(_links, messengers))
        groups = [Address(Platform.TELEGRAM, group) for group in file.desk.groups]
        commands = Commands(newsroom, team, catalogue, file.languages[0], groups)
        inbox = Inbox(store, messengers, commands, delivery, now=clock)
        doors = Doors(messengers, inbox, commands, store, pictures)
        board = ProgressBoard(store, commands.show_progress, partial(delivery.show, is_answer=False), now=clock)
        daily_head = DailyHead(file.desk.head_at, file.time_zone)
        scheduler = Scheduler(
            lambda: _next_instant(store, daily_head, clock()),
            {
                "finish-pasted": lambda: _done(store, lambda tx: commands.finish_collected(tx, clock())),
                "publish": lambda: _done(store, lambda tx: newsroom.publish_due(tx, clock())),
                "tell-head": lambda: _done(store, lambda tx: daily_head.tell(tx, clock())),
                "tell-desk": lambda: _done(store, lambda tx: commands.tell_desk(tx, clock())),
            },
            lambda: store.write(lambda tx: _housekeeping(tx, newsroom, clock())),
            now=clock,
        )
        port = await doors.open(settings.host, settings.port)
        stack.push_async_callback(doors.close)
        await _connect(settings, messengers, channels)
        try:
            store.when_altered(lambda tx, entry: halting.stop_altered(tx, entry, clock()))
            with suppress(LogAltered):  # it is halted then, and the desk is told
                await store.write(lambda tx: tx.check_audit_end(halting.CHECKED))
                await store.write(lambda tx: team.seat_owners(tx, clock()))
            await delivery.start()
        except NotStored as error:
            raise CannotStart(
                f"The database takes nothing ({error}). Make room on its disk and start again."
            ) from error
        stack.push_async_callback(delivery.stop, PATIENCE)
        board.start()
        counting = Worker("count-readers", lambda: _count_readers(store, forecast))
        counting.start()
        stack.push_async_callback(counting.cancel)
        stack.push_async_callback(board.stop)
        for signal in ("queue", "notice"):
            store.on(signal, scheduler.wake)
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        inbox.start()
        stack.push_async_callback(inbox.stop)
        if Platform.TELEGRAM in messengers and not settings.public_url:
            inbox.start_polling(Platform.TELEGRAM)
        menus = Menus(store, messengers, commands, catalogue.languages, delivery.turn)
        menus.start()
        stack.push_async_callback(menus.stop)
        log.info("started", platforms=[*messengers], port=port)
        yield App(store, newsroom, commands, messengers, scheduler, delivery, board, f"http://{settings.host}:{port}")
        log.info("stopping")


async def _done(store: Store, duty: Callable[[Queries], Awaitable[object]]) -> None:
    """A log that was altered has halted us and is told; to try again would find the same."""
    with suppress(LogAltered):
        await store.write(duty)


async def _next_instant(store: Store, daily_head: DailyHead, now: datetime) -> datetime | None:
    return min((at for at in (await store.read.next_instant(), daily_head.next_instant(now)) if at), default=None)


async def _housekeeping(tx: Queries, newsroom: Newsroom, now: datetime) -> None:
    await newsroom.housekeeping(tx, now)
    await tx.forget_notices(now - NOTICES_KEPT)


async def _count_readers(store: Store, forecast: Forecast) -> float:
    await forecast.count(store.read)
    return COUNT_EVERY


async def _connect(settings: Settings, messengers: Mapping[Platform, Messenger], channels: Sequence[Channel]) -> None:
    """Each platform knows us and where to call; otherwise say all that is wrong and do not start."""
    faults: list[str] = []
    for platform, messenger in messengers.items():
        failure = ""
        try:
            await messenger.receive(settings.public_url)
        except SendError as error:
            failure = f"{platform.capitalize()}: {error.reason or type(error).__name__}"
        mine = [channel for channel in channels if channel.platform is platform]
        found = [_sentence(finding) for finding in await messenger.check(mine) if not (finding.ok or finding.passing)]
        faults += found or ([failure] if failure else [])
    if faults:
        raise CannotStart("\n".join(faults))


def _sentence(finding: Finding) -> str:
    return f"{finding.what} {finding.advice}".strip()


def _links(messengers: Mapping[Platform, Messenger], code: str) -> dict[Platform, str]:
    return {platform: link for platform, messenger in messengers.items() if (link := messenger.invitation_link(code))}


# From the configuration to what the house speaks of


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""


def _messengers(settings: Settings, name: str) -> dict[Platform, Messenger]:
    messengers: dict[Platform, Messenger] = {}
    if settings.telegram_token:
        messengers[Platform.TELEGRAM] = TelegramMessenger(
            _secret(settings.telegram_token),
            api_url=settings.telegram_api_url,
            channel_token=_secret(settings.telegram_channel_token),
            webhook_secret=_secret(settings.webhook_secret),
        )
    if settings.viber_token or settings.viber_channel_token:
        messengers[Platform.VIBER] = ViberMessenger(
            _secret(settings.viber_token),
            api_url=settings.viber_api_url,
            channel_token=_secret(settings.viber_channel_token),
            name=name,
        )
    for platform in Platform:
        if platform not in messengers:
            log.warning("platform_is_off", platform=platform, why=f"{platform.upper()}_TOKEN is not set")
    if not messengers:
        raise CannotStart(
            "No platform is on: set TELEGRAM_TOKEN or VIBER_TOKEN (README, “Going live”), or try `make demo`."
        )
    return messengers


def _channels(file: NewsroomFile) -> list[Channel]:
    return [
        Channel(
            key=channel.key,
            platform=Platform(channel.platform),
            chat=channel.chat,
            title=channel.title,
            language=channel.language,
            topics=channel.topics,
            poster=channel.poster,
        )
        for channel in file.channels
    ]


def _readers(settings: Settings, file: NewsroomFile) -> dict[Platform, str]:
    """Platforms that are on, and what their readers get."""
    readers: dict[Platform, str] = {}
    if settings.telegram_token:
        readers[Platform.TELEGRAM] = file.readers.telegram
    if settings.viber_token or settings.viber_channel_token:
        readers[Platform.VIBER] = file.readers.viber if settings.viber_token else "none"
    return readers


def _owners(settings: Settings) -> list[Address]:
    return [Address(Platform(platform), person) for platform, person in settings.owners]


def _timetable(file: NewsroomFile) -> Timetable:
    quiet = QuietHours(file.quiet_hours.start, file.quiet_hours.end) if file.quiet_hours else None
    return Timetable(file.time_zone, file.slots.by_weekday(), quiet, file.stale_after, file.slots.gap)


def _rules(file: NewsroomFile) -> DeskRules:
    desk = file.desk
    return DeskRules(desk.approvals, desk.undo, desk.remind_after, desk.escalate_after)


def _paces(file: NewsroomFile) -> dict[Platform, Pace]:
    telegram = file.pace.telegram
    return {
        Platform.TELEGRAM: Pace(
            telegram.per_second,
            telegram.parallel,
            telegram.chat_per_second,
            telegram.group_per_minute,
            telegram.paid and telegram.per_second < 1000,
        ),
        Platform.VIBER: Pace(file.pace.viber.per_second, file.pace.viber.parallel),
    }


def _press(file: NewsroomFile, catalogue: Catalogue, address_of: Callable[[str], str] | None) -> Press:
    mastheads = {
        language: Masthead(
            file.name, file.signature.get(language, ""), file.links.site, file.links.telegram, file.links.viber
        )
        for language in file.languages
    }
    labels = {language: _labels(catalogue, language) for language in file.languages}
    return Press(mastheads, labels, file.languages[0], address_of)


def picture_secret(settings: Settings) -> bytes:
    """Of the token, so that addresses in old posts stay good over a restart."""
    return hashlib.sha256(b"pictures:" + _secret(settings.telegram_token).encode()).digest()


def _labels(catalogue: Catalogue, language: str) -> Labels:
    words = catalogue.say(language)
    return Labels(
        source=words("Source"),
        related=words("Read also"),
        video=words("Video"),
        photo=words("Photo"),
        read_more=words("Read the full text"),
        urgent=words("Urgent"),
        own=words("our own correspondent"),
        statuses={status: words(text) for status, text in STATUSES.items()},
    )


# The other commands of the operator


async def check(settings: Settings) -> list[Finding]:
    """What `doctor` tells. Raises `CannotStart` and `SettingsError`."""
    file = load_newsroom(settings.newsroom)
    channels = _channels(file)
    messengers = _messengers(settings, file.name)
    findings: list[Finding] = []
    for platform, messenger in messengers.items():
        await messenger.open()
        try:
            findings += await messenger.check([c for c in channels if c.platform is platform])
        finally:
            await messenger.close()
    return findings


async def migrate(settings: Settings) -> None:
    """Bring the database to this version's form. Raises `CannotStart`."""
    store = await open_store(settings.database_path)
    await store.close()


async def audit(settings: Settings, posted: Sequence[str], file: Path | None) -> Verdict:
    """Whether the audit log, or that of the copy `file`, is whole. Raises `CannotStart`."""
    try:
        heads = [Head.parse(text) for text in posted]
    except ValueError:
        raise CannotStart(
            "--head takes what the desk was told, like 120:9f2c… with all its 64 digits after the colon."
        ) from None
    return await asyncio.to_thread(verify_audit, file or settings.database_path, heads)


async def backup(settings: Settings, target: Path | None) -> Path:
    """A copy that can be started from, also while Visnyk runs; returns where it is. Raises `CannotStart`.

    Without a `target` it lies beside the database; its name tells when it was made and the head of its audit log.
    """
    path, now = settings.database_path, utc_now()
    if target is not None:
        await backup_database(path, target, now)
        return target
    made = path.with_name(f"{path.stem}-{now:%Y%m%d-%H%M%S}.db")
    head = await backup_database(path, made, now)
    return made.rename(made.with_stem(f"{made.stem}-{head.short}")) if head is not None else made
