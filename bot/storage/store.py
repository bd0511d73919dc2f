"""The store as the rest of the house sees it: questions with names, and writes that are durable when they return."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import structlog

from bot.errors import LogAltered
from bot.storage.adoption import AdoptionQueries
from bot.storage.afterwords import AfterwordQueries
from bot.storage.agenda import AgendaQueries
from bot.storage.attention import AttentionQueries
from bot.storage.audit import AuditQueries
from bot.storage.buttons import ButtonQueries
from bot.storage.changes import ChangeQueries
from bot.storage.corrections import CorrectionQueries
from bot.storage.countdown import CountdownQueries
from bot.storage.dossiers import DossierQueries
from bot.storage.engine import Engine
from bot.storage.events import EventQueries
from bot.storage.feeds import FeedQueries
from bot.storage.findable import FindableQueries
from bot.storage.forgetting import ForgettingQueries
from bot.storage.halt import HaltQueries
from bot.storage.holdings import HoldingQueries
from bot.storage.inbox import InboxQueries
from bot.storage.insight import InsightQueries
from bot.storage.invitations import InvitationQueries
from bot.storage.leader import LeaderQueries
from bot.storage.ledger import LedgerQueries
from bot.storage.lookups import LookupQueries
from bot.storage.notices import NoticeQueries
from bot.storage.people import PeopleQueries
from bot.storage.pictures import PictureQueries
from bot.storage.place import Place
from bot.storage.public_record import RecordQueries
from bot.storage.pulse import PulseQueries
from bot.storage.recorder import Recorder
from bot.storage.renditions import RenditionQueries
from bot.storage.replies import ReplyQueries
from bot.storage.review import ReviewQueries
from bot.storage.rulebook import RulebookQueries
from bot.storage.seal_key import key_of
from bot.storage.seen import SeenQueries
from bot.storage.shown import ShownQueries
from bot.storage.sqlite.database import Database
from bot.storage.story import StoryQueries
from bot.storage.suspects import SuspectQueries
from bot.storage.systems import SystemQueries
from bot.storage.tips import TipQueries
from bot.storage.topics import TopicQueries
from bot.storage.walls import WallQueries

T = TypeVar("T")
log = structlog.get_logger(__name__)


class Queries(
    AdoptionQueries,
    AfterwordQueries,
    AgendaQueries,
    AttentionQueries,
    ButtonQueries,
    ChangeQueries,  # before the ledger, of which it takes over what a page and a post end with
    CorrectionQueries,
    CountdownQueries,
    DossierQueries,
    FeedQueries,
    EventQueries,
    FindableQueries,
    ForgettingQueries,
    HaltQueries,
    HoldingQueries,
    InboxQueries,
    InsightQueries,
    InvitationQueries,
    LeaderQueries,
    LedgerQueries,
    LookupQueries,
    NoticeQueries,
    PeopleQueries,  # before what its acts are told to
    RulebookQueries,
    SuspectQueries,
    SystemQueries,
    AuditQueries,
    PictureQueries,
    PulseQueries,
    RecordQueries,
    RenditionQueries,
    ReplyQueries,
    ReviewQueries,
    SeenQueries,
    ShownQueries,
    StoryQueries,
    TipQueries,
    TopicQueries,
    WallQueries,
):
    """Every query, one method each. On the read side the writing ones fail (`query_only`)."""


class Store:
    def __init__(self, engine: Engine[Queries], recorder: Recorder | None) -> None:
        self._engine = engine
        self._stop: Callable[[Queries, int], Awaitable[None]] = _nothing
        #: None when the disk has no room for it: then a kill leaves more in doubt, and nothing else changes.
        self.recorder = recorder
        #: Questions to what is committed.
        self.read = engine.read
        self.on = engine.on
        self.lead = engine.lead

    def when_altered(self, stop: Callable[[Queries, int], Awaitable[None]]) -> None:
        """Call `stop` if an entry of the audit log is found altered, before anything else is written."""
        self._stop = stop

    @property
    def trouble(self) -> str:
        """Return why nothing can be written, or nothing may leave, right now; empty if it can."""
        return self._engine.trouble or ("the disk is full" if self.is_full else "")

    @property
    def is_full(self) -> bool:
        """The disk was full and has no room yet: only what must be is written, and nothing more is reserved."""
        return self._engine.is_full

    def find_room(self) -> bool:
        """True when the disk has room again."""
        return self._engine.find_room()

    async def scrub(self) -> bool:
        """Overwrite what was deleted, wherever it still stands. False: not all of it yet. Raises `NotStored`."""
        return await self._engine.scrub()

    async def hand_over(self) -> None:
        """Let another process lead; what still comes in is kept for it."""
        await self._engine.hand_over()

    async def close(self) -> None:
        await self._engine.close()
        if self.recorder is not None:
            self.recorder.close()

    async def write(self, work: Callable[[Queries], Awaitable[T]], *, behind: bool = False) -> T:
        """Run `work` in one transaction; see `Engine.write`. Raises `LogAltered`, after the house was halted."""
        try:
            return await self._engine.write(work, behind=behind)
        except LogAltered as altered:
            log.critical("audit_log_altered", entry=altered.entry)
            entry = altered.entry
            await self._engine.write(lambda tx: self._stop(tx, entry))
            raise


async def _nothing(_tx: Queries, _entry: int) -> None:
    """A command of the operator has nobody to tell and nothing to stop."""


async def open_store(where: Place | Path, *, migrate: bool = True, stands_by: bool = False) -> Store:
    """Open the database with its engine, and the flight recorder beside it. Raises `CannotStart` with what to do.

    `stands_by`: while another process works on it, look on, and be ready to take the lead.
    """
    place = Place.of(where)
    engine = await (
        _on_server(place, migrate, stands_by) if place.server else Database.open(place.path, Queries, migrate=migrate)
    )
    return Store(engine, _recorder(place.beside(".flight")))


async def _on_server(place: Place, migrate: bool, stands_by: bool) -> Engine[Queries]:
    # Only whoever has a server pays for its driver.
    from bot.storage.postgres.database import Database as OnServer

    seal_key = await asyncio.to_thread(key_of, place.path)
    return await OnServer.open(place.server, Queries, seal_key, migrate=migrate, stands_by=stands_by)


def _recorder(path: Path) -> Recorder | None:
    try:
        return Recorder.open(path)
    except OSError as error:
        log.warning("no_flight_recorder", reason=error.strerror)
        return None
