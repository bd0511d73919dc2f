"""Turns the settings and newsroom.toml into the house's own values, and chooses the platforms."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from datetime import timedelta

import structlog
from pydantic import SecretStr

from bot.adapters.base import Messenger, PictureShelf
from bot.adapters.proxy import proxy_for
from bot.adapters.telegram import TelegramMessenger
from bot.adapters.viber import ViberMessenger
from bot.app.backups import Shelf
from bot.app.elsewhere import Elsewhere
from bot.commands.cards import STATUSES
from bot.commands.marks import change_words
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
from bot.domain.duty import Hours, Span, always_but
from bot.domain.events import key_of
from bot.domain.evidence import Evidence
from bot.domain.official import Account, own
from bot.domain.open_record import NOT_OPEN, OpenRecord
from bot.domain.outlet import PAID_PER_SECOND
from bot.domain.review import DeskRules
from bot.domain.risk import Rule
from bot.domain.safeguards import Safeguards
from bot.domain.shapes import Template
from bot.errors import CannotStart
from bot.ingest.subscription import Feed
from bot.newsroom.gate import Gate
from bot.newsroom.newsroom import accounts_of
from bot.newsroom.rulebook import Found
from bot.storage import Place
from bot.texts import Catalogue
from config.newsroom import Desk as DeskFile
from config.newsroom import Newsroom as NewsroomFile
from config.settings import Settings

log = structlog.get_logger(__name__)

#: Traits of every platform, on or off: the ledger may hold what was begun while it was on.
TRAITS = {Platform.TELEGRAM: TelegramMessenger.traits, Platform.VIBER: ViberMessenger.traits}


def place_of(settings: Settings) -> Place:
    """Return where the database lies, and the files beside it."""
    return Place(settings.database_path, settings.database_server)


def secret_of(value: SecretStr | None) -> str:
    return value.get_secret_value() if value is not None else ""


def events_key(settings: Settings) -> bytes:
    """Return what signs the events; empty where nobody is told any."""
    return key_of(secret_of(settings.events_secret)) if settings.events_secret is not None else b""


def messengers_of(settings: Settings, name: str, shelf: PictureShelf | None = None) -> dict[Platform, Messenger]:
    messengers: dict[Platform, Messenger] = {}
    if settings.telegram_token:
        messengers[Platform.TELEGRAM] = TelegramMessenger(
            secret_of(settings.telegram_token),
            api_url=settings.telegram_api_url,
            channel_token=secret_of(settings.telegram_channel_token),
            webhook_secret=secret_of(settings.webhook_secret),
            public_url=settings.public_url,
            proxy=proxies_of(settings)[Platform.TELEGRAM],
            shelf=shelf,
        )
    if settings.viber_token or settings.viber_channel_token:
        messengers[Platform.VIBER] = ViberMessenger(
            secret_of(settings.viber_token),
            api_url=settings.viber_api_url,
            channel_token=secret_of(settings.viber_channel_token),
            name=name,
            public_url=settings.public_url,
            proxy=proxies_of(settings)[Platform.VIBER],
        )
    for platform in Platform:
        if platform not in messengers:
            log.warning("platform_is_off", platform=platform, why=f"{platform.upper()}_TOKEN is not set")
    if not messengers:
        raise CannotStart(
            "No platform is on: set TELEGRAM_TOKEN or VIBER_TOKEN "
            "(docs/telegram.md and docs/viber.md say how), or try `make demo`."
        )
    return messengers


def proxies_of(settings: Settings) -> dict[Platform, str]:
    """Return the proxy on the way to each platform, empty if there is none. Raises `CannotStart`."""
    ways = {
        Platform.TELEGRAM: (settings.telegram_api_url, settings.telegram_proxy),
        Platform.VIBER: (settings.viber_api_url, settings.viber_proxy),
    }
    return {platform: proxy_for(url, os.environ, secret_of(own)) for platform, (url, own) in ways.items()}


def events_proxy(settings: Settings) -> str:
    """Return the proxy on the way to EVENTS_URL, empty if there is none. Raises `CannotStart`."""
    return proxy_for(settings.events_url, os.environ) if settings.events_url else ""


def channels_of(file: NewsroomFile) -> list[Channel]:
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


def readers_of(settings: Settings, file: NewsroomFile) -> dict[Platform, str]:
    """The platforms that are on, and which articles their readers get."""
    readers: dict[Platform, str] = {}
    if settings.telegram_token:
        readers[Platform.TELEGRAM] = file.readers.telegram
    if settings.viber_token or settings.viber_channel_token:
        readers[Platform.VIBER] = file.readers.viber if settings.viber_token else "none"
    return readers


def shelf_of(settings: Settings, file: NewsroomFile) -> Shelf:
    """Return where backups lie, and where they are copied to."""
    to = file.backups.to
    second = Elsewhere(to) if to is not None else None
    return Shelf(place_of(settings), file.backups.keep, second)


def feeds_of(settings: Settings, file: NewsroomFile) -> list[Feed]:
    """The feeds, each with the member who gets its drafts. Without owners nobody does, and each says so."""
    first = next(iter(owners_of(settings)), Address(Platform.TELEGRAM, ""))
    return [
        Feed(
            key=feed.key,
            url=feed.url,
            to=Address(Platform(feed.to[0]), feed.to[1]) if feed.to is not None else first,
            every=feed.every,
            include=feed.include,
            exclude=feed.exclude,
            topics=feed.topics,
            submit=feed.submit,
        )
        for feed in file.feeds
    ]


def owners_of(settings: Settings) -> list[Address]:
    return [Address(Platform(platform), person) for platform, person in settings.owners]


def timetable_of(file: NewsroomFile) -> Timetable:
    quiet = QuietHours(file.quiet_hours.start, file.quiet_hours.end) if file.quiet_hours else None
    return Timetable(
        zone=file.time_zone,
        slots=file.slots.by_weekday(),
        quiet=quiet,
        stale_after=file.stale_after,
        gap=file.slots.gap,
    )


def rules_of(file: NewsroomFile, safeguards: Safeguards | None = None) -> DeskRules:
    desk, counts = file.desk, safeguards or file.desk
    return DeskRules(
        undo=counts.undo,
        remind_after=desk.remind_after,
        escalate_after=desk.escalate_after,
        slack=counts.slack,
        approve_after=counts.approve_after,
        quiet=_quiet(desk),
        hours=_duty(desk),
    )


def _quiet(desk: DeskFile) -> QuietHours | None:
    return QuietHours(desk.quiet_hours.start, desk.quiet_hours.end) if desk.quiet_hours is not None else None


def _duty(desk: DeskFile) -> Hours:
    """The hours of whoever has set none."""
    hours = Hours(tuple(tuple(Span(*each) for each in day) for day in desk.duty.by_weekday()))
    return hours if any(hours.days) else always_but(_quiet(desk))


def safeguards_of(file: NewsroomFile, owners: Iterable[Address] = ()) -> Safeguards:
    """All that the files ask for before anything leaves."""
    return Safeguards(
        approvals=file.desk.approvals,
        approve_after=file.desk.approve_after,
        undo=file.desk.undo,
        slack=file.desk.slack,
        evidence=frozenset(Evidence(each) for each in file.evidence.required),
        head_at=file.desk.head_at,
        groups=file.desk.groups,
        owners=tuple(owners),
        risks=tuple(risks_of(file)),
        channels=tuple(channels_of(file)),
    )


def gate_of(safeguards: Safeguards) -> Gate:
    return Gate(required=safeguards.evidence, rules=safeguards.risks, least=safeguards.approvals)


def risks_of(file: NewsroomFile) -> list[Rule]:
    return [
        Rule(
            key=risk.key,
            title=risk.title,
            topics=risk.topics,
            words=risk.words,
            anonymous_source=risk.anonymous_source,
            named_person=risk.named_person,
            approvals=risk.approvals,
            checklist=risk.checklist,
            hold=risk.hold,
        )
        for risk in file.risks
    ]


def found_in(settings: Settings, file: NewsroomFile) -> Found:
    """The rules of newsroom.toml and OWNERS as they stand in the files."""
    return Found(rulebook_of(settings, file), safeguards_of(file, owners_of(settings)))


def rulebook_of(settings: Settings, file: NewsroomFile) -> dict[str, str]:
    """Every rule of newsroom.toml by its name, and OWNERS, as texts that can be compared."""
    found = {"OWNERS": " ".join(sorted(str(owner) for owner in owners_of(settings)))}
    for name, value in file.model_dump().items():
        if name in ("channels", "risks"):
            found |= {f"{name}.{each['key']}": _text(each) for each in value}
        elif isinstance(value, dict):
            found |= {f"{name}.{inner}": _text(each) for inner, each in value.items()}
        else:
            found[name] = _text(value)
    return found


def _text(value: object) -> str:
    if isinstance(value, timedelta):
        return f"{value.total_seconds():g}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(each)}" for name, each in sorted(value.items()) if each not in ("", None, ()))
    if isinstance(value, list | tuple | set | frozenset):
        texts = [_text(each) for each in value]
        return " ".join(texts if isinstance(value, list | tuple) else sorted(texts))
    return str(value)


def paces_of(file: NewsroomFile) -> dict[Platform, Pace]:
    telegram = file.pace.telegram
    return {
        Platform.TELEGRAM: Pace(
            per_second=telegram.per_second,
            parallel=telegram.parallel,
            chat_per_second=telegram.chat_per_second,
            group_per_minute=telegram.group_per_minute,
            paid=telegram.paid and telegram.per_second < PAID_PER_SECOND,
        ),
        Platform.VIBER: Pace(per_second=file.pace.viber.per_second, parallel=file.pace.viber.parallel),
    }


def official_of(file: NewsroomFile, token: str) -> tuple[Account, ...]:
    """Return the accounts that newsroom.toml lists, and our bot on Telegram, whose number begins its token."""
    listed = [Account(Platform(each.platform), each.id, each.name, each.title, each.link) for each in file.official]
    number = token.partition(":")[0]
    bot = Account(Platform.TELEGRAM, number)
    return (*listed, *([bot] if number.isdecimal() and own(listed, bot) is None else []))


def accounts_in(settings: Settings, file: NewsroomFile) -> tuple[Account, ...]:
    """Return every account of the newsroom as its files name them: what the record's page and trust.txt tell."""
    official = official_of(file, secret_of(settings.telegram_token))
    return accounts_of(official, channels_of(file), [(file.links.telegram, file.links.viber)])


