"""The store as the rest of the house sees it: questions with names, and writes that are durable when they return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from bot.storage.articles import ArticleQueries
from bot.storage.database import Database
from bot.storage.desk import DeskQueries
from bot.storage.halt import HaltQueries
from bot.storage.ledger import LedgerQueries

T = TypeVar("T")


class Queries(ArticleQueries, LedgerQueries, DeskQueries, HaltQueries):
    """Every query, one method each. On the read side the writing ones fail (`query_only`)."""


class Store:
    def __init__(self, database: Database[Queries]) -> None:
        self._database = database
        #: For looking only: sees what was committed.
        self.read = database.read
        self.on = database.on
        self.close = database.close

    async def write(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        """Run `work` in one transaction; see `Database.write`."""
        return await self._database.write(work)


async def open_store(path: Path, *, migrate: bool = True) -> Store:
    """Raises `CannotStart` with what to do."""
    return Store(await Database.open(path, Queries, migrate=migrate))
