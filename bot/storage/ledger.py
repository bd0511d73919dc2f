"""Dispatches and their pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import Platform
from bot.domain.entry import Entry
from bot.domain.ledger import (
    PAGE_SIZE,
    Dispatch,
    DispatchState,
    Outcome,
    Page,
    Policy,
    Position,
    pack_ids,
    pack_states,
    unpack_ids,
    unpack_states,
)
from bot.storage.convert import to_ms, to_time
from bot.storage.database import Row
from bot.storage.readers import ReaderQueries


@dataclass(frozen=True, slots=True)
class Tally:
    """How a dispatch stands, in readers. `waiting` includes those reserved at this moment."""

    audience: int
    delivered: int = 0
    gone: int = 0
    failed: int = 0
    in_doubt: int = 0

    @property
    def waiting(self) -> int:
        return self.audience - self.delivered - self.gone - self.failed - self.in_doubt


class LedgerQueries(ReaderQueries):
    async def add_channel_dispatch(
        self, entry: Entry, platform: Platform, channel: str, now: datetime, *, silent: bool
    ) -> int:
        return await self._add_dispatch(entry, platform, channel, DispatchState.READY, now, silent=silent, audience=1)

    async def add_audience_dispatch(self, entry: Entry, platform: Platform, now: datetime, *, silent: bool) -> int:
        """Count in everyone who is active now, page by page; returns how many they are."""
        dispatch_id = await self._add_dispatch(entry, platform, None, DispatchState.RUNNING, now, silent=silent)
        size = PAGE_SIZE[platform]
        counted = number = 0
        page_members: list[int] = []
        async for batch in self.audience(platform):
            counted += len(batch)
            for subscriber in batch:
                if page_members and subscriber // size != page_members[0] // size:
                    await self._add_page(dispatch_id, number, size, page_members, now)
                    number += 1
                    page_members = []
                page_members.append(subscriber)
        if page_members:
            await self._add_page(dispatch_id, number, size, page_members, now)
        await self.run(
            "UPDATE dispatch SET audience = :n, state = CASE WHEN :n = 0 THEN 'done' ELSE state END WHERE id = :id",
            {"id": dispatch_id, "n": counted},
        )
        return counted

    async def _add_dispatch(
        self,
        entry: Entry,
        platform: Platform,
        channel: str | None,
        state: DispatchState,
        now: datetime,
        *,
        silent: bool,
        audience: int = 0,
    ) -> int:
        self.signal("dispatch")
        return int(
            await self.value(
                """INSERT INTO dispatch (article_id, version, platform, channel, state, urgent, silent, policy,
                       audience, not_before, created_at, changed_at)
                   VALUES (:article, :version, :platform, :channel, :state, :urgent, :silent, :policy,
                       :audience, :now, :now, :now)
                   RETURNING id""",
                {
                    "article": entry.id,
                    "version": entry.version,
                    "platform": platform,
                    "channel": channel,
                    "state": state,
                    "urgent": int(entry.article.urgent),
                    "silent": int(silent),
                    "policy": Policy.RESEND if entry.article.urgent else Policy.HOLD,
                    "audience": audience,
                    "now": to_ms(now),
                },
            )
        )

    async def _add_page(self, dispatch_id: int, number: int, size: int, members: Sequence[int], now: datetime) -> None:
        page = Page.new(dispatch_id, number, members[0] // size * size, size, members)
        await self.run(
            """INSERT INTO page (dispatch_id, number, low, state, not_before, members, states, ids)
               VALUES (:dispatch, :number, :low, 'waiting', :now, :members, :states, :ids)""",
            {
                "dispatch": dispatch_id,
                "number": number,
                "low": page.low,
                "now": to_ms(now),
                "members": page.members,
                "states": pack_states(page.states),
                "ids": b"",
            },
        )

    async def dispatch(self, dispatch_id: int) -> Dispatch | None:
        row = await self.one("SELECT * FROM dispatch WHERE id = :id", {"id": dispatch_id})
        return _dispatch(row) if row is not None else None

    async def dispatches(self, article_id: int) -> list[Dispatch]:
        rows = await self.all("SELECT * FROM dispatch WHERE article_id = :id ORDER BY id", {"id": article_id})
        return [_dispatch(row) for row in rows]

    async def claim_channels(self, platform: Platform, now: datetime) -> list[Dispatch]:
        """All channels of one instant together: from here on they count as under way."""
        rows = await self.all(
            """UPDATE dispatch SET state = 'sending', attempts = attempts + 1, changed_at = :now
               WHERE id IN (SELECT id FROM leaving WHERE platform = :platform AND channel IS NOT NULL
                            AND state = 'ready' AND not_before <= :now)
               RETURNING *""",
            {"platform": platform, "now": to_ms(now)},
        )
        return sorted((_dispatch(row) for row in rows), key=lambda dispatch: (not dispatch.urgent, dispatch.id))

    async def settle(
        self,
        dispatch_id: int,
        state: DispatchState,
        now: datetime,
        *,
        message_id: int = 0,
        link: str = "",
        reason: str = "",
        not_before: datetime | None = None,
        plain: bool = False,
    ) -> None:
        """What became of a dispatch; `plain` is sticky."""
        await self.run(
            """UPDATE dispatch SET state = :state, message_id = coalesce(:message_id, message_id), link = :link,
                   reason = :reason, not_before = :not_before, plain = max(plain, :plain), changed_at = :now
               WHERE id = :id""",
            {
                "id": dispatch_id,
                "state": state,
                "message_id": message_id or None,
                "link": link,
                "reason": reason,
                "not_before": to_ms(not_before or now),
                "plain": int(plain),
                "now": to_ms(now),
            },
        )
        if state in (DispatchState.READY, DispatchState.RUNNING):
            self.signal("dispatch")

    async def has_ready_channels(self, platform: Platform, now: datetime) -> bool:
        return bool(
            await self.value(
                """SELECT 1 FROM leaving WHERE platform = :platform AND channel IS NOT NULL
                   AND state = 'ready' AND not_before <= :now LIMIT 1""",
                {"platform": platform, "now": to_ms(now)},
            )
        )

    async def next_pages(self, platform: Platform, now: datetime, limit: int) -> list[tuple[int, int]]:
        """Dispatch and number of the pages to send next: urgent dispatches first, then the older."""
        rows = await self.all(
            """SELECT d.id, p.number FROM leaving AS d JOIN page AS p ON p.dispatch_id = d.id
               WHERE d.platform = :platform
                 AND d.channel IS NULL AND d.state = 'running' AND d.not_before <= :now
                 AND p.state = 'waiting' AND p.not_before <= :now
               ORDER BY d.urgent DESC, d.id, p.number LIMIT :limit""",
            {"platform": platform, "now": to_ms(now), "limit": limit},
        )
        return [(row[0], row[1]) for row in rows]

    async def next_attempt(self, platform: Platform) -> datetime | None:
        """When postponed work of a platform may be tried again, soonest."""
        ms = await self.value(
            """SELECT min(at) FROM (
                   SELECT min(not_before) AS at FROM leaving WHERE platform = :platform AND state = 'ready'
                   UNION ALL SELECT min(p.not_before) FROM page AS p JOIN leaving AS d ON d.id = p.dispatch_id
                       WHERE d.platform = :platform AND d.state = 'running' AND p.state = 'waiting') AS instants""",
            {"platform": platform},
        )
        return to_time(ms) if ms is not None else None

    async def page(self, dispatch_id: int, number: int) -> Page:
        row = await self.one(
            """SELECT p.*, d.platform FROM page AS p JOIN dispatch AS d ON d.id = p.dispatch_id
               WHERE p.dispatch_id = :dispatch AND p.number = :number""",
            {"dispatch": dispatch_id, "number": number},
        )
        assert row is not None
        return _page(row)

    async def save_page(self, page: Page, now: datetime, *, not_before: datetime | None = None) -> None:
        """Acknowledges the past and reserves the next in one statement."""
        await self.run(
            """UPDATE page SET states = :states, ids = :ids, not_before = :not_before, state = :state
               WHERE dispatch_id = :dispatch AND number = :number""",
            {
                "dispatch": page.dispatch_id,
                "number": page.number,
                "states": pack_states(page.states),
                "ids": pack_ids(page.ids),
                "not_before": to_ms(not_before or now),
                "state": "done" if page.is_finished else "waiting",
            },
        )

    async def add_exceptions(self, dispatch_id: int, found: Mapping[int, tuple[Outcome, str]], now: datetime) -> None:
        """`found`: subscriber number to what happened and the platform's words."""
        await self.many(
            """INSERT INTO exception (dispatch_id, subscriber, kind, reason, at)
               VALUES (:dispatch, :subscriber, :kind, :reason, :at)
               ON CONFLICT (dispatch_id, subscriber) DO UPDATE SET kind = excluded.kind, reason = excluded.reason""",
            [
                {"dispatch": dispatch_id, "subscriber": number, "kind": kind, "reason": reason, "at": to_ms(now)}
                for number, (kind, reason) in found.items()
            ],
        )

    async def finish_if_done(self, dispatch_id: int, now: datetime) -> bool:
        """Close an audience's dispatch when its last page is done."""
        changed = await self.run(
            """UPDATE dispatch SET state = 'done', changed_at = :now WHERE id = :id AND state = 'running'
               AND NOT EXISTS (SELECT 1 FROM page WHERE dispatch_id = :id AND state = 'waiting')""",
            {"id": dispatch_id, "now": to_ms(now)},
        )
        return changed > 0

    async def is_running(self, dispatch_id: int) -> bool:
        """May more of its readers be reserved."""
        sql = "SELECT 1 FROM leaving WHERE id = :id AND state = 'running'"
        return await self.value(sql, {"id": dispatch_id}) is not None

    async def stop_readers(self, dispatch_id: int, reason: str, now: datetime) -> bool:
        """Nothing more leaves for these readers. False when it was not running any more."""
        changed = await self.run(
            """UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
               WHERE id = :id AND state = 'running'""",
            {"id": dispatch_id, "reason": reason, "now": to_ms(now)},
        )
        return changed > 0

    async def go_plain(self, dispatch_id: int) -> None:
        """From now on the plainer form goes out."""
        await self.run("UPDATE dispatch SET plain = 1 WHERE id = :id", {"id": dispatch_id})
        self.signal("dispatch")

    async def interrupted_pages(self) -> list[Page]:
        """Pages on which an earlier run may have left reservations."""
        rows = await self.all(
            """SELECT p.*, d.platform FROM page AS p JOIN dispatch AS d ON d.id = p.dispatch_id
               WHERE p.state = 'waiting' AND p.states <> zeroblob(length(p.states))"""
        )
        return [page for page in map(_page, rows) if page.positions(Position.RESERVED)]

    async def interrupted_channels(self) -> list[Dispatch]:
        """Channel posts that were under way when an earlier run ended."""
        rows = await self.all("SELECT * FROM dispatch WHERE channel IS NOT NULL AND state = 'sending' ORDER BY id")
        return [_dispatch(row) for row in rows]

    async def open_dispatches(self, article_id: int) -> int:
        """How many of an article's dispatches are still under way."""
        return int(
            await self.value(
                """SELECT count(*) FROM dispatch WHERE article_id = :id
                   AND state IN ('ready', 'sending', 'running')""",
                {"id": article_id},
            )
        )

    async def doubts(self) -> list[Dispatch]:
        """Channel posts of which nobody knows whether they appeared."""
        rows = await self.all("SELECT * FROM dispatch WHERE state = 'in_doubt' ORDER BY id")
        return [_dispatch(row) for row in rows]

    async def tally(self, dispatch: Dispatch) -> Tally:
        kinds = {
            row[0]: row[1]
            for row in await self.all(
                "SELECT kind, count(*) FROM exception WHERE dispatch_id = :id GROUP BY kind", {"id": dispatch.id}
            )
        }
        delivered = 0
        for row in await self.all("SELECT states FROM page WHERE dispatch_id = :id", {"id": dispatch.id}):
            delivered += _DELIVERED.count_in(row[0])
        return Tally(
            dispatch.audience, delivered, kinds.get("gone", 0), kinds.get("failed", 0), kinds.get("in_doubt", 0)
        )


