"""The public record's rows: entries one after the other, the tree over them, and the texts that they are bound to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.record.entries import Entry
from bot.record.merkle import WIDTH, leaf, root_of
from bot.record.shelf import Kept, Noted, RecordHead
from bot.storage.transaction import Transaction


class RecordQueries(Transaction):
    async def record_head(self) -> RecordHead:
        row = await self.one("SELECT size, at, published, since FROM record_head")
        assert row is not None
        return RecordHead(row["size"], row["at"], row["published"], row["since"])

    async def put_on_record(self, entry: Entry) -> int | None:
        """Append an entry in the caller's transaction and return its index; None if it has to wait.

        Its instant is never before the last one's, whatever the clock says.
        """
        end = await self.one(
            """UPDATE record_head SET size = size + 1, at = CASE WHEN at < :at THEN :at ELSE at END
               WHERE published = 0 RETURNING size, at""",
            {"at": entry.at},
        )
        if end is None:
            await self.run("INSERT INTO record_waiting (body) VALUES (:body)", {"body": entry.body.decode()})
            return None
        position: int = end["size"] - 1
        await self._append(position, replace(entry, at=end["at"]))
        return position

    async def _append(self, position: int, entry: Entry) -> None:
        body = entry.body
        await self.run(
            """INSERT INTO record_entry (position, article_id, version, body)
               VALUES (:position, :article, :version, :body)""",
            {"position": position, "article": entry.article, "version": entry.version, "body": body.decode()},
        )
        await self._add_hash(0, position, leaf(body))

    async def _add_hash(self, level: int, position: int, digest: bytes) -> None:
        await self.run(
            "INSERT INTO record_hash (level, position, hash) VALUES (:level, :position, :hash)",
            {"level": level, "position": position, "hash": digest},
        )
        if (position + 1) % WIDTH == 0:
            tile = await self.record_hashes(level, position // WIDTH)
            await self._add_hash(level + 1, position // WIDTH, root_of(tile))

    async def record_hashes(self, level: int, number: int) -> list[bytes]:
        """Return the hashes that a tile has today."""
        rows = await self.all(
            """SELECT hash FROM record_hash WHERE level = :level AND position >= :first AND position < :end
               ORDER BY position""",
            {"level": level, "first": number * WIDTH, "end": (number + 1) * WIDTH},
        )
        return [row["hash"] for row in rows]

    async def record_bodies(self, first: int, end: int) -> list[bytes]:
        """Return the entries from `first` on and before `end`."""
        rows = await self.all(
            "SELECT body FROM record_entry WHERE position >= :first AND position < :end ORDER BY position",
            {"first": first, "end": end},
        )
        return [row["body"].encode() for row in rows]

    async def recorded(self, article_id: int) -> list[tuple[int, Entry]]:
        """Return the entries of an article with their indexes, oldest first."""
        rows = await self.all(
            "SELECT position, body FROM record_entry WHERE article_id = :id ORDER BY position", {"id": article_id}
        )
        return [(row["position"], Entry.parse(row["body"].encode())) for row in rows]

    async def waiting_for_record(self) -> list[Entry]:
        """Return the entries that wait, in their order."""
        rows = await self.all("SELECT body FROM record_waiting ORDER BY id")
        return [Entry.parse(row["body"].encode()) for row in rows]

    # The texts

    async def keep_document(self, article_id: int, version: int, kept: Kept, sentences: Iterable[str]) -> None:
        """Keep the text that an entry is bound to. `sentences`: the hashes by which it is found."""
        of = {"article": article_id, "version": version}
        await self.run(
            """INSERT INTO record_document (article_id, version, salt, body)
               VALUES (:article, :version, :salt, :body)""",
            {**of, "salt": kept.salt, "body": kept.body.decode()},
        )
        await self.many(
            """INSERT INTO record_sentence (hash, article_id, version) VALUES (:hash, :article, :version)
               ON CONFLICT (hash, article_id, version) DO NOTHING""",
            [{**of, "hash": each} for each in sentences],
        )

    async def kept_document(self, article_id: int, version: int) -> Kept | None:
        row = await self.one(
            "SELECT salt, body FROM record_document WHERE article_id = :article AND version = :version",
            {"article": article_id, "version": version},
        )
        return Kept(row["salt"], row["body"].encode()) if row is not None else None

    async def sentences_from(self, first: str, end: str) -> list[tuple[str, int, int]]:
        """Return hashes from `first` on and before `end`, each with its article and version."""
        rows = await self.all(
            """SELECT hash, article_id, version FROM record_sentence WHERE hash >= :first AND hash < :end
               ORDER BY hash, article_id, version""",
            {"first": first, "end": end},
        )
        return [(row["hash"], row["article_id"], row["version"]) for row in rows]

    async def drop_documents(self, article_id: int) -> int:
        """Delete every text and salt of an article, and what readers' questions are compared with; its entries stay and
        tell nothing then. Return how many texts it had.
        """
        await self.run("DELETE FROM rendition WHERE article_id = :id", {"id": article_id})
        await self.run("DELETE FROM picture_out WHERE article_id = :id", {"id": article_id})
        await self.run("DELETE FROM record_sentence WHERE article_id = :id", {"id": article_id})
        return await self.run("DELETE FROM record_document WHERE article_id = :id", {"id": article_id})

    # Never a fork

    async def set_published(self, size: int) -> None:
        """Let new entries wait because `size` were published and some of those are missing here; 0 ends the wait."""
        await self.run("UPDATE record_head SET published = :size", {"size": size})

    async def take_back(self, position: int, body: bytes) -> None:
        """Put an entry that was published in its place at the end of the record. Raises `ValueError`."""
        entry = Entry.parse(body)
        await self.run("UPDATE record_head SET size = :size, at = :at", {"size": position + 1, "at": entry.at})
        await self._append(position, entry)

    async def end_waiting(self) -> int:
        """Append the entries that waited, now that none is missing before them; return their number."""
        await self.set_published(0)
        waiting = await self.waiting_for_record()
        await self.run("DELETE FROM record_waiting")
        for entry in waiting:
            await self.put_on_record(entry)
        return len(waiting)

    async def noted_publications(self, since: int) -> list[Noted]:
        """Return the publications that the audit log has after its entry `since`."""
        rows = await self.all(
            "SELECT subject, detail FROM audit WHERE id > :since AND act = 'article.published' ORDER BY id",
            {"since": since},
        )
        return [_noted(int(row["subject"].removeprefix("article:")), json.loads(row["detail"])) for row in rows]


def _noted(article: int, detail: Mapping[str, Any]) -> Noted:
    return Noted(article, detail.get("version"), detail.get("recorded"))
