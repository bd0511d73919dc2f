"""All that came onto the desk's phones, in order: each message, its buttons, and what the store knows of it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.adapters.viber.keyboard import BUTTON_PREFIX
from bot.domain import Platform
from bot.sandbox import Bubble
from bot.sandbox.phones import Event
from tests.trials.week.cast import GROUP, NAMES, Worker, worker_at
from tests.trials.week.house import House

#: (platform, chat's id)
Chat = tuple[str, str]
#: An article's number in a text, and not the number of one of the desk's people.
_NUMBER = re.compile(rf"#(\d+)\b(?! (?:{'|'.join(NAMES)})\b)")


@dataclass(frozen=True)
class Press:
    """A button on a phone, with what the store says that it stands for; `action` is empty where it says a command."""

    label: str
    id: str
    action: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def article(self) -> int:
        return int(self.args.get("article", 0))


@dataclass
class Message:
    """One message of ours as a phone has it now. `answers`: it came while this very chat was being answered."""

    chat: Chat
    worker: Worker | None
    id: int
    at: float
    text: str
    presses: list[Press]
    answers: bool
    article: int = 0
    #: What the store says of it: card, question, editing or nothing, and the name that later ones share.
    shown: str = ""
    name: str = ""
    kind: str = ""
    edits: int = 0
    picture: str = ""
    #: Its text and buttons at its arrival; the stage of its article then, and whether that still lacked an approval.
    came: str = ""
    offered: tuple[Press, ...] = ()
    stage: str = ""
    lacked: bool = False
    #: The news that were told just before, by their codes; and the text of the catalogue that it says.
    news: frozenset[str] = frozenset()
    about: str = ""

    @property
    def name_of(self) -> str:
        """The person whose phone it came to; empty for the group."""
        return self.worker.name if self.worker is not None else ""


class Record:
    """Reads the sandbox's events. `acting`: the chat whose person is doing something right now."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._watch = house.scene.sandbox.watch()
        self.messages: list[Message] = []
        self.by_chat: defaultdict[Chat, dict[int, Message]] = defaultdict(dict)
        self.presses: dict[str, Press] = {}
        #: When each of the desk's people said or pressed something, by chat.
        self.words: defaultdict[Chat, list[float]] = defaultdict(list)
        self.acting: Chat | None = None
        self._told_until = 0
        #: The ids on the keyboard below each chat of Viber: a message that brings them again offers nothing by it.
        self._stands: defaultdict[Chat, set[str]] = defaultdict(set)

    async def collect(self) -> list[Message]:
        """Take in what has happened since the last call; return what is new."""
        events = list[Event]()
        while not self._watch.events.empty():
            events.append(self._watch.events.get_nowait())
        events = [each for each in events if each.bubble is not None and self._is_the_desks(each)]
        await self._learn_presses(events)
        new = [message for event in events if (message := self._take(event)) is not None]
        await self._learn_articles(new)
        await self._learn_news(new)
        return new

    def _is_the_desks(self, event: Event) -> bool:
        return event.chat == str(GROUP) or worker_at(event.platform, event.chat) is not None

    async def _learn_presses(self, events: list[Event]) -> None:
        ids = {ident for event in events if event.bubble for _, ident in _buttons(event.bubble)} - self.presses.keys()
        for ident in ids:
            rows = await self._house.rows("SELECT action, args FROM button WHERE id = :id", id=ident)
            if rows:
                self.presses[ident] = Press("", ident, rows[0]["action"], json.loads(rows[0]["args"]))

    def press_of(self, label: str, ident: str) -> Press:
        known = self.presses.get(ident)
        return Press(label, ident) if known is None else Press(label, ident, known.action, known.args)

    def _take(self, event: Event) -> Message | None:
        bubble, chat = event.bubble, (event.platform, event.chat)
        assert bubble is not None
        if bubble.sender != "bot":
            if bubble.sender == "person" or event.chat == str(GROUP):
                self.words[chat].append(event.at)
            return None
        presses = [self.press_of(label, ident) for label, ident in _buttons(bubble)]
        known = self.by_chat[chat].get(bubble.message_id)
        if event.kind == "deleted":
            self.by_chat[chat].pop(bubble.message_id, None)
            return None
        if known is not None:
            known.text, known.presses, known.edits = bubble.text, presses, known.edits + 1
            return None
        message = Message(
            chat=chat,
            worker=worker_at(*chat),
            id=bubble.message_id,
            at=event.at,
            text=bubble.text,
            came=bubble.text,
            offered=tuple(self._own(chat, presses)),
            presses=presses,
            answers=chat == self.acting,
            picture=bubble.photo,
        )
        self.by_chat[chat][message.id] = message
        self.messages.append(message)
        return message

    def _own(self, chat: Chat, presses: list[Press]) -> list[Press]:
        """The buttons that a message brings, without those that stood below the chat before it."""
        if chat[0] != Platform.VIBER or not presses:
            return presses
        before, self._stands[chat] = self._stands[chat], {each.id for each in presses}
        return [each for each in presses if each.id not in before]

    async def _learn_articles(self, new: list[Message]) -> None:
        for message in new:
            rows = await self._house.rows(
                "SELECT article_id, name, kind FROM shown WHERE chat = :chat AND message_id = :id",
                chat=f"{message.chat[0]}:{message.chat[1]}",
                id=message.id,
            )
            if rows:
                message.article, message.name, message.shown = rows[0]["article_id"], rows[0]["name"], rows[0]["kind"]
            message.article = message.article or _article_of(message)

    async def _learn_news(self, new: list[Message]) -> None:
        """Note what the desk was told since the last call: about an article, or about no article."""
        told: defaultdict[int, set[str]] = defaultdict(set)
        for row in await self._house.rows("SELECT * FROM notice WHERE told_at > :since", since=self._told_until):
            args = json.loads(row["args"])
            number = args.get("article", 0)
            if "dispatch" in args:
                sql = "SELECT article_id FROM dispatch WHERE id = :id"
                number = next((each[0] for each in await self._house.rows(sql, id=args["dispatch"])), 0)
            told[number].add(row["kind"])
            self._told_until = max(self._told_until, row["told_at"])
        for message in new:
            message.news = frozenset(told[message.article] | told[0])


def _article_of(message: Message) -> int:
    """Return the article that a message is about, by its buttons or its words; 0 if it is about several or none."""
    own = [press for press in message.offered if press.action not in ("see_question", "show_article")]
    pressed = {press.article for press in own} - {0}
    numbers = pressed or {int(each) for each in _NUMBER.findall(message.text)}
    return numbers.pop() if len(numbers) == 1 else 0


def _buttons(bubble: Bubble) -> list[tuple[str, str]]:
    rows = (*bubble.buttons, *bubble.keyboard)
    return [(label, ident.removeprefix(BUTTON_PREFIX)) for row in rows for label, ident in row]
