"""Articles that went out, as tests put them straight into the store."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain import Address, Article, Platform
from bot.domain.entry import EntryState
from bot.storage import Queries

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
EDITOR = Address(Platform.TELEGRAM, "1001")
BRIDGE = Article("Міст через Полтву закрили на ремонт", lead="Рух мостом відновлять у грудні.")


async def published(tx: Queries, article: Article, state: EntryState = EntryState.PUBLISHED) -> int:
    number = await tx.add_article(article, EDITOR, NOW)
    entry = await tx.entry(number)
    assert entry is not None
    await tx.move(entry, state, NOW)
    return number
