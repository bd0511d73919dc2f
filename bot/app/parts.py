"""The parts of a running house."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from bot.adapters.base import Messenger
from bot.app.backlog import Backlog
from bot.app.backups import Backups
from bot.app.lines import Line
from bot.app.watchman import Watchman
from bot.commands import Commands, Telling
from bot.delivery import Delivery, ProgressBoard
from bot.domain import Platform
from bot.ingest.feeds import Feeds
from bot.ingest.lookups import Lookups
from bot.newsroom.newsroom import Newsroom
from bot.newsroom.rulebook import Unanswered
from bot.newsroom.team import Team
from bot.readers.erasure import Eraser
from bot.scheduler import Scheduler
from bot.storage import Store
from bot.web import Doors, Events, Gallery, Health, Inbox, Menus
from bot.worker import Part, Worker

Clock = Callable[[], datetime]
Messengers = dict[Platform, Messenger]


@dataclass(frozen=True, slots=True)
class Reception:
    """The parts that hear the platforms."""

    gallery: Gallery
    lookups: Lookups
    feeds: Feeds
    inbox: Inbox
    doors: Doors
    health: Health
    menus: Menus
    lines: Sequence[Line]
    backlog: Backlog
    events: Events


@dataclass(frozen=True, slots=True)
class Upkeep:
    """The parts that look after the store, whoever speaks."""

    eraser: Eraser
    backups: Backups


@dataclass(frozen=True, slots=True)
class RulesInForce:
    """The change that waits for the owners' yes, and the event of that yes: then the house is to be started again."""

    unanswered: Unanswered = field(default_factory=Unanswered)
    are_accepted: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class App:
    """The parts of a running house. `url` is the address of its doors once they are open."""

    store: Store
    messengers: Messengers
    newsroom: Newsroom
    team: Team
    commands: Commands
    telling: Telling
    delivery: Delivery
    board: ProgressBoard
    counting: Worker
    scheduler: Scheduler
    reception: Reception
    upkeep: Upkeep
    rules: RulesInForce
    url: str = ""

    def watchman(self) -> Watchman:
        """Return the watchman, who tells the owners when something is not done."""
        show = partial(self.delivery.show, is_answer=True)
        return Watchman(self.store, self.workers, self.telling, show)

    def workers(self) -> list[Worker]:
        """Return all that must go on for the house to do its work."""
        parts: Sequence[Part] = (
            self.board,
            self.reception.menus,
            self.reception.lookups,
            self.reception.feeds,
            self.reception.events,
            *self.reception.lines,
        )
        own = [self.counting, *(part.worker for part in parts)]
        return [*self.reception.inbox.workers, *self.scheduler.workers, *self.delivery.workers, *own]

    def look(self) -> None:
        """Look for what is due, because the clock was moved."""
        self.reception.inbox.look()
        self.reception.feeds.worker.wake()
        self.scheduler.wake()
        self.delivery.wake()
        self.board.wake()
        self.reception.events.worker.wake()
        self.upkeep.backups.wake()
