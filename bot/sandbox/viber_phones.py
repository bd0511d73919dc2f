"""Viber's world: its people, bots and channels, and the screens of the phones."""

import asyncio
from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.sandbox.phones import Board, Bubble, counted
from bot.sandbox.viber_callbacks import Callbacks
from bot.sandbox.viber_world import Account, Person, ViberWorld, buttons_of, keyboard_rows

JSON = dict[str, Any]


class ViberPhones:
    """The part of the platform that is set up and looked at."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.world = ViberWorld(board)
        self.callbacks = Callbacks(board)
        #: A known quirk of the `webhook` event: its time and token change places.
        self.swap_webhook_fields = False
        #: Faults of the welcome messages that were not shown.
        self.rejected_welcomes: list[str] = []
        self._failing: dict[str, str] = {}

    def add_bot(self, token: str, name: str = "Visnyk", uri: str = "visnyk") -> None:
        self.world.accounts[token] = Account(token, name, uri)

    def add_channel(self, token: str, name: str = "News", superadmin: str = "admin-id==") -> None:
        self.world.accounts[token] = Account(token, name, name.lower(), superadmin)

    def revoke(self, token: str) -> None:
        """Make the token invalid: status 2 from now on."""
        del self.world.accounts[token]

    def add_person(
        self,
        person_id: str,
        name: str = "",
        language: str = "uk",
        api_version: int = 10,
        *,
        subscribed: bool = False,
        registered: bool = True,
        suitable_device: bool = True,
    ) -> None:
        self.world.people[person_id] = Person(
            person_id,
            name or person_id,
            language,
            api_version,
            subscribed=subscribed,
            registered=registered,
            suitable_device=suitable_device,
        )

    def unregister(self, person_id: str) -> None:
        """Take this number off Viber."""
        self._person(person_id).registered = False

    def fail_next(self, person_id: str, why: str = "the client rejected the message") -> None:
        """Keep the next message off this phone, although it is accepted with status 0: a `failed` event."""
        self._failing[person_id] = why

    @property
    def open_house(self) -> bool:
        """True if any id is a subscriber: for audiences of a million."""
        return self.world.open_house

    @open_house.setter
    def open_house(self, on: bool) -> None:
        self.world.open_house = on

    def phone(self, person_id: str, *, deleted: bool = False) -> list[Bubble]:
        """The chat with the bot as this person sees it."""
        return counted(bubble for bubble in self._person(person_id).chat if deleted or not bubble.deleted)

    def channel_phone(self, token: str, *, deleted: bool = False) -> list[Bubble]:
        return counted(bubble for bubble in self.world.accounts[token].posts if deleted or not bubble.deleted)

    def keyboard(self, person_id: str) -> list[list[tuple[str, str]]]:
        """The keyboard below the chat: rows of (label, ActionBody)."""
        return buttons_of(self._person(person_id).keyboard)

    def all_phones(self) -> Iterator[tuple[str, list[Bubble]]]:
        """Every chat in which something was said."""
        for person in self.world.people.values():
            yield person.name, person.chat
        for account in self.world.accounts.values():
            yield account.name, account.posts

    def put_on_phone(self, person: Person, body: JSON, bubble: Bubble) -> None:
        if rows := keyboard_rows(body):
            person.keyboard = rows
        if body.get("tracking_data"):
            person.tracking_data = str(body["tracking_data"])
        if body.get("type"):
            self.world.show(person.chat, person.id, bubble)
        else:
            self.board.changed()

    def open(self, session: aiohttp.ClientSession) -> None:
        self.callbacks.open(session)

    async def close(self) -> None:
        await self.callbacks.close()

    def account(self, token: str | None = None) -> Account:
        if token is not None:
            return self.world.accounts[token]
        return next(account for account in self.world.accounts.values() if not account.channel)

    def _person(self, person_id: str) -> Person:
        person = self.world.person(person_id)
        if person is None:
            raise LookupError(f"nobody has the id {person_id}")
        return person

    def _next_token(self) -> int:
        return self.world.next_token()

    def _event(
        self, account: Account, person: Person, kind: str, token: int, **more: Any
    ) -> "asyncio.Task[bytes | None] | None":
        event = {
            "event": kind,
            "timestamp": int(self.board.now() * 1000),
            "chat_hostname": "SN-CHAT-02_",
            "message_token": token,
            **more,
        }
        return self.callbacks.send(account, f"{account.token} {person.id}", event)
