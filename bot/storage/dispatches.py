"""Dispatches: one version on its way to one channel or to a platform's readers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.domain import Platform
from bot.domain.audience import Audience
from bot.domain.entry import Entry
from bot.domain.ledger import Dispatch, DispatchKind, DispatchState, Missing, Policy
from bot.storage.convert import spaced, to_ms, to_time
from bot.storage.transaction import Row, Transaction

#: Destination of a dispatch: a platform and the key of its channel; None: its readers.
Target = tuple[Platform, str | None]

#: A channel's posts go out one after the other, in order: so a crash leaves no more than one of them in doubt.
_FIRST_OF_CHANNEL = """
    SELECT d.id FROM leaving AS d
    WHERE d.platform = :platform AND d.channel IS NOT NULL AND d.state = 'ready' AND d.not_before <= :now
        AND d.state IN ('ready', 'sending', 'running')
        AND NOT EXISTS (
            SELECT 1 FROM dispatch AS other
            WHERE other.platform = d.platform AND other.channel = d.channel
                AND other.state IN ('ready', 'sending', 'running')
                AND (other.state = 'sending' OR (other.state = 'ready'
                    -- What is pinned for hours keeps nobody waiting.
                    AND (other.kind <> 'unpin' OR other.not_before <= :now) AND (
                    other.urgent > d.urgent OR (other.urgent = d.urgent AND other.id < d.id))
                    AND EXISTS (SELECT 1 FROM leaving WHERE leaving.id = other.id))))
