"""The store as the rest of the house sees it: questions with names, and writes that are durable when they return."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import structlog

from bot.storage.articles import ArticleQueries
from bot.storage.audit import AuditQueries
from bot.storage.database import Database
from bot.storage.desk import DeskQueries
from bot.storage.halt import HaltQueries
from bot.storage.ledger import LedgerQueries
from bot.storage.recorder import Recorder
from bot.storage.review import ReviewQueries

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Queries(ArticleQueries, LedgerQueries, DeskQueries, HaltQueries, ReviewQueries, AuditQueries):
    """Every query, one method each. On the read side the writing ones fail (`query_only`)."""


class Store:
    def __init__(self, database: Database[Queries], recorder: Recorder | None) -> None:
        self._database = database
        #: None when the disk has no room for it: then a kill leaves more in doubt, and nothing else changes.
        self.recorder = recorder
        #: For looking only: sees what was committed.
        self.read = database.read
        self.on = database.on

    async def close(self) -> None:
        await self._database.close()
        if self.recorder is not None:
            self.recorder.close()

    async def write(self, work: Callable[[Queries], Awaitable[T]]) -> T:
        """Run `work` in one transaction; see `Database.write`."""
        return await self._database.write(work)


async def open_store(path: Path, *, migrate: bool = True) -> Store:
    """Raises `CannotStart` with what to do."""
    database = await Database.open(path, Queries, migrate=migrate)
    return Store(database, _recorder(path.with_name(path.name + ".flight")))


def _recorder(path: Path) -> Recorder | None:
    try:
        return Recorder.open(path)
    except OSError as error:
        log.warning("no_flight_recorder", reason=error.strerror)
        return None
