"""What people do with Viber on their phones, and what those show."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import aiohttp

from bot.sandbox.phones import Board, Bubble, Event, counted
from bot.sandbox.viber_callbacks import Callbacks
from bot.sandbox.viber_rules import ViberRefusal, check_message
from bot.sandbox.viber_text import label
from bot.sandbox.viber_world import Account, Person, ViberWorld, buttons_of, keyboard_rows

JSON = dict[str, Any]


class ViberPeople:
    """The half of the platform that its users hold in their hands."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.world = ViberWorld(board)
        self.callbacks = Callbacks(board)
        #: The known quirk of the `webhook` event: its time and token change places.
        self.swap_webhook_fields = False
        #: What was wrong with welcome messages that were not shown.
        self.rejected_welcomes: list[str] = []
        self._failing: dict[str, str] = {}

    # -- who there is

    def add_bot(self, token: str, name: str = "Visnyk", uri: str = "visnyk") -> None:
        self.world.accounts[token] = Account(token, name, uri)

    def add_channel(self, token: str, name: str = "News", superadmin: str = "admin-id==") -> None:
        self.world.accounts[token] = Account(token, name, name.lower(), superadmin)

    def revoke(self, token: str) -> None:
        """The token is not valid any more: status 2 from now on."""
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
        """This number is not on Viber any more."""
        self._person(person_id).registered = False

    def fail_next(self, person_id: str, why: str = "the client rejected the message") -> None:
        """The next message is accepted with status 0, yet this phone does not show it: a `failed` event."""
        self._failing[person_id] = why

    @property
    def open_house(self) -> bool:
        """Any id is a subscriber: for audiences of a million."""
        return self.world.open_house

    @open_house.setter
    def open_house(self, on: bool) -> None:
        self.world.open_house = on

    # -- what people do

    async def open_chat(self, person_id: str, context: str = "", *, token: str | None = None) -> None:
        """Open the chat with the bot; what it answers to the callback is its welcome message."""
        account, person = self.account(token), self._person(person_id)
        more: JSON = {"context": context} if context else {}
        task = self._event(
            account,
            person,
            "conversation_started",
            self._next_token(),
            type="open",
            user=person.wire(account),
            subscribed=person.subscribed,
            **more,
        )
        answer = await task if task is not None else None
        if answer and answer.strip():
            self._welcome(person, answer)

    def _welcome(self, person: Person, answer: bytes) -> None:
        try:
            body = json.loads(answer)
            if not isinstance(body, dict) or not body:
                return
            check_message(body)
        except (ValueError, ViberRefusal) as error:
            self.rejected_welcomes.append(str(error))
            return
        self.put_on_phone(person, body, self.world.bubble(body, "bot", token=self._next_token()))

    async def say(self, person_id: str, text: str, *, token: str | None = None) -> int:
        """Write to the bot; a first message subscribes without another word."""
        return self._message(person_id, {"type": "text", "text": text}, {"type": "text", "text": text}, token)

    async def send_picture(self, person_id: str, url: str, text: str = "", *, token: str | None = None) -> int:
        body = {"type": "picture", "media": url, "text": text, "thumbnail": url, "file_name": url.rsplit("/", 1)[-1]}
        return self._message(person_id, body, body, token)

    async def send_video(
        self, person_id: str, url: str, size: int = 1_000_000, duration: int = 10, *, token: str | None = None
    ) -> int:
        body = {"type": "video", "media": url, "size": size, "duration": duration, "file_name": url.rsplit("/", 1)[-1]}
        return self._message(person_id, body, body, token)

    async def press(self, person_id: str, what: str, *, token: str | None = None) -> str:
        """Press a button of the keyboard, or of the newest carousel, by its label or ActionBody; gives ActionBody."""
        person = self._person(person_id)
        button = self._button(person, what)
        action, action_body = button.get("ActionType", "reply"), str(button["ActionBody"])
        if action == "none":
            return action_body
        sent: JSON = {"type": "text", "text": action_body}
        if action == "share-phone":
            sent = {"type": "contact", "contact": {"name": person.name, "phone_number": "380501234567"}}
        elif action == "location-picker":
            sent = {"type": "location", "location": {"lat": 50.45, "lon": 30.52}}
        shown = None if button.get("Silent") else {"type": "text", "text": label(str(button.get("Text", "")))}
        self._message(person_id, sent, shown, token, silent=bool(button.get("Silent")))
        return action_body

    def _button(self, person: Person, what: str) -> JSON:
        for row in person.keyboard:
            for button in row:
                if what in (label(str(button.get("Text", ""))), button["ActionBody"]):
                    return button
        for bubble in reversed(person.chat):
            for text, action in (pair for row in bubble.buttons for pair in row):
                if what in (text, action):
                    kind = "open-url" if action.startswith(("http://", "https://")) else "reply"
                    return {"ActionType": kind, "ActionBody": action, "Text": text}
        raise LookupError(f"no button {what!r}; there are {buttons_of(person.keyboard)}")

    async def subscribe(self, person_id: str, *, token: str | None = None) -> None:
        """Turn on "Receive messages" in the chat's info."""
        account, person = self.account(token), self._person(person_id)
        if person.subscribed:
            return
        person.subscribed, person.tracking_data = True, ""
        self._event(account, person, "subscribed", self._next_token(), user=person.wire(account))

    async def unsubscribe(self, person_id: str, *, token: str | None = None) -> None:
        account, person = self.account(token), self._person(person_id)
        person.subscribed = False
        self._event(account, person, "unsubscribed", self._next_token(), user_id=person_id)

    async def read(self, person_id: str, *, token: str | None = None) -> None:
        """Open the unread messages: one `seen`, however many there are."""
        person = self._person(person_id)
        if person.unread:
            newest = next(b.message_id for b in reversed(person.chat) if b.sender == "bot")
            person.unread = 0
            self._event(self.account(token), person, "seen", newest, user_id=person_id)

    async def delete_post(self, token: str, message_id: int) -> None:
        """A channel's administrator removes a post by hand; the API cannot."""
        posts = self.world.accounts[token].posts
        for index, bubble in enumerate(posts):
            if bubble.message_id == message_id:
                posts[index] = replace(bubble, deleted=True)
                self.board.tell(Event("deleted", "viber", self.world.accounts[token].name, self.board.now(), bubble))

    # -- what phones show

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

    # -- below

    def open(self, session: aiohttp.ClientSession) -> None:
        self.callbacks.open(session)

    async def close(self) -> None:
        await self.callbacks.close()

    def account(self, token: str | None = None) -> Account:
        if token is not None:
            return self.world.accounts[token]
        return next(account for account in self.world.accounts.values() if not account.channel)

    def put_on_phone(self, person: Person, body: JSON, bubble: Bubble) -> None:
        if rows := keyboard_rows(body):
            person.keyboard = rows
        if body.get("tracking_data"):
            person.tracking_data = str(body["tracking_data"])
        if body.get("type"):
            self.world.show(person.chat, person.id, bubble)
        else:
            self.board.changed()

    def _person(self, person_id: str) -> Person:
        person = self.world.person(person_id)
        if person is None:
            raise LookupError(f"nobody has the id {person_id}")
        return person

    def _next_token(self) -> int:
        return self.world.next_token()

    def _message(
        self, person_id: str, sent: JSON, shown: JSON | None, token: str | None, *, silent: bool = False
    ) -> int:
        account, person = self.account(token), self._person(person_id)
        message_token = self._next_token()
        if shown is not None:
            self.world.show(person.chat, person.id, self.world.bubble(shown, "person", token=message_token))
        person.subscribed, person.wrote_at = True, self.board.now()
        person.unanswered.clear()
        tracked = {"tracking_data": person.tracking_data} if person.tracking_data else {}
        self._event(
            account,
            person,
            "message",
            message_token,
            sender=person.wire(account),
            message=sent | tracked,
            silent=silent,
        )
        # Their own message is delivered too, and Viber says so.
        self._event(account, person, "delivered", message_token, user_id=person.id)
        return message_token

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
