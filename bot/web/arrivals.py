"""Arrivals: what comes from a platform is kept before the platform may forget it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from bot.adapters.base import Messenger
from bot.domain import Address, Incoming, Platform, Pressed, Said
from bot.errors import NotStored
from bot.storage import Queries, Store
from bot.web.beside import Beside, Turns
from bot.web.flood import Flood
from bot.web.haste import Haste
from bot.web.lanes import Lanes
from bot.web.parsing import Parsing
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds between attempts to keep an update, however soon the platform repeats it.
KEEP_EVERY = 1.0
#: Updates held in memory while the store takes nothing.
HELD = 1000


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it came, with the key by which a repeated one is known."""

    key: str
    body: bytes
    incoming: Incoming
    from_desk: bool


@dataclass(frozen=True, slots=True)
class Arrived:
    """Updates that concern us, and the chats whose replies no longer need to wait."""

    platform: Platform
    updates: list[Update] = field(default_factory=list)
    let_go: list[Address] = field(default_factory=list)


class Arrivals:
    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        parsing: Parsing,
        beside: Beside,
        haste: Haste,
        turns: Turns,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._parsing = parsing
        self._beside = beside
        self._turns = turns
        self._now = now
        self._flood = Flood()
        self._haste = haste
        #: Updates that were delivered while the store took nothing.
        self._held: deque[Arrived] = deque(maxlen=HELD)
        self.worker = Worker("keep", self._keep_held)
        self.lanes = Lanes(store)
        self.start, self.stop = self.worker.start, self.worker.cancel

    async def call(self, platform: Platform, body: bytes) -> None:
        """Keep an update that the platform delivered. If it raises `NotStored`, the platform must call again.

        Meanwhile the update is held and tried again here.
        """
        arrived = await self.arrived(platform, [body])
        try:
            await self.keep(arrived)
        except NotStored:
            self._held.append(arrived)
            self.worker.wake()
            raise

    async def arrived(self, platform: Platform, bodies: Sequence[bytes]) -> Arrived:
        """The updates that concern us. Call it once for each body, because it counts what people say."""
        arrived = Arrived(platform)
        for body in bodies:
            incoming = self._parsing.parse(platform, body)
            if incoming is None or await self._is_flood(incoming):
                continue
            if self._turns.heard(incoming.chat):
                arrived.let_go.append(incoming.chat)
            try:
                key = self._messengers[platform].calls.key(body)
            except ValueError:
                log.warning("update_not_understood", platform=platform)
                continue
            from_desk = await self.lanes.is_of_the_desk(incoming.sender.address)
            arrived.updates.append(Update(key, body, incoming, from_desk))
        return arrived

    async def keep(self, arrived: Arrived) -> None:
        """Store updates; once this returns, the platform may forget them. Raises `NotStored`; safe to repeat."""
        platform = arrived.platform

        async def work(tx: Queries) -> None:
            for each in arrived.updates:
                chat = str(each.incoming.chat)
                await tx.receive(platform, each.key, each.body, self._now(), chat=chat, from_desk=each.from_desk)
            for chat_of_reply in arrived.let_go:
                await tx.hasten_replies(chat_of_reply, self._now())

        if not arrived.updates:
            return
        try:
            await self._store.write(work)
        except NotStored:
            for each in arrived.updates:
                self._beside.ask_for_patience(f"{platform} {each.key}", each.incoming)
            raise
        self._beside.writes_again()

    async def _keep_held(self) -> float | None:
        while self._held:
            try:
                await self.keep(self._held[0])
            except NotStored:
                return KEEP_EVERY
            self._held.popleft()
        return None

    async def _is_flood(self, incoming: Incoming) -> bool:
        """True for one message too many. Never for leaving or returning, or if the store can't say; the desk has a pace
        of its own."""
        person = incoming.sender.address
        if not isinstance(incoming.event, Said | Pressed):
            return False
        if await self.lanes.is_of_the_desk(person):
            return self._haste.is_too_much(incoming)
        if not self._flood.is_too_much(person, self._now()):
            return False
        with suppress(NotStored):
            if await self._store.read.person_at(person) is None:
                log.warning("too_much", platform=person.platform)
                return True
        return False