def press_of(file: NewsroomFile, catalogue: Catalogue, address_of: Callable[[str], str] | None = None) -> Press:
    mastheads = {
        language: Masthead(
            name=file.name,
            signature=file.signature.get(language, ""),
            site=file.links.site,
            telegram=file.links.telegram,
            viber=file.links.viber,
        )
        for language in file.languages
    }
    labels = {language: _labels(catalogue, language) for language in file.languages}
    return Press(
        mastheads=mastheads,
        labels=labels,
        default=file.languages[0],
        template=Template(**file.template.model_dump()),
        address_of=address_of,
    )


def open_record_of(settings: Settings, file: NewsroomFile) -> OpenRecord:
    """Return where readers see the record: nowhere without a key that signs it."""
    if settings.record_key is None:
        return NOT_OPEN
    return OpenRecord(file.record.site, settings.public_url, is_linked=file.record.code == "link")


def picture_secret(settings: Settings) -> bytes:
    """Return a secret derived from the token, so that picture addresses in old posts survive a restart."""
    token = secret_of(settings.telegram_token) or secret_of(settings.viber_token or settings.viber_channel_token)
    return hashlib.sha256(b"pictures:" + token.encode()).digest()


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
        verify=words("Verify"),
        earlier=words("Earlier"),
        taken_back=words("We retracted"),
        checking=words("We are checking"),
        statuses={status: words(text) for status, text in STATUSES.items()},
        change=change_words(words),
    )
