"""The inbox: each update is kept, then acknowledged, then handled, once."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import structlog

from bot.adapters.base import Messenger, Receipt
from bot.commands import Answer, Commands
from bot.domain import Address, Incoming, Platform, Pressed, Said, Screen
from bot.domain.entry import Waiting
from bot.domain.news import PlatformDown, PlatformMisconfigured
from bot.errors import LogAltered, Misconfigured, NotStored, SendError, Wait
from bot.storage import Queries, Store
from bot.web.flood import Flood
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Rows taken at once. Rows of different chats are handled side by side and share commits.
BATCH = 100
#: Attempts to handle a row whose handler breaks.
TRIES = 3
#: Failed polls in a row before the desk is told.
POLL_FAILURES = 5
#: Seconds between attempts to keep an update, however soon the platform repeats it.
KEEP_EVERY = 1.0
#: Updates held in memory while the store takes nothing.
HELD = 1000
#: Shortest and longest rest after a failed poll, in seconds.
POLL_PAUSE = (1.0, 30.0)


class Turns(Protocol):
    """The turns of outgoing messages; `Delivery` keeps the limits."""

    async def show(self, chat: Address, screen: Screen, *, is_answer: bool) -> Receipt:
        """Show a screen when its turn comes. Raises a `SendError`."""
        ...

    async def calm(self, platform: Platform) -> None:
        """Raise `Wait` while a platform accepts nothing from us at all."""
        ...

    def heard(self, chat: Address) -> bool:
        """Note that a chat wrote to us. True if its replies no longer need to wait."""
        ...


@dataclass(frozen=True, slots=True)
class Update:
    """One update as it came, with the key by which a repeated one is known."""

    key: str
    body: bytes
    from_desk: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """Updates that concern us, each with its key, and the chats whose replies no longer need to wait."""

    platform: Platform
    updates: list[Update] = field(default_factory=list)
    let_go: list[Address] = field(default_factory=list)


class Inbox:
    def __init__(
        self,
        store: Store,
        messengers: dict[Platform, Messenger],
        commands: Commands,
        turns: Turns,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._commands = commands
        self._turns = turns
        self._now = now
        self._worker = Worker("inbox", self._step)
        self._poller: Worker | None = None
        self._beside: set[asyncio.Task[object]] = set()
        self._failures = 0
        self._unkept: Arrived | None = None
        #: Updates that were delivered while the store took nothing.
        self._held: deque[Arrived] = deque(maxlen=HELD)
        self._keeper = Worker("keep", self._keep_held)
        #: The addresses of the desk, whose updates are heard before the public's.
        self._desk: frozenset[Address] | None = None
        self._is_desk_old = False
        #: Updates whose senders were told that they must wait.
        self._told: set[str] = set()
        self._flood = Flood()
        #: Loop time of the last answered poll, by platform; for the health page.
        self.polled: dict[Platform, float] = {}
        #: Set once a poll brought nothing: all that was said before is kept.
        self.fetched = asyncio.Event()

    def start(self) -> None:
        self._store.on("inbox", self._worker.wake)
        self._store.on("people", self._people_changed)
        self._worker.start()
        self._keeper.start()

    def polls(self, platform: Platform) -> bool:
        """True if we fetch what is said there, and are not called."""
        return platform in self.polled

    def start_polling(self, platform: Platform) -> None:
        self.polled[platform] = asyncio.get_running_loop().time()
        self._poller = Worker(f"poll-{platform}", partial(self._poll, platform))
        self._poller.start()

    async def stop(self) -> None:
        """Stop at once. An update that was being handled is either committed or waits for the next start."""
        if self._poller is not None:
            await self._poller.cancel()
        await self._keeper.cancel()
        await self._worker.cancel()
        for task in self._beside:
            task.cancel()
        await asyncio.gather(*self._beside, return_exceptions=True)

    async def call(self, platform: Platform, body: bytes) -> None:
        """Keep an update that the platform delivered. If it raises `NotStored`, the platform must call again.

        Meanwhile the update is held and tried again here.
        """
        arrived = await self._arrived(platform, [body])
        try:
            await self._keep(arrived)
        except NotStored:
            self._held.append(arrived)
            self._keeper.wake()
            raise

    def _people_changed(self) -> None:
        self._is_desk_old = True
        self._worker.wake()

    async def _known_desk(self) -> frozenset[Address]:
        if self._desk is None:
            team = await self._store.read.team()
            self._desk = frozenset(address for person in team for address in person.addresses)
        return self._desk

    async def _keep_held(self) -> float | None:
        while self._held:
            try:
                await self._keep(self._held[0])
            except NotStored:
                return KEEP_EVERY
            self._held.popleft()
        return None

    async def _arrived(self, platform: Platform, bodies: Sequence[bytes]) -> Arrived:
        """The updates that concern us. Call it once for each body, because it counts what people say."""
        messenger = self._messengers[platform]
        arrived = Arrived(platform)
        for body in bodies:
            incoming = messenger.calls.parse(body)
            if incoming is None or await self._is_flood(incoming):
                continue
            if self._turns.heard(incoming.chat):
                arrived.let_go.append(incoming.chat)
            try:
                from_desk = incoming.sender.address in await self._known_desk()
                arrived.updates.append(Update(messenger.calls.key(body), body, from_desk=from_desk))
            except ValueError:
                log.warning("update_not_understood", platform=platform)
        return arrived

    async def _keep(self, arrived: Arrived) -> None:
        """Store updates; once this returns, the platform may forget them. Raises `NotStored`; safe to repeat."""

        async def work(tx: Queries) -> None:
            for each in arrived.updates:
                await tx.receive(arrived.platform, each.key, each.body, self._now(), from_desk=each.from_desk)
            for chat in arrived.let_go:
                await tx.hasten_replies(chat, self._now())

        if not arrived.updates:
            return
        try:
            await self._store.write(work)
        except NotStored:
            for each in arrived.updates:
                self._ask_for_patience(arrived.platform, each.key, each.body)
            raise
        self._told.clear()

    def _ask_for_patience(self, platform: Platform, key: str, body: bytes) -> None:
        """Tell a person who waits for an answer why there is none: once for each message, without the store."""
        messenger = self._messengers[platform]
        incoming = messenger.calls.parse(body)
        screen = self._commands.patience(incoming) if incoming is not None else None
        if screen is not None and f"{platform} {key}" not in self._told:
            self._told.add(f"{platform} {key}")
            assert incoming is not None
            self._spawn(self._turns.show(incoming.chat, screen, is_answer=True))

    async def _is_flood(self, incoming: Incoming) -> bool:
        """True for one message too many. Never for the desk, for leaving or returning, or if the store can't say."""
        person = incoming.sender.address
        if not isinstance(incoming.event, Said | Pressed) or not self._flood.is_too_much(person, self._now()):
            return False
        with suppress(NotStored):
            if await self._store.read.person_at(person) is None:
                log.warning("too_much", person=str(person))
                return True
        return False

    async def _step(self) -> float | None:
        while rows := await self._store.read.waiting(BATCH):
            await self._handle_all(rows)
        # Only now, with nothing waiting: otherwise what somebody said first could be heard after what they said next.
        if self._is_desk_old:
            self._is_desk_old, self._desk = False, None
        return None

    async def _handle_all(self, rows: Sequence[Waiting]) -> None:
        chains: dict[str, list[tuple[Waiting, Incoming | None]]] = {}
        for row in rows:
            incoming = self._messengers[Platform(row.platform)].calls.parse(row.body) if self._is_on(row) else None
            chains.setdefault(str(incoming.chat) if incoming else "", []).append((row, incoming))
        ends = await asyncio.gather(*(self._chain(chain) for chain in chains.values()), return_exceptions=True)
        for error in ends:
            if isinstance(error, BaseException):
                raise error

    def _is_on(self, row: Waiting) -> bool:
        return Platform(row.platform) in self._messengers

    async def _chain(self, chain: Sequence[tuple[Waiting, Incoming | None]]) -> None:
        """Handle one chat's updates, in order."""
        for row, incoming in chain:
            await self._handle(row, incoming)

    async def _handle(self, row: Waiting, incoming: Incoming | None) -> None:
        answer = await self._read(incoming) if incoming is not None else None

        async def work(tx: Queries) -> None:
            if not await tx.done(row.id, self._now()) or incoming is None:
                return
            if answer is not None:
                await answer.give(tx)
            else:
                await self._commands.handle(tx, incoming, self._now())

        try:
            await self._store.write(work)
        except NotStored:
            self._ask_for_patience(Platform(row.platform), f"row {row.id}", row.body)
            raise
        except LogAltered:
            await self._store.write(lambda tx: self._refused_by_the_log(tx, row, incoming))
            return
        except Exception as fault:
            # The one broad catch: whatever goes wrong in a handler, the next update must be handled.
            log.exception("handler_broke", platform=row.platform, attempt=row.attempts + 1)
            error = type(fault).__name__
            await self._store.write(lambda tx: self._failed(tx, row, incoming, error))
            return
        if incoming is not None and isinstance(incoming.event, Pressed) and incoming.event.answer_to:
            self._acknowledge(incoming.chat.platform, incoming.event.answer_to)

    async def _read(self, incoming: Incoming) -> Answer | None:
        """What only asks is answered from the reading side, so that a thousand readers keep no editor waiting."""
        try:
            return await self._commands.read(self._store.read, incoming, self._now())
        except Exception:
            # What was read may have changed between two looks: the writer sees all of it at one instant.
            log.warning("read_again_by_the_writer", platform=incoming.chat.platform, exc_info=True)
            return None

    def _acknowledge(self, platform: Platform, answer_to: str) -> None:
        """Stop the waiting sign, beside the work: a slow platform must not hold up the commands of the other."""

        async def acknowledge() -> None:
            await self._turns.calm(platform)
            await self._messengers[platform].acknowledge(answer_to)

        self._spawn(acknowledge())

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._beside.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("not_shown", error=type(error).__name__)

    async def _failed(self, tx: Queries, row: Waiting, incoming: Incoming | None, error: str) -> None:
        given_up = await tx.failed(row.id, error, TRIES, self._now())
        if given_up and incoming is not None:
            await self._commands.apologise(tx, incoming, self._now())

    async def _refused_by_the_log(self, tx: Queries, row: Waiting, incoming: Incoming | None) -> None:
        """Mark the row as done, because another attempt would fail in the same way."""
        if await tx.done(row.id, self._now()) and incoming is not None:
            await self._commands.nothing_recorded(tx, incoming, self._now())

    async def _poll(self, platform: Platform) -> float | None:
        if self._unkept is None:
            try:
                bodies = await self._messengers[platform].poll(wait=self.fetched.is_set())
                if not bodies:
                    self.fetched.set()
                self._unkept = await self._arrived(platform, bodies)
            except Wait as wait:
                return wait.seconds
            except SendError as error:
                return await self._poll_failed(platform, error)
        # The next poll confirms these updates, so they must be kept before it, however many attempts that takes.
        await self._keep(self._unkept)
        self._unkept = None
        self.polled[platform] = asyncio.get_running_loop().time()
        if self._failures:
            self._failures = 0
            await self._store.write(lambda tx: tx.platform_works(platform, self._now()))
        return 0.0

    async def _poll_failed(self, platform: Platform, error: SendError) -> float:
        """How long to rest. The desk is told if our set-up is at fault or if the trouble lasts."""
        self._failures = failures = self._failures + 1
        log.warning("poll_failed", platform=platform, error=type(error).__name__, reason=error.reason)
        if isinstance(error, Misconfigured) or failures == POLL_FAILURES:
            kind = PlatformMisconfigured if isinstance(error, Misconfigured) else PlatformDown
            await self._store.write(lambda tx: tx.platform_fails(kind(platform, error.reason), self._now()))
        return min(POLL_PAUSE[0] * 2.0 ** (min(failures, 10) - 1), POLL_PAUSE[1])
