"""Articles, their versions and the queue."""

from __future__ import annotations

from datetime import datetime

from bot.domain import Address, Article
from bot.domain.entry import Entry, EntryState
from bot.storage.convert import of_article, readable, to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction

_ENTRY = """
    SELECT a.id, a.state, a.version, a.due_at, a.published_at, a.author, a.created_at, a.not_before, a.expires_at,
        a.paid, a.author_member,
        v.content
    FROM article AS a JOIN version AS v ON v.article_id = a.id AND v.number = a.version
"""
_LEAVING = """WHERE a.id IN (SELECT article_id FROM dispatch
        WHERE state IN ('ready', 'sending', 'running') AND kind = 'post') ORDER BY a.id DESC LIMIT :limit"""
#: The states of what waits, and the order of the list: what has a time by its time, then held, submitted, drafts.
OPEN = "('counting', 'queued', 'held', 'submitted', 'draft')"
LISTED = """ORDER BY CASE a.state WHEN 'counting' THEN 0 WHEN 'queued' THEN 1 WHEN 'held' THEN 2
        WHEN 'submitted' THEN 3 ELSE 4 END, a.due_at NULLS FIRST, a.id"""
#: Small rows alone settle which articles are read: the contents of a long queue stay where they are.
FIRST = f"(SELECT a.id FROM article AS a WHERE a.state IN {OPEN} {LISTED} LIMIT :most OFFSET :skip)"  # noqa: S608 - ours
THE_FIRST = f"WHERE a.id IN {FIRST} {LISTED}"


def _about(article: Article) -> int | None:
    return article.about.number if article.about is not None else None


