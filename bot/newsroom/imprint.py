"""The imprint of what goes out: the texts under which readers hold it, and the fingerprints that find it again."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Article
from bot.domain.entry import EntryState
from bot.errors import Damaged
from bot.newsroom.newsroom import Newsroom
from bot.storage import Queries, Store

#: Older articles that get their imprint in one transaction.
BATCH = 3


async def make(tx: Queries, house: Newsroom, number: int, version: int, article: Article, now: datetime) -> None:
    """Keep what readers hold of a version, in the transaction that lets it out and in no other.

    An article that waits, is held or was stopped has no imprint, so nobody learns of it by asking.
    """
    await tx.add_imprint(number, version, house.imprint(article, number), now)
    if article.media is not None and article.media.digest:
        await tx.let_picture_be_found(article.media.digest, number, now)


async def catch_up(store: Store, house: Newsroom) -> None:
    """Make the imprints of what was published before there were any, in small steps."""

    async def some(tx: Queries) -> None:
        await _make_some(tx, house)

    while await store.read.unprinted_upto():
        await store.write(some)


async def _make_some(tx: Queries, house: Newsroom) -> None:
    numbers = await tx.older_than_index(await tx.unprinted_upto(), BATCH)
    for number in numbers:
        try:
            entry = await tx.entry(number)
        except Damaged:
            continue
        if entry is not None and entry.state is EntryState.PUBLISHED and entry.published_at is not None:
            await make(tx, house, number, entry.version, entry.article, entry.published_at)
    await tx.set_unprinted(numbers[-1] - 1 if len(numbers) == BATCH else 0)
