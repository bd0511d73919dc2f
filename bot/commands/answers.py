"""Answers that only read: made beside the writer, and owed together with the mark that the update is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from bot.domain import Address
from bot.domain.entry import Offer, Reply
from bot.storage import Queries


class Outbox(Protocol):
    """The outlet of a turn's messages and their buttons: its transaction, or an `Answer`."""

    async def add_button(self, offer: Offer, now: datetime) -> str: ...

    async def owe(self, reply: Reply, now: datetime) -> None: ...

    async def keep_keyboard(self, chat: Address, keys: str) -> None: ...


class Answer:
    """Everything that an update is answered with, kept until it can be written."""

    def __init__(self, seal_key: bytes) -> None:
        """`seal_key`: see `Driver`."""
        self._seal_key = seal_key
        self._writes: list[Callable[[Queries], Awaitable[object]]] = []

    async def give(self, tx: Queries) -> None:
        for write in self._writes:
            await write(tx)

    def also(self, write: Callable[[Queries], Awaitable[object]]) -> None:
        """Do this too when the answer is given."""
        self._writes.append(write)

    async def add_button(self, offer: Offer, now: datetime) -> str:
        sealed = offer.new_id(self._seal_key)
        self.also(lambda tx: tx.add_button(offer, now, sealed))
        return sealed

    async def owe(self, reply: Reply, now: datetime) -> None:
        self.also(lambda tx: tx.owe(reply, now))

    async def keep_keyboard(self, chat: Address, keys: str) -> None:
        self.also(lambda tx: tx.keep_keyboard(chat, keys))
