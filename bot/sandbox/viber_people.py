"""The acts of people on Viber: writing, pressing, subscribing."""

import json
from dataclasses import replace
from typing import Any

from bot.sandbox.internet import BORROWED
from bot.sandbox.phones import Event
from bot.sandbox.telegram_content import SMALL_JPEG
from bot.sandbox.viber_phones import ViberPhones
from bot.sandbox.viber_rules import ViberRefusal, check_message
from bot.sandbox.viber_text import label
from bot.sandbox.viber_world import Person, buttons_of

JSON = dict[str, Any]


class ViberPeople(ViberPhones):
    """The part of the platform that its users hold in their hands."""

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
        """Write to the bot; the first message subscribes the person."""
        return self._message(person_id, {"type": "text", "text": text}, {"type": "text", "text": text}, token)

    async def send_picture(
        self, person_id: str, url: str, text: str = "", *, file: bytes = SMALL_JPEG, token: str | None = None
    ) -> int:
        """Send a picture: its bytes stand at `url` for an hour, as at Viber's own addresses."""
        self.board.internet.put(url, file, lives=BORROWED)
        body = {"type": "picture", "media": url, "text": text, "thumbnail": url, "file_name": url.rsplit("/", 1)[-1]}
        return self._message(person_id, body, body, token)

    async def send_video(
        self,
        person_id: str,
        url: str,
        size: int = 1_000_000,
        duration: int = 10,
        *,
        file: bytes = b"",
        token: str | None = None,
    ) -> int:
        """Send a video; the bytes of a `file` stand at `url` for an hour."""
        if file:
            self.board.internet.put(url, file, lives=BORROWED)
        body = {"type": "video", "media": url, "size": size, "duration": duration, "file_name": url.rsplit("/", 1)[-1]}
        return self._message(person_id, body, body, token)

    async def attach(self, person_id: str, body: JSON, *, token: str | None = None) -> int:
        """Send a file, a sticker, a place or a contact, as Viber writes it."""
        return self._message(person_id, body, body, token)

    async def press(self, person_id: str, what: str, *, token: str | None = None) -> str:
        """Press a button of the keyboard, or of the newest carousel, by its label or ActionBody; returns the latter."""
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
        """Remove a post by hand, as the channel's administrator; the API cannot."""
        posts = self.world.accounts[token].posts
        for index, bubble in enumerate(posts):
            if bubble.message_id == message_id:
                posts[index] = replace(bubble, deleted=True)
                self.board.tell(Event("deleted", "viber", self.world.accounts[token].name, self.board.now(), bubble))

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