class _Delivered:
    """Counts the delivered positions of packed states without unpacking them."""

    def __init__(self) -> None:
        self._per_byte = bytes(sum(byte >> shift & 3 == 2 for shift in (0, 2, 4, 6)) for byte in range(256))

    def count_in(self, packed: bytes) -> int:
        return sum(packed.translate(self._per_byte))


_DELIVERED = _Delivered()


def _dispatch(row: Row) -> Dispatch:
    return Dispatch(
        id=row["id"],
        article_id=row["article_id"],
        version=row["version"],
        platform=Platform(row["platform"]),
        channel=row["channel"],
        state=DispatchState(row["state"]),
        urgent=bool(row["urgent"]),
        silent=bool(row["silent"]),
        plain=bool(row["plain"]),
        policy=Policy(row["policy"]),
        audience=row["audience"],
        message_id=row["message_id"] or 0,
        link=row["link"] or "",
        reason=row["reason"] or "",
        attempts=row["attempts"],
        not_before=to_time(row["not_before"]),
    )


def _page(row: Row) -> Page:
    states = unpack_states(row["states"], PAGE_SIZE[Platform(row["platform"])])
    delivered = [position for position, state in enumerate(states) if state == Position.DELIVERED]
    ids = unpack_ids(row["ids"], delivered)
    return Page(row["dispatch_id"], row["number"], row["low"], row["members"], states, ids)
