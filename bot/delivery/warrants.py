"""Warrants: whether more of an article may leave, asked again whenever the log of acts has grown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.audit import Head
from bot.storage import Queries

#: The question for the newsroom; if it says no, it has stopped what is on its way.
Look = Callable[[Queries, int], Awaitable[bool]]
#: Articles of which the last answer is kept.
KEPT = 64


class Warrants:
    def __init__(self) -> None:
        #: None: nobody is asked.
        self.look: Look | None = None
        self._heads: dict[int, Head] = {}

    async def holds(self, tx: Queries, article: int) -> bool:
        """Return True if more of the article may leave.

        Whatever takes somebody's word back is an act, so that while the log stands still nothing is read.
        """
        if self.look is None or (tx.audit_end is not None and self._heads.get(article) == tx.audit_end):
            return True
        if not await self.look(tx, article):
            return False
        while len(self._heads) >= KEPT:
            self._heads.pop(next(iter(self._heads)))
        if tx.audit_end is not None:
            self._heads[article] = tx.audit_end
        return True
