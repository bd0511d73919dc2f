"""Answers that only read: made beside the writer, and owed together with the mark that the update is done."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain import Address
from bot.domain.buttons import ID_BYTES, ButtonPress
from bot.storage import BUTTON_LIFE, Queries


class Outbox(Protocol):
    """Where a turn's messages and their buttons go: into its transaction, or into an `Answer`."""

    async def add_button(
        self,
        press: ButtonPress,
        chat: Address,
        now: datetime,
        *,
        only: int | None = None,
        life: timedelta = BUTTON_LIFE,
        button_id: str = "",
    ) -> str: ...

    async def owe(
        self,
        chat: Address,
        body: str,
        now: datetime,
        name: str = "",
        *,
        thread: int = 0,
        about: int | None = None,
        for_desk: bool = False,
        must_arrive: bool = False,
    ) -> None: ...


class Answer:
    """Everything that an update is answered with, kept until it can be written."""

    def __init__(self) -> None:
        self._writes: list[Callable[[Queries], Awaitable[object]]] = []

    async def give(self, tx: Queries) -> None:
        for write in self._writes:
            await write(tx)

    def also(self, write: Callable[[Queries], Awaitable[object]]) -> None:
        """Do this too when the answer is given."""
        self._writes.append(write)

    async def add_button(
        self,
        press: ButtonPress,
        chat: Address,
        now: datetime,
        *,
        only: int | None = None,
        life: timedelta = BUTTON_LIFE,
        button_id: str = "",
    ) -> str:
        made = button_id or secrets.token_urlsafe(ID_BYTES)
        self.also(lambda tx: tx.add_button(press, chat, now, only=only, life=life, button_id=made))
        return made

    async def owe(
        self,
        chat: Address,
        body: str,
        now: datetime,
        name: str = "",
        *,
        thread: int = 0,
        about: int | None = None,
        for_desk: bool = False,
        must_arrive: bool = False,
    ) -> None:
        self.also(
            lambda tx: tx.owe(
                chat, body, now, name, thread=thread, about=about, for_desk=for_desk, must_arrive=must_arrive
            )
        )