class ArticleQueries(Transaction):
    async def add_article(self, article: Article, author: Address, now: datetime) -> int:
        """Add a draft with its first version; return its number."""
        article_id = await self.value(
            """INSERT INTO article (state, version, author, author_member, created_at, changed_at, about)
               VALUES ('draft', 1, :author, (SELECT member_id FROM identity WHERE address = :author), :now, :now,
                   CAST(:about AS BIGINT))
               RETURNING id""",
            {"author": str(author), "now": to_ms(now), "about": _about(article)},
        )
        await self._add_version(article_id, 1, article, author, now)
        return int(article_id)

    async def add_version(self, entry: Entry, article: Article, author: Address, now: datetime) -> int:
        """Make `article` the entry's content; earlier versions stay as they were."""
        number = entry.version + 1
        await self._add_version(entry.id, number, article, author, now)
        await self.run(
            "UPDATE article SET version = :number, changed_at = :now, about = CAST(:about AS BIGINT) WHERE id = :id",
            {"id": entry.id, "number": number, "now": to_ms(now), "about": _about(article)},
        )
        return number

    async def _add_version(self, article_id: int, number: int, article: Article, author: Address, at: datetime) -> None:
        await self.run(
            """INSERT INTO version (article_id, number, sha256, content, author, author_member, made_at)
               VALUES (:id, :number, :sha256, :content, :author,
                   (SELECT member_id FROM identity WHERE address = :author), :at)""",
            {
                "id": article_id,
                "number": number,
                "sha256": article.sha256,
                "content": article.to_json(),
                "author": str(author),
                "at": to_ms(at),
            },
        )

    async def entry(self, article_id: int) -> Entry | None:
        row = await self.one(_ENTRY + "WHERE a.id = :id", {"id": article_id})
        return to_entry(row) if row is not None else None

    async def content(self, article_id: int, version: int) -> Article:
        """Return the content of a version, which must exist."""
        text = await self.value(
            "SELECT content FROM version WHERE article_id = :id AND number = :number",
            {"id": article_id, "number": version},
        )
        return Article.from_json(text)

    async def move(
        self,
        entry: Entry,
        state: EntryState,
        now: datetime,
        *,
        due_at: datetime | None = None,
    ) -> None:
        """Give the entry a new state."""
        await self.run(
            """UPDATE article SET state = :state, due_at = :due_at, not_before = NULL, changed_at = :now,
                   published_at = CASE WHEN :state = 'published' THEN :now ELSE published_at END
               WHERE id = :id""",
            {"id": entry.id, "state": state, "due_at": due_at and to_ms(due_at), "now": to_ms(now)},
        )
        self.signal("queue")

    async def put_aside(self, article_id: int, now: datetime) -> None:
        """Hold an article of which no more than its number can be read. Its time stays."""
        await self.run(
            "UPDATE article SET state = 'held', not_before = NULL, changed_at = :now WHERE id = :id",
            {"id": article_id, "now": to_ms(now)},
        )
        self.signal("queue")

    async def due(self, now: datetime) -> list[int]:
        """Return the numbers of the articles whose time has come, by their times. Each is read by itself."""
        rows = await self.all(
            """SELECT id FROM article WHERE state IN ('queued', 'counting') AND due_at <= :now
                   AND (not_before IS NULL OR not_before <= :now) ORDER BY due_at, id""",
            {"now": to_ms(now)},
        )
        return [row["id"] for row in rows]

    async def keep_back(self, article_id: int, until: datetime) -> None:
        """Keep a due article back: it goes out no earlier than `until`."""
        await self.run(
            "UPDATE article SET not_before = :until WHERE id = :id", {"id": article_id, "until": to_ms(until)}
        )
        self.signal("queue")

    async def set_paid(self, article_id: int, paid: bool) -> None:
        await self.run("UPDATE article SET paid = :paid WHERE id = :id", {"id": article_id, "paid": int(paid)})

    async def published_since(self, since: datetime, limit: int) -> list[Entry]:
        rows = await self.all(
            _ENTRY
            + """WHERE a.state = 'published' AND a.published_at >= :since
                 ORDER BY a.published_at DESC, a.id DESC LIMIT :limit""",
            {"since": to_ms(since), "limit": limit},
        )
        return readable(rows, to_entry, of="id")

    async def leaving(self, limit: int) -> list[Entry]:
        """Return the newest articles whose posts are still under way."""
        rows = await self.all(_ENTRY + _LEAVING, {"limit": limit})
        return readable(rows, to_entry, of="id")

    async def count_published(self, since: datetime) -> int:
        """Count the articles published since then."""
        return int(
            await self.value(
                "SELECT count(*) FROM article WHERE state = 'published' AND published_at >= :since",
                {"since": to_ms(since)},
            )
        )

    async def last_posts(self) -> dict[str, datetime]:
        """Return when the latest post of each channel was made, by its key; 500 dispatches ago is long ago."""
        rows = await self.all(
            """SELECT channel, max(created_at) AS at FROM dispatch
               WHERE channel IS NOT NULL AND id > (SELECT max(id) FROM dispatch) - 500 GROUP BY channel"""
        )
        return {row["channel"]: to_time(row["at"]) for row in rows}

    async def newest_open(self, limit: int) -> list[Entry]:
        """Return the articles that wait and came in last, newest first."""
        rows = await self.all(_ENTRY + f"WHERE a.state IN {OPEN} ORDER BY a.id DESC LIMIT :limit", {"limit": limit})
        return readable(rows, to_entry, of="id")

    async def open_of(self, member_id: int, limit: int) -> list[int]:
        """Return the numbers of the articles that wait and this member wrote or put to the desk, newest first."""
        rows = await self.all(
            f"""SELECT id FROM article WHERE state IN {OPEN} AND (author_member = :member OR EXISTS (
                    SELECT 1 FROM review WHERE review.article_id = article.id AND closed_at IS NULL
                        AND asked_by_member = :member))
                ORDER BY id DESC LIMIT :limit""",  # noqa: S608 - ours
            {"member": member_id, "limit": limit},
        )
        return [int(row["id"]) for row in rows]

    async def queued_between(self, since: datetime, until: datetime) -> list[Entry]:
        """Return the queued articles whose time is later than `since` and earlier than `until`, in no order."""
        rows = await self.all(
            _ENTRY
            + """WHERE a.state = 'queued' AND a.state IN ('queued', 'counting')
                     AND a.due_at > :since AND a.due_at < :until""",
            {"since": to_ms(since), "until": to_ms(until)},
        )
        return readable(rows, to_entry, of="id")

    async def taken_times(self) -> list[datetime]:
        rows = await self.all("SELECT due_at FROM article WHERE state = 'queued' AND state IN ('queued', 'counting')")
        return [to_time(row[0]) for row in rows]

    async def latest_versions(self, limit: int) -> list[tuple[int, int]]:
        """Return number and version of the articles published last, newest first."""
        rows = await self.all(
            """SELECT id, version FROM article WHERE state = 'published'
               ORDER BY published_at DESC, id DESC LIMIT :limit""",
            {"limit": limit},
        )
        return [(row["id"], row["version"]) for row in rows]

    async def latest(self, limit: int) -> list[Entry]:
        """Return the articles published last, newest first."""
        rows = await self.all(
            _ENTRY + "WHERE a.state = 'published' ORDER BY a.published_at DESC, a.id DESC LIMIT :limit",
            {"limit": limit},
        )
        return readable(rows, to_entry, of="id")

    async def published_before(self, at: datetime, article_id: int, limit: int) -> list[Entry]:
        """Return the articles published before that one, which was published `at`, newest first."""
        rows = await self.all(
            _ENTRY
            + """WHERE a.state = 'published' AND a.published_at <= :at AND (a.published_at < :at OR a.id < :id)
                ORDER BY a.published_at DESC, a.id DESC LIMIT :limit""",
            {"at": to_ms(at), "id": article_id, "limit": limit},
        )
        return readable(rows, to_entry, of="id")


def to_entry(row: Row) -> Entry:
    """Return the article of a row. Raises `Damaged`."""
    with of_article(row["id"]):
        return Entry(
            id=row["id"],
            state=EntryState(row["state"]),
            version=row["version"],
            article=Article.from_json(row["content"]),
            due_at=to_time(row["due_at"]) if row["due_at"] is not None else None,
            published_at=to_time(row["published_at"]) if row["published_at"] is not None else None,
            author=to_address(row["author"]),
            came_in=to_time(row["created_at"]),
            not_before=to_time(row["not_before"]) if row["not_before"] is not None else None,
            expires_at=to_time(row["expires_at"]) if row["expires_at"] is not None else None,
            paid=bool(row["paid"]),
            author_member=row["author_member"],
        )
