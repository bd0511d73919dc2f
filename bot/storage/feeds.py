"""Feeds: when each is asked again, whether it may be, and which of their items are known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.feeds import Brought, FeedState, Known, Looked
from bot.storage.convert import each_of, to_ms, to_time
from bot.storage.transaction import Row, Transaction

#: An item that its feed no longer holds is forgotten after this time, since it was known or seen there last.
REMEMBERED = timedelta(days=60)


class FeedQueries(Transaction):
    async def set_feeds(self, feeds: Mapping[str, str], now: datetime) -> None:
        """Let these be the feeds, addresses by key. Another address is another feed, which is asked at once."""
        for row in await self.all("SELECT key FROM feed"):
            if row["key"] not in feeds:
                await self.run("DELETE FROM feed WHERE key = :key", {"key": row["key"]})
        await self.many(
            """INSERT INTO feed (key, url, next_at) VALUES (:key, :url, :now)
               ON CONFLICT (key) DO UPDATE
               SET url = excluded.url, next_at = excluded.next_at, good_at = NULL, marks = '{}', body = '',
                   failures = 0, reason = ''
               WHERE feed.url <> excluded.url""",
            [{"key": key, "url": url, "now": to_ms(now)} for key, url in feeds.items()],
        )

    async def feeds(self) -> list[FeedState]:
        """Return the feeds of newsroom.toml as the last start found them."""
        return [_state(row) for row in await self.all("SELECT * FROM feed ORDER BY key")]

    async def keep_looked(self, key: str, looked: Looked) -> None:
        """Note what a look came to, and when the next one is due."""
        await self.run(
            """UPDATE feed SET next_at = :next, good_at = :good, marks = :marks, body = :body, failures = :failures,
                   reason = :reason
               WHERE key = :key""",
            {
                "key": key,
                "next": to_ms(looked.next_at),
                "good": to_ms(looked.good_at) if looked.good_at is not None else None,
                "marks": json.dumps(dict(looked.marks)),
                "body": looked.body,
                "failures": looked.failures,
                "reason": looked.reason,
            },
        )

    async def stop_feed(self, key: str, now: datetime, *, stopped: bool) -> bool:
        """Let a feed be asked no longer, or again from now on. Return False if there is none of this key."""
        changed = await self.run(
            "UPDATE feed SET is_stopped = :stopped, next_at = :now WHERE key = :key",
            {"key": key, "stopped": int(stopped), "now": to_ms(now)},
        )
        self.signal("feeds")
        return changed > 0

    async def known_items(self, items: Sequence[str]) -> list[Known]:
        """Return those of these items that are known, of whichever feed."""
        names, values = each_of("item", items)
        return [_known(row) for row in await self.all(f"SELECT * FROM feed_item WHERE item IN ({names})", values)]  # noqa: S608 - ours

    async def known_digests(self, digests: Sequence[str]) -> frozenset[str]:
        """Return those of these digests that an item of any feed has."""
        names, values = each_of("digest", digests)
        rows = await self.all(f"SELECT digest FROM feed_item WHERE digest IN ({names})", values)  # noqa: S608 - ours
        return frozenset(row["digest"] for row in rows)

    async def know_item(self, known: Known) -> None:
        """Note an item, or what became of it since; it is counted once."""
        params = {
            "item": known.item,
            "feed": known.feed,
            "digest": known.digest,
            "at": to_ms(known.at),
            "article": known.brought.article,
            "version": known.brought.version,
            "told": int(known.brought.is_told),
        }
        changed = await self.run(
            """UPDATE feed_item SET digest = :digest, at = :at, article_id = :article, version = :version,
                   is_told = :told
               WHERE item = :item AND feed = :feed""",
            params,
        )
        if changed:
            return
        await self.run(
            """INSERT INTO feed_item (item, feed, digest, at, article_id, version, is_told)
               VALUES (:item, :feed, :digest, :at, :article, :version, :told)""",
            params,
        )
        await self.run(
            "UPDATE feed SET seen = seen + 1, drafted = drafted + :drafted WHERE key = :key",
            {"key": known.feed, "drafted": int(known.brought.article is not None)},
        )

    async def drafts_from_feeds(self, since: datetime) -> list[int]:
        """Return the articles that feeds drafted since then and that are drafts still, the earliest first."""
        rows = await self.all(
            """SELECT a.id FROM article AS a
               WHERE a.state IN ('counting', 'queued', 'held', 'submitted', 'draft') AND a.state = 'draft'
                   AND a.created_at >= :since
                   AND EXISTS (SELECT 1 FROM feed_item AS f WHERE f.article_id = a.id)
               ORDER BY a.id""",
            {"since": to_ms(since)},
        )
        return [row["id"] for row in rows]

    async def forget_items(self, now: datetime) -> None:
        """Forget the items that no feed has held for long."""
        await self.run("DELETE FROM feed_item WHERE at < :before", {"before": to_ms(now - REMEMBERED)})


def _state(row: Row) -> FeedState:
    looked = Looked(
        next_at=to_time(row["next_at"]),
        marks={str(name): str(value) for name, value in json.loads(row["marks"]).items()},
        failures=row["failures"],
        reason=row["reason"],
        good_at=to_time(row["good_at"]) if row["good_at"] is not None else None,
        body=row["body"],
    )
    return FeedState(row["key"], row["url"], looked, bool(row["is_stopped"]), row["seen"], row["drafted"])


def _known(row: Row) -> Known:
    brought = Brought(row["article_id"], row["version"], bool(row["is_told"]))
    return Known(row["item"], row["feed"], row["digest"], to_time(row["at"]), brought)
