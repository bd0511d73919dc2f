"""Insight: why readers have no copy, and sending it once more to those who have none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from itertools import groupby

from bot.domain import Address
from bot.domain.ledger import Dispatch, Outcome, Page, Position, Reason, pack_states, unpack_states
from bot.errors import Refused
from bot.storage.convert import each_of, to_address, to_ms
from bot.storage.dispatches import DispatchQueries, to_dispatch


class InsightQueries(DispatchQueries):
    async def reasons(self, dispatch_id: int) -> list[Reason]:
        """Return why readers of a dispatch have no copy, with the number of each reason, the commonest first."""
        rows = await self.all(
            """SELECT kind, reason, count(*) AS count FROM exception WHERE dispatch_id = :id
               GROUP BY kind, reason ORDER BY count DESC, kind, reason""",
            {"id": dispatch_id},
        )
        return [Reason(Outcome(row["kind"]), row["reason"], row["count"]) for row in rows]

    async def running_readers(self) -> list[Dispatch]:
        """Return the posts that are on their way to readers, in the order of sending."""
        rows = await self.all(
            """SELECT * FROM dispatch WHERE channel IS NULL AND state = 'running' AND kind = 'post'
               AND state IN ('ready', 'sending', 'running') ORDER BY urgent DESC, id"""
        )
        return [to_dispatch(row) for row in rows]

    async def progress_messages(self) -> dict[tuple[int, Address], int]:
        """Return the messages that show progress, by article and chat; 0 if it was told and can't be edited."""
        rows = await self.all("SELECT article_id, chat, message_id FROM progress")
        return {(row["article_id"], to_address(row["chat"])): row["message_id"] for row in rows}

    async def keep_progress(self, article_id: int, chat: Address, message_id: int) -> None:
        await self.run(
            """INSERT INTO progress (article_id, chat, message_id) VALUES (:article, :chat, :message)
               ON CONFLICT (article_id, chat) DO UPDATE SET message_id = excluded.message_id""",
            {"article": article_id, "chat": str(chat), "message": message_id},
        )

    async def end_progress(self, article_id: int, chat: Address) -> None:
        await self.run(
            "DELETE FROM progress WHERE article_id = :article AND chat = :chat",
            {"article": article_id, "chat": str(chat)},
        )

    async def reopen(self, dispatch: Dispatch, outcomes: Collection[Outcome], now: datetime) -> int:
        """Send again, in the same dispatch, to the readers with one of `outcomes`; return their number.

        Everybody else keeps their state, and the sum stays the audience. The caller sets the dispatch running.
        Refuses while one of their pages is under way.
        """
        chosen, kinds = each_of("kind", outcomes)
        rows = await self.all(
            f"""DELETE FROM exception WHERE dispatch_id = :id AND kind IN ({chosen}) RETURNING subscriber""",  # noqa: S608 - names of parameters
            {"id": dispatch.id, **kinds},
        )
        numbers = sorted(row["subscriber"] for row in rows)
        size = await self.page_size(dispatch.id) if numbers else 1
        for number, readers in groupby(numbers, lambda reader: reader // size):
            await self._reopen_page(dispatch.id, number, list(readers), now)
        return len(numbers)

    async def _reopen_page(self, dispatch_id: int, number: int, readers: Collection[int], now: datetime) -> None:
        """Make these positions of a page wait again. The ids of the delivered stay, so they need not be read."""
        key = {"dispatch": dispatch_id, "number": number}
        row = await self.one(
            "SELECT low, members, states FROM page WHERE dispatch_id = :dispatch AND number = :number", key
        )
        assert row is not None
        page = Page(dispatch_id, number, row["low"], row["members"], unpack_states(row["states"]), {})
        if page.count(Position.RESERVED):
            # Whoever carries that page will save it as they know it.
            raise Refused("Some of it is still on its way. Try again in a moment.")
        page = page.reopened(reader - page.low for reader in readers)
        await self.run(
            """UPDATE page SET states = :states, state = 'waiting', not_before = :now
               WHERE dispatch_id = :dispatch AND number = :number""",
            {**key, "states": pack_states(page.states), "now": to_ms(now)},
        )
