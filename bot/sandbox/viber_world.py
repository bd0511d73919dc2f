"""Viber's side of the world: accounts, people and what their phones hold."""

import itertools
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.phones import Board, Bubble, Button, Event
from bot.sandbox.viber_rules import laid_out
from bot.sandbox.viber_text import first_link, label, rendered

JSON = dict[str, Any]

MANDATORY = ("subscribed", "unsubscribed", "message")
ALL_EVENTS = (*MANDATORY, "delivered", "seen", "failed", "conversation_started")


@dataclass(eq=False, slots=True)
class Account:
    """A bot, or a channel (which has a superadmin)."""

    token: str
    name: str
    uri: str
    superadmin: str = ""
    webhook: str = ""
    events: tuple[str, ...] = ALL_EVENTS
    send_name: bool = False
    posts: list[Bubble] = field(default_factory=list)

    @property
    def channel(self) -> bool:
        return bool(self.superadmin)


@dataclass(eq=False, slots=True)
class Person:
    """Someone with a phone, and their chat with the bot."""

    id: str
    name: str
    language: str
    api_version: int
    country: str = "UA"
    subscribed: bool = False
    registered: bool = True
    suitable_device: bool = True
    chat: list[Bubble] = field(default_factory=list)
    keyboard: list[list[JSON]] = field(default_factory=list)
    tracking_data: str = ""
    unanswered: "deque[float]" = field(default_factory=deque)
    looked_up: "deque[float]" = field(default_factory=deque)
    unread: int = 0
    wrote_at: float = 0.0

    def wire(self, account: Account) -> JSON:
        return {
            "id": self.id,
            "name": self.name if account.send_name else "Subscriber",
            "language": self.language,
            "country": self.country,
            "api_version": self.api_version,
        }


class ViberWorld:
    """Everything that the platform knows."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.accounts: dict[str, Account] = {}
        self.people: dict[str, Person] = {}
        self.open_house = False
        self._tokens = itertools.count(5_741_311_803_571_721_087)
        self._ids = itertools.count(1)

    def next_token(self) -> int:
        """A new message token, of 19 digits: more than a float can hold."""
        return next(self._tokens)

    def person(self, person_id: str) -> Person | None:
        person = self.people.get(person_id)
        if person is None and self.open_house and person_id:
            person = self.people[person_id] = Person(person_id, "Reader", "uk", 10, subscribed=True)
        return person

    def bubble(self, body: JSON, sender: str, *, token: int = 0) -> Bubble:
        """A message as a phone shows it."""
        kind = str(body.get("type", "text"))
        raw = _shown_text(kind, body)
        text, spans = rendered(raw) if kind in ("text", "picture", "video") else (raw, [])
        return Bubble(
            message_id=token or next(self._ids),
            sender=sender,
            text=text,
            entities=spans,
            photo=str(body.get("media", "")) if kind == "picture" else "",
            video=str(body.get("media", "")) if kind == "video" else "",
            buttons=_rich_buttons(body) if kind == "rich_media" else [],
            keyboard=buttons_of(keyboard_rows(body)),
            at=self.board.now(),
            preview_url=str(body.get("media", "")) if kind == "url" else first_link(raw),
            raw=raw,
        )

    def show(self, where: list[Bubble], chat: str, bubble: Bubble) -> None:
        where.append(bubble)
        self.board.tell(Event("shown", "viber", chat, self.board.now(), bubble=bubble))


def _shown_text(kind: str, body: JSON) -> str:
    if kind == "url":
        return str(body.get("media", ""))
    if kind == "rich_media":
        return str(body.get("alt_text") or "")
    if kind == "file":
        return str(body.get("file_name", ""))
    if kind == "contact":
        return f"{body['contact']['name']} {body['contact']['phone_number']}"
    return str(body.get("text") or "")


def _rich_buttons(body: JSON) -> list[list[Button]]:
    rich = body["rich_media"]
    return buttons_of(laid_out(rich["Buttons"], int(rich.get("ButtonsGroupColumns", 6))))


def keyboard_rows(body: JSON) -> list[list[JSON]]:
    keyboard = body.get("keyboard") or {}
    return laid_out(keyboard.get("Buttons", []), int(keyboard.get("ButtonsGroupColumns", 6)))


def buttons_of(rows: list[list[JSON]]) -> list[list[Button]]:
    return [[(label(str(b.get("Text", ""))), str(b["ActionBody"])) for b in row] for row in rows]