"""


class DispatchQueries(Transaction):
    async def insert_dispatches(
        self,
        entry: Entry,
        targets: Mapping[Target, int],
        now: datetime,
        *,
        silent: bool,
        whose: Audience,
        pins: Collection[Platform],
    ) -> None:
        """Make a dispatch: a post is ready, readers are still to be counted. `pins`: where posts can be pinned."""
        self.signal("dispatch")
        await self.many(
            """INSERT INTO dispatch (article_id, version, platform, channel, state, urgent, silent, paid, policy,
                   audience, counting_from, not_before, created_at, changed_at, language, others, page_size, pin)
               VALUES (:article, :version, :platform, :channel, :state, :urgent, :silent, :paid, :policy,
                   :audience, :counting_from, :now, :now, :now, :language, :others, :page_size, :pin)""",
            [
                {
                    "article": entry.id,
                    "version": entry.version,
                    "platform": platform,
                    "channel": channel,
                    "state": DispatchState.READY if channel is not None else DispatchState.RUNNING,
                    "urgent": int(entry.article.urgent),
                    "silent": int(silent),
                    "paid": int(entry.paid and channel is None),
                    "policy": Policy.RESEND if entry.article.urgent else Policy.HOLD,
                    "audience": int(channel is not None),
                    "counting_from": None if channel is not None else 0,
                    "now": to_ms(now),
                    "language": whose.language if channel is None else "",
                    "others": spaced(whose.others) if channel is None else "",
                    "page_size": size or None,
                    "pin": entry.article.pin if channel is not None and platform in pins else 0,
                }
                for (platform, channel), size in targets.items()
            ],
        )

    async def dispatch(self, dispatch_id: int) -> Dispatch | None:
        row = await self.one("SELECT * FROM dispatch WHERE id = :id", {"id": dispatch_id})
        return to_dispatch(row) if row is not None else None

    async def dispatches(self, article_id: int) -> list[Dispatch]:
        """Return the posts of an article, not the changes of them."""
        rows = await self.all(
            "SELECT * FROM dispatch WHERE article_id = :id AND kind = 'post' ORDER BY id", {"id": article_id}
        )
        return [to_dispatch(row) for row in rows]

    async def page_size(self, dispatch_id: int) -> int:
        """Return how many positions each page of this dispatch has; it has one already."""
        # Four positions a byte; what an older Visnyk made has a page already.
        sql = """SELECT coalesce(page_size, (SELECT length(states) * 4 FROM page WHERE dispatch_id = :id LIMIT 1))
                 FROM dispatch WHERE id = :id"""
        return int(await self.value(sql, {"id": dispatch_id}))

    async def claim_channels(self, platform: Platform, now: datetime, *, recorded: bool) -> list[Dispatch]:
        """Claim the first post that is due of every channel, all together: from here on they count as under way.

        `recorded`: the flight recorder will say which of them were requested.
        """
        rows = await self.all(
            "UPDATE dispatch SET state = 'sending', attempts = attempts + 1, changed_at = :now, "  # noqa: S608 - ours
            + f"recorded = :recorded WHERE id IN ({_FIRST_OF_CHANNEL}) RETURNING *",
            {"platform": platform, "now": to_ms(now), "recorded": int(recorded)},
        )
        return sorted((to_dispatch(row) for row in rows), key=lambda dispatch: (not dispatch.urgent, dispatch.id))

    async def hand_back_post(self, dispatch_id: int) -> None:
        """Undo the claim of a post that was never requested. When it was looked after last stays as it was."""
        await self.run(
            "UPDATE dispatch SET state = 'ready', attempts = attempts - 1 WHERE id = :id AND state = 'sending'",
            {"id": dispatch_id},
        )
        self.signal("dispatch")

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
    ) -> None:
        """Record the outcome of a dispatch."""
        await self.run(
            """UPDATE dispatch SET state = :state, message_id = coalesce(:message_id, message_id), link = :link,
                   reason = :reason, not_before = :not_before, changed_at = :now, ids_gone = 0
               WHERE id = :id""",
            {
                "id": dispatch_id,
                "state": state,
                "message_id": message_id or None,
                "link": link,
                "reason": reason,
                "not_before": to_ms(not_before or now),
                "now": to_ms(now),
            },
        )
        if state in (DispatchState.READY, DispatchState.RUNNING):
            self.signal("dispatch")

    async def has_ready_channels(self, platform: Platform, now: datetime) -> bool:
        sql = f"{_FIRST_OF_CHANNEL} LIMIT 1"
        return bool(await self.value(sql, {"platform": platform, "now": to_ms(now)}))

    async def next_attempt(self, platform: Platform, now: datetime) -> datetime | None:
        """Return when postponed work of a platform may be tried again, soonest; what is due at `now` is not meant."""
        ms = await self.value(
            """SELECT min(at) FROM (
                   SELECT min(not_before) AS at FROM leaving
                       WHERE platform = :platform AND state = 'ready' AND state IN ('ready', 'sending', 'running')
                           AND not_before > :now
                   UNION ALL SELECT (SELECT min(p.not_before) FROM page AS p
                                     WHERE p.dispatch_id = d.id AND p.state = 'waiting' AND p.not_before > :now)
                       FROM leaving AS d WHERE d.platform = :platform AND d.state = 'running'
                           AND d.state IN ('ready', 'sending', 'running')
                   UNION ALL SELECT (SELECT a.expires_at FROM article AS a
                                     WHERE a.id = d.article_id AND a.expires_at > :now)
                       FROM leaving AS d WHERE d.platform = :platform
                           AND d.state IN ('ready', 'sending', 'running')) AS instants""",
            {"platform": platform, "now": to_ms(now)},
        )
        return to_time(ms) if ms is not None else None

    async def expired(self, platform: Platform, now: datetime) -> list[Dispatch]:
        """Return what is on its way to a platform and must not go further, because its article has expired."""
        rows = await self.all(
            """SELECT d.* FROM dispatch AS d JOIN article AS a ON a.id = d.article_id
               WHERE d.platform = :platform AND d.state IN ('ready', 'sending', 'running') AND d.state <> 'sending'
                   AND d.kind = 'post' AND a.expires_at <= :now""",
            {"platform": platform, "now": to_ms(now)},
        )
        return [to_dispatch(row) for row in rows]

    async def finish_if_done(self, dispatch_id: int, now: datetime) -> bool:
        """Close an audience's dispatch when everybody is counted in or handed over, and the last page is done."""
        changed = await self.run(
            """UPDATE dispatch SET state = 'done', changed_at = :now WHERE id = :id AND state = 'running'
               AND counting_from IS NULL
               AND NOT EXISTS (SELECT 1 FROM page WHERE dispatch_id = :id AND state = 'waiting')
               AND NOT EXISTS (SELECT 1 FROM handover WHERE handover.article_id = dispatch.article_id)""",
            {"id": dispatch_id, "now": to_ms(now)},
        )
        return changed > 0

    async def is_running(self, dispatch_id: int) -> bool:
        """Return True if more readers of the dispatch may be reserved."""
        sql = "SELECT 1 FROM leaving WHERE id = :id AND state = 'running'"
        return await self.value(sql, {"id": dispatch_id}) is not None

    async def stop_readers(self, dispatch_id: int, reason: str, now: datetime) -> bool:
        """Stop a dispatch: nothing more leaves for its readers. Return False if it was no longer running."""
        changed = await self.run(
            """UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
               WHERE id = :id AND state = 'running'""",
            {"id": dispatch_id, "reason": reason, "now": to_ms(now)},
        )
        return changed > 0

    async def stop_article(self, article_id: int, reason: str, now: datetime) -> list[int]:
        """Stop what has not left of an article, on every platform at once; return the dispatches.

        Changes of what is out go on.
        """
        rows = await self.all(
            """UPDATE dispatch SET state = 'stopped', reason = :reason, changed_at = :now
               WHERE article_id = :id AND kind = 'post' AND state IN ('ready', 'running') RETURNING id""",
            {"id": article_id, "reason": reason, "now": to_ms(now)},
        )
        self.signal("halt")  # what is with the couriers comes back
        return sorted(row["id"] for row in rows)

    async def ready_articles(self, platform: Platform, now: datetime) -> list[int]:
        """Return the articles whose posts are the first that are due of a channel."""
        rows = await self.all(
            f"SELECT article_id FROM dispatch WHERE kind = 'post' AND id IN ({_FIRST_OF_CHANNEL})",  # noqa: S608 - ours
            {"platform": platform, "now": to_ms(now)},
        )
        return sorted({row["article_id"] for row in rows})

    async def go_poorer(self, dispatch_id: int, missing: Missing, reason: str) -> bool:
        """Send it without what is `missing` from now on. Return False if it did so already."""
        changed = await self.run(
            "UPDATE dispatch SET plain = plain | :missing, poorer = :reason WHERE id = :id AND plain & :missing = 0",
            {"id": dispatch_id, "missing": int(missing), "reason": reason},
        )
        self.signal("dispatch")
        return changed > 0

    async def count_poorer(self, dispatch_id: int, copies: int) -> None:
        """Count readers who got it without its picture, although the others have it whole."""
        await self.run(
            "UPDATE dispatch SET poorer_copies = poorer_copies + :copies WHERE id = :id",
            {"id": dispatch_id, "copies": copies},
        )

    async def interrupted_channels(self) -> list[Dispatch]:
        """Return the channel posts that were under way when an earlier run ended."""
        rows = await self.all(
            """SELECT * FROM dispatch WHERE channel IS NOT NULL AND state = 'sending'
               AND state IN ('ready', 'sending', 'running') ORDER BY +id"""
        )
        return [to_dispatch(row) for row in rows]

    async def open_dispatches(self, article_id: int) -> int:
        """Return the number of an article's posts that are still under way."""
        return int(
            await self.value(
                """SELECT count(*) FROM dispatch WHERE article_id = :id AND kind = 'post'
                   AND state IN ('ready', 'sending', 'running')""",
                {"id": article_id},
            )
        )

    async def doubts(self) -> list[Dispatch]:
        """Return the channel posts of which nobody knows whether they appeared."""
        rows = await self.all("SELECT * FROM dispatch WHERE state = 'in_doubt' ORDER BY id")
        return [to_dispatch(row) for row in rows]


def to_dispatch(row: Row) -> Dispatch:
    return Dispatch(
        id=row["id"],
        article_id=row["article_id"],
        version=row["version"],
        platform=Platform(row["platform"]),
        channel=row["channel"],
        state=DispatchState(row["state"]),
        urgent=bool(row["urgent"]),
        silent=bool(row["silent"]),
        missing=Missing(row["plain"]),
        policy=Policy(row["policy"]),
        audience=row["audience"],
        message_id=row["message_id"] or 0,
        link=row["link"] or "",
        reason=row["reason"] or "",
        attempts=row["attempts"],
        not_before=to_time(row["not_before"]),
        is_counted=row["counting_from"] is None,
        paid=bool(row["paid"]),
        whose=whose(row),
        poorer=row["poorer"],
        poorer_copies=row["poorer_copies"],
        recorded=bool(row["recorded"]),
        kind=DispatchKind(row["kind"]),
        change_id=row["change_id"],
        of=row["of"],
        superseded_by=row["superseded_by"],
        pin=row["pin"],
    )


def whose(row: Row) -> Audience:
    return Audience(row["language"], tuple(row["others"].split()))
