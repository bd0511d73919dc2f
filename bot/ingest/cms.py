"""The CMS: a call of one of the newsroom's own systems is read, and becomes a draft as a paste does."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import Article, MediaKind, Run, plain
from bot.domain.difference import changed_fields
from bot.domain.entry import EntryState
from bot.domain.news import SourceChanged
from bot.domain.parse import Notice, Parsed
from bot.domain.sheet import Value, day, picture_of, sentence, sheet_of
from bot.domain.systems import SystemKey
from bot.domain.times import parse_when
from bot.errors import Refused, VisnykError
from bot.ingest.calls import Sent, Wrong, article_of, expiry_of, lines_of
from bot.newsroom import publishing, review, systems, writing
from bot.newsroom.desk import Desk
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation

#: In these states an article is still its writer's to change or to withdraw.
ITS_OWN = frozenset({EntryState.DRAFT, EntryState.SUBMITTED, EntryState.REJECTED})


class NoSuchArticle(VisnykError):
    """No article of that number came with this key."""


class Changed(VisnykError):
    """It is no longer what the caller saw. `etag` is what it is."""

    def __init__(self, etag: str) -> None:
        super().__init__(etag)
        self.etag = etag


class InOtherHands(VisnykError):
    """The desk has it by now, so that its system changes nothing. `stage`: where it is."""

    def __init__(self, stage: str) -> None:
        super().__init__(stage)
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Taken:
    """An article after a call, and what its sender should know."""

    situation: Situation
    notices: tuple[str, ...] = ()

    @property
    def etag(self) -> str:
        return etag_of(self.situation)


def etag_of(situation: Situation) -> str:
    """Return what tells one state of an article from all others: a change of its text, stage or expiry changes it."""
    entry = situation.entry
    expires = f".{entry.expires_at:%Y%m%d%H%M}" if entry.expires_at is not None else ""
    return f'"{entry.id}.{entry.version}.{situation.readiness.stage}{expires}"'


# Acting


async def create(desk: Desk, key: SystemKey, sent: Sent) -> Taken:
    """Begin a draft, and put it to the desk if that is asked for."""
    desk = systems.acting(desk, key)
    parsed = article_of(sent, None, desk)
    situation = await _expiring(desk, await writing.draft(desk, parsed.article), sent, parsed)
    return await _submitted(desk, situation, sent, parsed.notices)


async def change(desk: Desk, key: SystemKey, number: int, sent: Sent, seen: str) -> Taken:
    """Make a new version of an article that its sender saw as `seen` (an ETag, or `*`).

    What is out only the desk changes: there it is put as a change, with its difference.
    """
    desk = systems.acting(desk, key)
    situation = await _as_seen(desk, key, number, seen)
    if situation.entry.state is EntryState.PUBLISHED:
        return await _put_to_the_desk(desk, situation, sent)
    _check_own(situation)
    before = situation.entry.article
    parsed = article_of(sent, before, desk)
    if await writing.completed(desk, parsed.article, before.media) != before:
        situation = await writing.rewrite(desk, situation, parsed.article)
    situation = await _expiring(desk, situation, sent, parsed)
    return await _submitted(desk, situation, sent, parsed.notices)


async def withdraw(desk: Desk, key: SystemKey, number: int, seen: str) -> Taken:
    """Cancel an article that its sender saw as `seen`."""
    desk = systems.acting(desk, key)
    _check_own(await _as_seen(desk, key, number, seen))
    return Taken(await publishing.cancel(desk, number))


async def find(desk: Desk, key: SystemKey, number: int) -> Situation:
    """Return an article that came with this key. Raises `NoSuchArticle`."""
    try:
        situation = await read(desk, number)
    except Refused:
        raise NoSuchArticle from None
    if situation.entry.author != key.address:
        raise NoSuchArticle
    return situation


async def _expiring(desk: Desk, situation: Situation, sent: Sent, parsed: Parsed) -> Situation:
    zone = desk.house.timetable.zone
    typed = expiry_of(sent, parsed, zone)
    if typed is None:
        return situation
    at = parse_when(typed, now=desk.now, zone=zone) if typed else None
    return situation if at == situation.entry.expires_at else await writing.expire(desk, situation, at)


async def _put_to_the_desk(desk: Desk, situation: Situation, sent: Sent) -> Taken:
    entry = situation.entry
    if "expires" in sent.fields:
        raise Wrong("The article is out: when its time is over is no longer a system's to say.", "/expires")
    article = article_of(sent, entry.article, desk).article
    if not changed_fields(entry.article, article):
        return Taken(situation)
    runs = (Run(_typed(sent, article)),)
    await desk.announce(SourceChanged(entry.id, article.headline, article.link, entry.version, runs))
    return Taken(situation, ("It is out: the desk was asked to change what readers have.",))


def _typed(sent: Sent, article: Article) -> str:
    """Return the call as a person would type it: the lines of the fields, after the text if there is another one."""
    lines = [*lines_of(sent)]
    if not sent.text and "body" not in sent.fields:
        return "\n".join(lines)
    beside = [each for each in lines if each.partition(":")[0] not in ("headline", "lead")]
    return "\n\n".join([article.headline, article.lead, *map(plain, article.body), "\n".join(beside)])


async def _as_seen(desk: Desk, key: SystemKey, number: int, seen: str) -> Situation:
    situation = await find(desk, key, number)
    if seen not in ("*", etag := etag_of(situation)):
        raise Changed(etag)
    return situation


def _check_own(situation: Situation) -> None:
    if situation.entry.state not in ITS_OWN:
        raise InOtherHands(situation.readiness.stage)


async def _submitted(desk: Desk, situation: Situation, sent: Sent, notices: tuple[Notice, ...]) -> Taken:
    """Put it to the desk where that is asked for. What the desk can't be asked about yet stays a draft."""
    said = tuple([sentence(each) for each in notices])
    if not sent.submit:
        return Taken(situation, said)
    try:
        async with desk.tx.undone_by(Refused):
            return Taken(await review.submit(desk, situation.entry.id), said)
    except Refused as refused:
        return Taken(situation, (*said, f"Not submitted: {refused}"))


def state_of(taken: Taken) -> dict[str, Value | int | bool]:
    """Return an article as a system reads it."""
    entry, parsed = taken.situation.entry, Parsed(taken.situation.entry.article)
    media, picture = entry.article.media, picture_of(entry.article)
    is_video = media is not None and media.kind is MediaKind.VIDEO
    shown = {name: value for name, value in sheet_of(parsed).items() if name != "dropped"}
    return {
        "id": entry.id,
        "state": str(taken.situation.readiness.stage),
        "version": entry.version,
        "sha256": entry.article.sha256,
        **shown,
        "urgent": entry.article.urgent,
        "note": entry.article.note,
        "photo": picture["url"] if picture and not is_video else "",
        "video": picture["url"] if picture and is_video else "",
        "caption": picture.get("caption", ""),
        "credit": picture.get("credit", ""),
        "about": entry.article.about.number if entry.article.about is not None else 0,
        "expires": day(entry.expires_at),
        "after": entry.article.after or "",
        "pin": entry.article.pin,
        "created": day(entry.came_in),
        "due": day(entry.due_at),
        "published": day(entry.published_at),
        "notices": list(taken.notices),
    }
