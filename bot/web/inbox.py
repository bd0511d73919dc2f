"""The inbox: updates are kept, then acknowledged, then handled; each once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.adapters.base import Messenger
from bot.commands import Commands
from bot.domain import Incoming, Platform, Pressed
from bot.domain.entry import Waiting
from bot.errors import Misconfigured, NotStored, SendError, Wait
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: Rows taken at once; those of different chats are handled side by side and share commits.
BATCH = 100
#: A handler that breaks so often is given up.
TRIES = 3
#: After a failed poll, in seconds.
POLL_PAUSE = (1.0, 30.0)


class Inbox:
    def __init__(
        self,
        store: Store,
        messengers: dict[Platform, Messenger],
        commands: Commands,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._messengers = messengers
        self._commands = commands
        self._now = now
        self._bell = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        #: Loop time of the last answered poll, by platform; for the health page.
        self.polled: dict[Platform, float] = {}

    def start(self) -> None:
        self._store.on("inbox", self._bell.set)
        self._bell.set()
        self._tasks.append(asyncio.create_task(self._run(), name="inbox"))

    def start_polling(self, platform: Platform) -> None:
        self.polled[platform] = asyncio.get_running_loop().time()
        self._tasks.append(asyncio.create_task(self._poll(platform), name=f"poll-{platform}"))

    async def stop(self) -> None:
        """What was being handled is either committed or waits for the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def receive(self, platform: Platform, bodies: Sequence[bytes]) -> None:
        """Keep what concerns us. When this returns, the platform may forget it. Raises `NotStored`."""
        messenger = self._messengers[platform]
        kept = []
        for body in bodies:
            if messenger.parse(body) is None:
                continue
            try:
                kept.append((messenger.key(body), body))
            except ValueError:
                log.warning("update_not_understood", platform=platform)

        async def work(tx: Queries) -> None:
            for key, body in kept:
                await tx.receive(platform, key, body, self._now())

        if kept:
            await self._store.write(work)

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                while rows := await self._store.read.waiting(BATCH):
                    await self._handle_all(rows)
            except NotStored:
                log.warning("inbox_waits_for_the_store")
                await asyncio.sleep(1)
                self._bell.set()

    async def _handle_all(self, rows: Sequence[Waiting]) -> None:
        chains: dict[str, list[tuple[Waiting, Incoming | None]]] = {}
        for row in rows:
            incoming = self._messengers[Platform(row.platform)].parse(row.body) if self._is_on(row) else None
            chains.setdefault(str(incoming.chat) if incoming else "", []).append((row, incoming))
        await asyncio.gather(*(self._chain(chain) for chain in chains.values()))

    def _is_on(self, row: Waiting) -> bool:
        return Platform(row.platform) in self._messengers

    async def _chain(self, chain: Sequence[tuple[Waiting, Incoming | None]]) -> None:
        """One chat's updates, in order."""
        for row, incoming in chain:
            await self._handle(row, incoming)

    async def _handle(self, row: Waiting, incoming: Incoming | None) -> None:
        async def work(tx: Queries) -> None:
            if await tx.done(row.id, self._now()) and incoming is not None:
                await self._commands.handle(tx, incoming, self._now())

        try:
            await self._store.write(work)
        except NotStored:
            raise
        except Exception as fault:
            # The one broad catch: whatever a handler does wrong, the next update must be handled.
            log.exception("handler_broke", platform=row.platform, attempt=row.attempts + 1)
            error = type(fault).__name__
            await self._store.write(lambda tx: self._failed(tx, row, incoming, error))
            return
        if incoming is not None and isinstance(incoming.event, Pressed) and incoming.event.answer_to:
            await self._messengers[incoming.chat.platform].acknowledge(incoming.event.answer_to)

    async def _failed(self, tx: Queries, row: Waiting, incoming: Incoming | None, error: str) -> None:
        given_up = await tx.failed(row.id, error, TRIES, self._now())
        if given_up and incoming is not None:
            await self._commands.apologise(tx, incoming, self._now())

    async def _poll(self, platform: Platform) -> None:
        messenger = self._messengers[platform]
        pause = POLL_PAUSE[0]
        while True:
            try:
                await self.receive(platform, await messenger.poll())
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
            except (SendError, NotStored) as error:
                await self._poll_failed(platform, error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, POLL_PAUSE[1])
            else:
                self.polled[platform] = asyncio.get_running_loop().time()
                pause = POLL_PAUSE[0]

    async def _poll_failed(self, platform: Platform, error: Exception) -> None:
        log.warning("poll_failed", platform=platform, error=type(error).__name__, reason=str(error))
        if isinstance(error, Misconfigured):
            args = {"platform": platform, "reason": error.reason}
            await self._store.write(
                lambda tx: tx.tell_desk(f"platform:{platform}", "platform_misconfigured", args, self._now())
            )
