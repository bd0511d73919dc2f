"""Signs beside the work that need no store: a request for patience, and the answer to a press."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import timedelta
from typing import Protocol

import structlog

from bot.adapters.base import Messenger, Receipt
from bot.commands import Commands
from bot.domain import Address, Incoming, Platform, Screen

log = structlog.get_logger(__name__)


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


class Beside:
    def __init__(self, messengers: Mapping[Platform, Messenger], commands: Commands, turns: Turns) -> None:
        self._messengers = messengers
        self._commands = commands
        self._turns = turns
        self._tasks: set[asyncio.Task[object]] = set()
        #: Updates whose senders were told that they must wait.
        self._told: set[str] = set()

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ask_for_patience(self, key: str, incoming: Incoming | None) -> None:
        """Tell a person who waits for an answer why there is none: once for each update `key`."""
        screen = self._commands.patience(incoming) if incoming is not None else None
        if incoming is not None and screen is not None and key not in self._told:
            self._told.add(key)
            self._spawn(self._turns.show(incoming.chat, screen, is_answer=True))

    def ask_to_rest(self, incoming: Incoming, rest: timedelta) -> None:
        """Tell a person who sent too much when it goes on."""
        if (screen := self._commands.rest(incoming, rest)) is not None:
            self._spawn(self._turns.show(incoming.chat, screen, is_answer=True))

    def writes_again(self) -> None:
        """The store takes something again: the next trouble is told too."""
        self._told.clear()

    def acknowledge(self, platform: Platform, answer_to: str) -> None:
        """Stop the waiting sign: a slow platform must not hold up the commands of the other."""

        async def acknowledge() -> None:
            await self._turns.calm(platform)
            await self._messengers[platform].acknowledge(answer_to)

        self._spawn(acknowledge())

    def _spawn(self, work: Coroutine[None, None, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[object]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("not_shown", error=type(error).__name__)
