"""A newsroom with a long past: articles published, posts and sendings made, a full queue, in seconds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bench.scene import ARTICLE, FIRST, OWNER, now

#: Articles published, each to its channels and to the readers.
PUBLISHED = 50_000
CHANNELS = 50
#: Articles that wait, one for each posting time of five days.
QUEUED = 1_000
SLOTS_A_DAY = 200
ZONE = ZoneInfo("Europe/Kyiv")
#: Between two publications.
EVERY = timedelta(minutes=5)
#: Between two posting times.
_APART = timedelta(minutes=7)

# Nothing of it must outlive the bench, so that it need not be durable.
_FAST = ("journal_mode=OFF", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-1000000")

_ARTICLES = """
    INSERT INTO article (id, state, version, due_at, published_at, author, created_at, changed_at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :published)
    SELECT i, 'published', 1, NULL, at, :author, at, at
        FROM (SELECT i, :now - (:published - i + 1) * :every AS at FROM n)
"""
_VERSIONS = """
    INSERT INTO version (article_id, number, sha256, content, author, made_at)
    SELECT id, 1, sha256(content), content, author, created_at
        FROM (SELECT *, replace(:content, :headline, :headline || ' ' || id) AS content FROM article)
"""
_REVIEWS = """
    INSERT INTO review (article_id, version, kind, binding, asked_by, asked_at, closed_at, outcome)
    SELECT id, 1, 'before', 'binding', author, created_at, created_at, 'published'
        FROM article WHERE state = 'published'
"""
_DISPATCHES = """
    INSERT INTO dispatch (article_id, version, platform, channel, state, urgent, silent, policy, audience, message_id,
        link, attempts, not_before, created_at, changed_at)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :channels)
    SELECT id, 1, 'telegram', CASE WHEN i > 0 THEN 'channel' || i END, iif(i > 0, 'delivered', 'done'), 0, 0, 'hold', 1,
        iif(i > 0, id, NULL), iif(i > 0, 'https://t.me/channel' || i || '/' || id, NULL), 1,
        published_at, published_at, published_at
        FROM article CROSS JOIN n WHERE state = 'published'
"""
_PAGES = """
    INSERT INTO page (dispatch_id, number, low, state, not_before, members, states, ids)
    SELECT id, 0, 1, 'done', created_at, zeroblob(64), zeroblob(128), zeroblob(64)
        FROM dispatch WHERE channel IS NULL
"""
_READERS = """
    INSERT INTO subscriber (platform, chat, language, state, since, changed_at)
    WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :readers)
    SELECT 'telegram', CAST(:first + i AS TEXT), 'uk', 'active', 0, 0 FROM n
"""
_WAITING = """
    INSERT INTO article (state, version, due_at, author, created_at, changed_at)
    VALUES ('queued', 1, :due, :author, :now, :now)
"""


def fill(database: Path, readers: int) -> None:
    """The past, the queue and the active readers, into a database that has this version's form and nothing in it."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.create_function("sha256", 1, _sha256, deterministic=True)
        for pragma in _FAST:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        _insert(connection, readers)
        connection.execute("COMMIT")


def posting_times() -> list[time]:
    """Return the posting times of every day."""
    midnight = datetime(2000, 1, 1, tzinfo=ZONE)
    return [(midnight + number * _APART).time() for number in range(SLOTS_A_DAY)]


def _insert(connection: sqlite3.Connection, readers: int) -> None:
    author, at = f"telegram:{OWNER}", _ms(now())
    past = {"published": PUBLISHED, "author": author, "now": at, "every": EVERY // timedelta(milliseconds=1)}
    connection.execute(_ARTICLES, past)
    connection.executemany(_WAITING, ({"due": _ms(due), "author": author, "now": at} for due in _times_taken()))
    connection.execute(_VERSIONS, {"content": ARTICLE.to_json(), "headline": ARTICLE.headline})
    connection.execute(_REVIEWS)
    connection.execute(_DISPATCHES, {"channels": CHANNELS})
    connection.execute(_PAGES)
    connection.execute(_READERS, {"readers": readers, "first": FIRST})


def _times_taken() -> Iterator[datetime]:
    """All posting times of the days from tomorrow on."""
    today = now().astimezone(ZONE).date()
    for day in range(1, QUEUED // SLOTS_A_DAY + 1):
        for clock in posting_times():
            yield datetime.combine(today + timedelta(days=day), clock, ZONE)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
