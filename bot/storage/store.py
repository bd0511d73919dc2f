"""The store as the rest of the house sees it: questions with names, and writes that are durable when they return."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import structlog

from bot.domain.people import Person
from bot.errors import LogAltered, NotStored
from bot.storage.agenda import AgendaQueries
from bot.storage.articles import ArticleQueries
from bot.storage.audit import AuditQueries
from bot.storage.buttons import ButtonQueries
from bot.storage.countdown import CountdownQueries
from bot.storage.halt import HaltQueries
from bot.storage.inbox import InboxQueries
from bot.storage.insight import InsightQueries
from bot.storage.ledger import LedgerQueries
from bot.storage.notices import NoticeQueries
from bot.storage.people import PeopleQueries
from bot.storage.pulse import PulseQueries
from bot.storage.recorder import Recorder
from bot.storage.replies import ReplyQueries
from bot.storage.review import ReviewQueries
from bot.storage.shown import ShownQueries
from bot.storage.sqlite.ballast import Ballast
from bot.storage.sqlite.database import FULL, Database
from bot.storage.sqlite.opening import READER, connect
from bot.storage.topics import TopicQueries

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Queries(
    AgendaQueries,
    ArticleQueries,
    AuditQueries,
    ButtonQueries,
    CountdownQueries,
    HaltQueries,
    InboxQueries,
    InsightQueries,
    LedgerQueries,
    NoticeQueries,
    PeopleQueries,
    PulseQueries,
    ReplyQueries,
    ReviewQueries,
    ShownQueries,
    TopicQueries,
):
    """Every query, one method each. On the read side the writing ones fail (`query_only`)."""


class Store:
    def __init__(self, database: Database[Queries], recorder: Recorder | None, ballast: Ballast) -> None:
        self._database = database
        self._stop: Callable[[Queries, int], Awaitable[None]] = _nothing
        self._ballast = ballast
        database.on(FULL, ballast.drop)
        #: None when the disk has no room for it: then a kill leaves more in doubt, and nothing else changes.
        self.recorder = recorder
        #: For looking only: sees what was committed.
        self.read = database.read
        self.on = database.on

    def when_altered(self, stop: Callable[[Queries, int], Awaitable[None]]) -> None:
        """What is done when the audit log's `entry` is found altered, before anything else is written."""
        self._stop = stop

    @property
    def trouble(self) -> str:
        """Why nothing can be written, or nothing may leave, at this moment; empty: it can."""
        return self._database.trouble or ("the disk is full" if self.is_full else "")

    @property
    def is_full(self) -> bool:
        """The disk was full and has no room yet: only what must be is written, and nothing more is reserved."""
        return self._ballast.is_gone

    def find_room(self) -> bool:
        """True when the disk has room again."""
        return self._ballast.take()

    async def close(self) -> None:
        await self._database.close()
        self._ballast.close()
        if self.recorder is not None:
            self.recorder.close()

    async def write(self, work: Callable[[Queries], Awaitable[T]], *, behind: bool = False) -> T:
        """Run `work` in one transaction; see `Database.write`. Raises `LogAltered`, after the house was halted."""
        try:
            return await self._database.write(work, behind=behind)
        except LogAltered as altered:
            log.critical("audit_log_altered", entry=altered.entry)
            entry = altered.entry
            await self._database.write(lambda tx: self._stop(tx, entry))
            raise


async def _nothing(_tx: Queries, _entry: int) -> None:
    """A command of the operator has nobody to tell and nothing to stop."""


async def open_store(path: Path, *, migrate: bool = True) -> Store:
    """Raises `CannotStart` with what to do."""
    database = await Database.open(path, Queries, migrate=migrate)
    return Store(
        database, _recorder(path.with_name(path.name + ".flight")), Ballast(path.with_name(path.name + ".ballast"))
    )


async def team_in(path: Path) -> list[Person]:
    """The desk as the file has it, also while Visnyk runs on it; nobody where there is no such file yet, or none of
    this version.
    """
    if not await asyncio.to_thread(path.exists):
        return []
    try:
        connection = await connect(path, READER)
        try:
            return await Queries(connection).team()
        finally:
            await connection.close()
    except (sqlite3.Error, NotStored):
        return []


def _recorder(path: Path) -> Recorder | None:
    try:
        return Recorder.open(path)
    except OSError as error:
        log.warning("no_flight_recorder", reason=error.strerror)
        return None
