"""Why readers have no copy, and what is missing going out once more."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.domain.ledger import PAGE_SIZE, Dispatch, Outcome, Page, pack_states, unpack_states
from bot.storage.convert import to_ms
from bot.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Reason:
    """So many readers of a dispatch have no copy for the same cause; `words` are the platform's."""

    outcome: Outcome
    words: str
    count: int


class InsightQueries(Transaction):
    async def reasons(self, dispatch_id: int) -> list[Reason]:
        """The commonest first."""
        rows = await self.all(
            """SELECT kind, reason, count(*) AS count FROM exception WHERE dispatch_id = :id
               GROUP BY kind, reason ORDER BY count DESC, kind, reason""",
            {"id": dispatch_id},
        )
        return [Reason(Outcome(row["kind"]), row["reason"], row["count"]) for row in rows]

    async def reopen(self, dispatch: Dispatch, outcomes: Collection[Outcome], now: datetime) -> int:
        """Those of `outcomes` are to be sent to again, in the same dispatch; returns how many.

        Everybody else keeps their state, and the sum stays the audience. The caller sets the dispatch running.
        """
        kinds = {f"kind{number}": str(outcome) for number, outcome in enumerate(outcomes)}
        chosen = ", ".join(f":{name}" for name in kinds)
        rows = await self.all(
            f"""DELETE FROM exception WHERE dispatch_id = :id AND kind IN ({chosen}) RETURNING subscriber""",  # noqa: S608 - names of parameters
            {"id": dispatch.id, **kinds},
        )
        size = PAGE_SIZE[dispatch.platform]
        numbers = sorted(row["subscriber"] for row in rows)
        for number, readers in groupby(numbers, lambda reader: reader // size):
            await self._reopen_page(dispatch.id, number, size, list(readers), now)
        return len(numbers)

    async def _reopen_page(
        self, dispatch_id: int, number: int, size: int, readers: Collection[int], now: datetime
    ) -> None:
        """The ids of the delivered stay as they are, so they need not be read."""
        key = {"dispatch": dispatch_id, "number": number}
        row = await self.one(
            "SELECT low, members, states FROM page WHERE dispatch_id = :dispatch AND number = :number", key
        )
        assert row is not None
        page = Page(dispatch_id, number, row["low"], row["members"], unpack_states(row["states"], size), {})
        page = page.reopened(reader - page.low for reader in readers)
        await self.run(
            """UPDATE page SET states = :states, state = 'waiting', not_before = :now
               WHERE dispatch_id = :dispatch AND number = :number""",
            {**key, "states": pack_states(page.states), "now": to_ms(now)},
        )
