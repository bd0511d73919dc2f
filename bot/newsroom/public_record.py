"""The public record, written in the transaction of the act itself: published and recorded is one thing."""

from __future__ import annotations

import secrets
from datetime import datetime

from bot.domain import Article, plain
from bot.domain.entry import Entry
from bot.domain.genuine import read
from bot.newsroom.desk import Desk
from bot.newsroom.newsroom import Newsroom
from bot.record import entries
from bot.record.entries import SALT, Act, Document, commitment
from bot.record.sentences import hashes_in
from bot.record.shelf import Kept
from bot.storage import Queries


async def put_on_record(desk: Desk, entry: Entry, act: Act = Act.PUBLISHED, note: str = "") -> int | None:
    """Record what became of an article's version and return the entry's index; None if it has to wait.

    `note` is for readers: what was wrong, or why it is taken back. The document of a version is made once.
    """
    tx, article = desk.tx, entry.article
    # A version that is only now published has no document yet: no statement is spent on looking for one.
    kept = await tx.kept_document(entry.id, entry.version) if act is not Act.PUBLISHED else None
    if kept is None:
        document = document_of(desk.house, entry)
        kept = Kept(secrets.token_bytes(SALT), document.body)
        await tx.keep_document(entry.id, entry.version, kept, hashes_in(read(document.whole)))
    what = commitment(kept.salt, kept.body)
    made = entries.Entry(
        act=act,
        at=round(desk.now.timestamp() * 1000),
        article=entry.id,
        version=entry.version,
        what=what,
        before=await _before(desk, entry.id, what) if act is not Act.PUBLISHED else "",
        media=media_of(article),
        note=note,
    )
    return await tx.put_on_record(made)


async def withdraw(tx: Queries, number: int, now: datetime) -> int | None:
    """Delete an article's text from the record, as a law demands, and say so in one more entry.

    The entries before stay: nothing is cut out of the record, and without text and salt they tell nothing.
    """
    if not await tx.drop_documents(number):
        return None
    return await tx.put_on_record(entries.Entry(Act.WITHDRAWN, round(now.timestamp() * 1000), number))


async def _before(desk: Desk, number: int, what: str) -> str:
    """Return the commitment that this one follows; empty if it is about the same text, or the first."""
    recorded = [each.what for _, each in await desk.tx.recorded(number) if each.what]
    return recorded[-1] if recorded and recorded[-1] != what else ""


def document_of(house: Newsroom, entry: Entry) -> Document:
    """Return the public part of a version: what readers see, and nothing that the desk keeps for itself."""
    article = entry.article
    seen = house.imprint(article, entry.id).renditions
    return Document(
        article=entry.id,
        version=entry.version,
        language=article.language,
        headline=article.headline,
        text="\n".join(each for each in (article.lead, *map(plain, article.body)) if each),
        status=article.status or "",
        sources=tuple(source.name for source in article.sources if source.name),
        links=tuple(sorted({link for each in seen for link in each.links})),
        furniture=tuple(dict.fromkeys(line for each in seen for line in each.furniture)),
        media=media_of(article),
        texts={each.outlet: each.text for each in seen},
    )


def media_of(article: Article) -> tuple[str, ...]:
    return tuple(f"sha256:{each}" for each in article.media.digests) if article.media is not None else ()
