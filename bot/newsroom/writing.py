"""Writing: an article's draft, its new versions, its expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog

from bot.domain import Article, Media
from bot.domain.article import Earlier
from bot.domain.change import Standing
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.picture import LOOK_COUNTS
from bot.domain.readiness import Obstacle, obstacles
from bot.domain.times import as_typed
from bot.errors import Refused
from bot.newsroom import approval
from bot.newsroom.desk import Desk
from bot.newsroom.holding import hold
from bot.newsroom.readiness import read, read_for
from bot.newsroom.refusals import NOT_OUT
from bot.newsroom.situation import Situation

log = structlog.get_logger(__name__)

#: Obstacles that a change of the text can put in the way of a time that the article has.
_OF_THE_TEXT = frozenset({Obstacle.UNPROVEN, Obstacle.UNKEPT, Obstacle.TOO_EARLY})


async def draft(desk: Desk, article: Article) -> Situation:
    article = await completed(desk, article, None)
    number = await desk.tx.add_article(article, desk.address, desk.now)
    await use_picture(desk, number, article)
    situation = await read(desk, number)
    await desk.record("article.drafted", situation.entry)
    log.info("article_drafted", article=number)
    return situation


async def edit(desk: Desk, number: int, article: Article) -> Situation:
    """Add a new version of an article that nobody has looked at yet in this act; see `rewrite`."""
    return await rewrite(desk, await read_for(desk, number, Act.EDIT), article)


async def rewrite(desk: Desk, situation: Situation, article: Article) -> Situation:
    """Add a new version. Its time stays; what the desk was asked about, rejected or cancelled is a draft again."""
    entry = situation.entry
    article = await completed(desk, article, entry.article.media)
    if article == entry.article:
        raise Refused("Nothing changed: article #{id} already reads like that.", id=entry.id)
    version = await desk.tx.add_version(entry, article, desk.address, desk.now)
    new = replace(entry, version=version, article=article)
    await use_picture(desk, entry.id, article)
    await desk.record("article.edited", new)
    if new.topic != entry.topic:
        await desk.tx.rename_topics(entry.id, new.topic)
    await approval.void(desk, situation, "changed")
    if entry.state in (EntryState.SUBMITTED, EntryState.REJECTED, EntryState.CANCELLED):
        new = await _back_to_draft(desk, new)
    writers = situation.dossier.writers | {desk.writer}
    changed = situation.after(
        desk.house, entry=new, writers=writers, asked=None, approvals=(), earlier=await _standing_of(desk, article)
    )
    return await _hold_if_it_must(desk, changed)


async def completed(desk: Desk, article: Article, before: Media | None) -> Article:
    """Return the article with what only the store knows: the one that it follows up, and the bytes of its picture."""
    return await with_picture(desk, await with_earlier(desk, article), before)


async def _standing_of(desk: Desk, article: Article) -> Standing | None:
    """Return how the article stands that this one follows up."""
    return None if article.about is None else Standing(await desk.tx.standing(article.about.number))


async def with_picture(desk: Desk, article: Article, before: Media | None) -> Article:
    """Bind the bytes that the picture or video had when the message with it came, or that it had before."""
    media = article.media
    if media is None or media.digest or not media.place:
        return article
    found = await desk.tx.found_at(media.place, desk.now - LOOK_COUNTS)
    if found is not None and found.digest:
        kept = media.as_found(found)
    elif before is not None and before.place == media.place:
        kept = media.as_before(before)
    else:
        return article
    return replace(article, media=kept)


async def with_earlier(desk: Desk, article: Article) -> Article:
    """Look up the article that this one follows up, which must be out: its headline is approved with the text."""
    about = article.about
    if about is None or about.headline:
        return article
    entry = await desk.entry(about.number)
    if entry.state is not EntryState.PUBLISHED:
        raise Refused(NOT_OUT, id=about.number)
    link = entry.article.link or next((each.link for each in await desk.tx.dispatches(entry.id) if each.link), "")
    standing = entry.article.standing
    found = Earlier(
        entry.id, entry.article.headline, link,
        is_retracted=standing is Standing.RETRACTED, is_checked=standing is Standing.CHECKING,
    )  # fmt: skip
    return replace(article, about=found)


async def say_earlier(desk: Desk, number: int, standing: Standing) -> Situation:
    """Let an article say how the one stands that it follows up: a new text, without the approvals of the one before.

    `standing`: as the actor was shown it.
    """
    situation = await read_for(desk, number, Act.EDIT)
    about, followed = situation.entry.article.about, situation.readiness.lacks.followed
    if about is None or followed is None or followed.is_true or followed.now is not standing:
        raise Refused("#{id} or its first article has changed meanwhile. /show {id} shows how it stands.", id=number)
    return await rewrite(desk, situation, replace(situation.entry.article, about=Earlier(about.number)))


async def use_picture(desk: Desk, number: int, article: Article) -> None:
    for digest in article.media.digests if article.media is not None else ():
        await desk.tx.use_picture(number, digest)


async def _back_to_draft(desk: Desk, entry: Entry) -> Entry:
    await desk.tx.move(entry, EntryState.DRAFT, desk.now)
    return replace(entry, state=EntryState.DRAFT, due_at=None, not_before=None)


async def _hold_if_it_must(desk: Desk, situation: Situation) -> Situation:
    """The text stands; what it lacks now must not go out at its time."""
    if situation.entry.state is not EntryState.QUEUED:
        return situation
    found = obstacles(situation.readiness, Act.GO_OUT, situation.entry.due_at)
    why = next((each for each in found if each in _OF_THE_TEXT), None)
    return await hold(desk, situation, why) if why is not None else situation


async def expire(desk: Desk, situation: Situation, at: datetime | None) -> Situation:
    """Set the instant from which the article is no longer published; None: it does not expire."""
    entry = situation.entry
    zone = desk.house.timetable.zone
    await desk.tx.set_expiry(entry.id, at, as_typed(at, zone) if at else "", zone.key)
    await desk.record("article.expiry_set", entry, at=at.isoformat() if at else None)
    return situation.after(desk.house, entry=replace(entry, expires_at=at))
