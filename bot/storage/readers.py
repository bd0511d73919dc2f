"""Readers: the direct subscribers of each platform."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.domain import Address, Platform
from bot.domain.audience import EVERYBODY, Audience
from bot.domain.entry import Reader, ReaderState
from bot.storage.convert import spaced, to_ms, to_time
from bot.storage.transaction import Transaction

#: Uncertain refusals, on different days, after which a reader is dropped.
STRIKES = 3
#: Above every reader's number.
ALL = 2**62
_DAY = timedelta(days=1)


class ReaderQueries(Transaction):
    async def reader_state(self, chat: Address) -> ReaderState | None:
        state = await self.value(
            "SELECT state FROM subscriber WHERE platform = :platform AND chat = :chat",
            {"platform": chat.platform, "chat": chat.id},
        )
        return ReaderState(state) if state is not None else None

    async def reader(self, chat: Address) -> Reader | None:
        """All that is kept of this reader."""
        row = await self.one(
            """SELECT state, language, since, changed_at, reads FROM subscriber
               WHERE platform = :platform AND chat = :chat""",
            {"platform": chat.platform, "chat": chat.id},
        )
        if row is None:
            return None
        since, changed = to_time(row["since"]), to_time(row["changed_at"])
        return Reader(ReaderState(row["state"]), row["language"], since, changed, row["reads"])

    async def forget_reader(self, chat: Address) -> None:
        """Delete this reader; in the ledger they are a number that leads to nobody."""
        self.signal("reader_left")
        self.signal("forgotten")
        await self.run(
            "DELETE FROM subscriber WHERE platform = :platform AND chat = :chat",
            {"platform": chat.platform, "chat": chat.id},
        )

    async def forget_chat(self, chat: Address) -> None:
        """Delete what was said in the chat of a person who is not of the desk."""
        at = {"platform": chat.platform, "chat": chat.id, "address": str(chat)}
        for statement in (
            "DELETE FROM reply WHERE platform = :platform AND chat = :chat AND started_at IS NULL",
            "DELETE FROM button WHERE chat = :address",
            "DELETE FROM shown WHERE chat = :address",
            "DELETE FROM dialogue WHERE person = :address",
            "DELETE FROM person WHERE address = :address",
            "DELETE FROM guess WHERE chat = :address",
        ):
            await self.run(statement, at)

    async def set_reader(self, chat: Address, state: ReaderState, language: str, now: datetime) -> None:
        """Add a reader or change the state; an empty `language` keeps the known one."""
        if state is not ReaderState.ACTIVE:
            self.signal("reader_left")
        await self.run(
            """INSERT INTO subscriber (platform, chat, language, state, since, changed_at, joined_after)
               VALUES (:platform, :chat, :language, :state, :now, :now,
                   coalesce((SELECT max(id) FROM dispatch), 0))
               ON CONFLICT (platform, chat) DO UPDATE SET
                   state = excluded.state, strikes = 0, struck_at = NULL, changed_at = excluded.changed_at,
                   joined_after = CASE WHEN subscriber.state = 'active' THEN subscriber.joined_after
                       ELSE excluded.joined_after END,
                   language = CASE WHEN excluded.language = '' THEN subscriber.language ELSE excluded.language END""",
            {"platform": chat.platform, "chat": chat.id, "language": language, "state": state, "now": to_ms(now)},
        )

    async def reader_left(self, chat: Address, now: datetime) -> None:
        """Mark a reader as left (blocked or unsubscribed); an unknown one stays unknown, a muted one muted."""
        self.signal("reader_left")
        await self.run(
            """UPDATE subscriber SET state = 'left', changed_at = :now
               WHERE platform = :platform AND chat = :chat AND state = 'active'""",
            {"platform": chat.platform, "chat": chat.id, "now": to_ms(now)},
        )

    async def drop_readers(self, numbers: Sequence[int], now: datetime) -> None:
        """Mark a reader as gone: not sent to again until they come back by themselves."""
        await self.many(
            "UPDATE subscriber SET state = 'gone', changed_at = :now WHERE number = :number AND state = 'active'",
            [{"number": number, "now": to_ms(now)} for number in numbers],
        )

    async def strike_readers(self, numbers: Sequence[int], now: datetime) -> None:
        """Count a reader as perhaps unreachable, once a day; they are gone at the third time."""
        await self.many(
            """UPDATE subscriber SET strikes = strikes + 1, struck_at = :now,
                   changed_at = CASE WHEN strikes + 1 >= :limit THEN CAST(:now AS BIGINT) ELSE changed_at END,
                   state = CASE WHEN strikes + 1 >= :limit THEN 'gone' ELSE state END
               WHERE number = :number AND state = 'active' AND (struck_at IS NULL OR struck_at <= :yesterday)""",
            [
                {"number": number, "now": to_ms(now), "yesterday": to_ms(now - _DAY), "limit": STRIKES}
                for number in numbers
            ],
        )

    async def last_reader(self, platform: Platform) -> int | None:
        """Return the highest number of an active reader; 0 if there is none."""
        number = await self.value(
            "SELECT max(number) FROM subscriber WHERE platform = :platform AND state = 'active'",
            {"platform": platform},
        )
        return int(number) if number is not None else None

    async def first_reader(self, platform: Platform, low: int, high: int) -> int | None:
        """Return the lowest number of an active reader from `low` to `high`; None if there is none."""
        number = await self.value(
            """SELECT min(number) FROM subscriber
               WHERE platform = :platform AND state = 'active' AND number BETWEEN :low AND :high""",
            {"platform": platform, "low": low, "high": high},
        )
        return int(number) if number is not None else None

    async def audience(
        self, platform: Platform, dispatch_id: int, low: int, high: int, whose: Audience = EVERYBODY
    ) -> int:
        """Return who from `low` to `high` is active and was when the dispatch was made: bit i for the number `low` + i.

        The database gathers them, a thirty-second of the rows: the event loop does not stand still for each reader.
        """
        rows = await self.all(
            """SELECT (number - :low) / 32 AS word,
                   sum(CAST(1 AS BIGINT) << CAST((number - :low) % 32 AS INTEGER)) AS bits
               FROM subscriber
               WHERE platform = :platform AND state = 'active' AND number BETWEEN :low AND :high
                 AND joined_after < :dispatch
                 AND (:language = '' OR reads = :language OR reads = 'all' OR (reads = '' AND language = :language)
                      OR (:others <> '' AND :others NOT LIKE '% ' || reads || ' %'))
               GROUP BY word""",
            {
                "platform": platform,
                "dispatch": dispatch_id,
                "low": low,
                "high": high,
                "language": whose.language,
                "others": spaced(whose.others),
            },
        )
        words = [0] * ((high - low) // 32 + 1)
        for word, bits in rows:
            words[word] = int(bits)
        return int.from_bytes(struct.pack(f"<{len(words)}I", *words), "little")

    async def chats(self, low: int, size: int, *, muted: bool = False) -> dict[int, str]:
        """Return the chats of the active readers numbered from `low`; with `muted`, of those too who want silence."""
        rows = await self.all(
            """SELECT number, chat FROM subscriber WHERE number >= :low AND number < :high
                   AND (state = 'active' OR (state = 'muted' AND :muted = 1))""",
            {"low": low, "high": low + size, "muted": int(muted)},
        )
        return {row[0]: row[1] for row in rows}

    async def set_reads(self, chat: Address, reads: str) -> bool:
        """Note which articles a reader wants. False: nobody is known there."""
        changed = await self.run(
            "UPDATE subscriber SET reads = :reads WHERE platform = :platform AND chat = :chat",
            {"platform": chat.platform, "chat": chat.id, "reads": reads},
        )
        return changed > 0

    async def published_in(self, language: str, since: datetime) -> bool:
        """Return True if anything in this language went to its readers since then."""
        sql = "SELECT 1 FROM dispatch WHERE language = :language AND language <> '' AND created_at >= :since LIMIT 1"
        return await self.value(sql, {"language": language, "since": to_ms(since)}) is not None

    async def readers_by_language(self, platform: Platform, low: int, high: int) -> dict[tuple[str, str], int]:
        """The active ones numbered from `low` to before `high`, by what they chose and what their app speaks."""
        rows = await self.all(
            """SELECT reads, language, count(*) AS count FROM subscriber
               WHERE platform = :platform AND state = 'active' AND number >= :low AND number < :high
               GROUP BY reads, language""",
            {"platform": platform, "low": low, "high": high},
        )
        return {(row["reads"], row["language"]): row["count"] for row in rows}

    async def count_readers(self, platform: Platform, low: int = 0, high: int = ALL) -> int:
        """Count the active readers from `low` to before `high`: a million at once would keep others waiting."""
        return int(
            await self.value(
                """SELECT count(*) FROM subscriber
                   WHERE platform = :platform AND state = 'active' AND number >= :low AND number < :high""",
                {"platform": platform, "low": low, "high": high},
            )
        )
