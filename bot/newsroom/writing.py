"""What becomes of an article's text: a draft, new versions, an expiry."""

from __future__ import annotations

from datetime import datetime

import structlog

from bot.domain import Article
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.errors import Refused
from bot.newsroom import approval, publishing
from bot.newsroom.desk import Desk
from bot.newsroom.stages import entry_for

log = structlog.get_logger(__name__)


async def draft(desk: Desk, article: Article) -> Entry:
    article_id = await desk.tx.add_article(article, desk.address, desk.now)
    entry = await desk.entry(article_id)
    await desk.record("article.drafted", entry)
    log.info("article_drafted", article=article_id)
    return entry


async def edit(desk: Desk, number: int, article: Article) -> Entry:
    """Add a new version. Its time stays; what the desk was asked about or had rejected is a draft again."""
    entry = await entry_for(desk, number, Act.EDIT)
    if article == entry.article:
        raise Refused("Nothing changed: article #{id} reads like that already.", id=number)
    await desk.tx.add_version(entry, article, desk.address, desk.now)
    new = await desk.entry(number)
    await desk.record("article.edited", new)
    await desk.tx.draw_anew(number, desk.address)
    if new.topic != entry.topic:
        await desk.tx.rename_topics(number, new.topic)
    await approval.void(desk, entry, "changed")
    if entry.state in (EntryState.SUBMITTED, EntryState.REJECTED):
        await desk.tx.move(entry, EntryState.DRAFT, desk.now)
        new = await desk.entry(number)
    # The text stands; what it lacks now must not go out at its time.
    gate = desk.house.gate
    if new.state is EntryState.QUEUED and new.due_at is not None and (why := gate.obstacle(new, new.due_at)):
        await publishing.hold(desk, new, why)
        new = await desk.entry(number)
    return new


async def expire(desk: Desk, entry: Entry, at: datetime | None) -> Entry:
    """From `at` on the article is not published; None: it does not expire."""
    await desk.tx.set_expiry(entry.id, at)
    await desk.record("article.expiry_set", entry, at=at.isoformat() if at else None)
    return await desk.entry(entry.id)
