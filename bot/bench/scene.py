"""The bench's material: a store full of readers, an article, a newsroom's words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.telegram import TelegramMessenger
from bot.domain import Address, Article, Labels, Masthead, Platform, Press, Run, Source, Verification
from bot.domain.entry import Entry
from bot.storage import Queries, Store

TOKEN = "1000001:bench-token-without-any-value-000000"  # noqa: S105 - opens nothing
OWNER = 1001
CHANNEL = -1001000000001
#: The first reader's chat; the others follow.
FIRST = 10_000_000
#: The first of the people who only ask, and get no article by themselves.
ASKING = 20_000_000
_WORDS = "Рада затвердила бюджет міста на наступний рік після двох читань. "

ARTICLE = Article(
    headline="Місто має бюджет",
    lead="Рішення ухвалили вчора ввечері.",
    body=((Run(_WORDS * 4),), (Run(_WORDS * 3),)),
    sources=(Source("Міська рада"),),
    status=Verification.CONFIRMED,
)
_LABELS = Labels("Джерело", "Читайте також", "Відео", "Фото", "Повний текст", "Терміново")
PRESS = Press({"uk": Masthead("Вісник", "Лише перевірена інформація.")}, {"uk": _LABELS}, "uk")


def now() -> datetime:
    return datetime.now(UTC)


async def fill(store: Store, readers: int) -> None:
    """Make `readers` Telegram readers, all active."""
    await store.write(lambda tx: _fill(tx, readers))


async def _fill(tx: Queries, readers: int) -> None:
    await tx.run(
        """INSERT INTO subscriber (platform, chat, language, state, since, changed_at)
           WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :readers)
           SELECT 'telegram', CAST(:first + i AS TEXT), 'uk', 'active', 0, 0 FROM n""",
        {"readers": readers, "first": FIRST},
    )


async def article(store: Store) -> Entry:
    async def work(tx: Queries) -> Entry:
        number = await tx.add_article(ARTICLE, Address(Platform.TELEGRAM, str(OWNER)), now())
        entry = await tx.entry(number)
        assert entry is not None
        return entry

    return await store.write(work)


async def dispatch(store: Store, entry: Entry) -> int:
    """Make a dispatch to all readers, the first of them counted in; return its number."""
    readers = {Platform.TELEGRAM: TelegramMessenger.traits.page_size}

    async def work(tx: Queries) -> int:
        await tx.add_dispatches(entry, (), readers, now(), silent=False)
        return (await tx.dispatches(entry.id))[-1].id

    return await store.write(work)


async def count_in(store: Store) -> None:
    """Count in all readers of all dispatches, as delivery does it."""
    while (number := await store.read.counting()) is not None:
        await store.write(lambda tx, number=number: tx.count_in(number, now()))  # type: ignore[misc]


def size(database: Path) -> int:
    """Bytes of the database with its log."""
    files = (database, database.with_name(database.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
