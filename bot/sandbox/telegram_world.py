"""Telegram's side of the world: bots, people, chats and messages."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.phones import Board, Bubble, Button, Event
from bot.sandbox.telegram_content import JSON, Content, Media

_WORD = {"channel": "channel", "supergroup": "supergroup", "group": "group"}


class Refusal(Exception):
    """A refusal of the Bot API's: its error code, description and parameters."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


@dataclass(eq=False, slots=True)
class Person:
    """Someone with a phone."""

    id: int
    name: str
    language: str
    username: str = ""
    deactivated: bool = False

    def wire(self) -> JSON:
        user: JSON = {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}
        return user | ({"username": self.username} if self.username else {})


@dataclass(eq=False, slots=True)
class Room:
    """The messages of one chat; private ones take their ids from the bot's one sequence."""

    chat: "Chat | Person"
    next_id: Callable[[], int]
    account: "Account | None" = None
    messages: "dict[int, Message]" = field(default_factory=dict)
    #: Messages that whoever has this private chat took from their own phone.
    cleared: set[int] = field(default_factory=set)

    @property
    def private(self) -> bool:
        return isinstance(self.chat, Person)

    @property
    def id(self) -> int:
        return self.chat.id

    def wire(self) -> JSON:
        if isinstance(self.chat, Chat):
            return self.chat.wire()
        wire = {"id": self.chat.id, "type": "private", "first_name": self.chat.name}
        return wire | ({"username": self.chat.username} if self.chat.username else {})


@dataclass(eq=False, slots=True)
class Topic:
    """One topic of a forum; `id` is that of the service message that began it."""

    id: int
    name: str
    colour: int
    closed: bool = False

    def wire(self) -> JSON:
        return {"message_thread_id": self.id, "name": self.name, "icon_color": self.colour}


@dataclass(eq=False, slots=True)
class Chat:
    """A channel or a group. `members` maps an account or person id to its member record."""

    id: int
    kind: str
    title: str
    username: str
    forum: bool
    members: dict[int, JSON] = field(default_factory=dict)
    last_id: int = 0
    #: Messages that are pinned, the latest last.
    pins: list[int] = field(default_factory=list)
    migrated_to: int = 0
    protected: bool = False
    #: Topics of a forum, without the general one, whose number may not be used.
    topics: dict[int, Topic] = field(default_factory=dict)
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        self.room = Room(self, self._next_id)

    def _next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    @property
    def word(self) -> str:
        return f"{_WORD[self.kind]} chat"

    def wire(self) -> JSON:
        wire: JSON = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            wire["username"] = self.username
        if self.forum:
            wire["is_forum"] = True
        return wire


@dataclass(eq=False, slots=True)
class Message:
    """One message, as the server keeps it."""

    id: int
    room: Room
    at: float
    sender: "Account | Person | None"
    content: Content = field(default_factory=Content)
    markup: JSON | None = None
    edited_at: float = 0.0
    silent: bool = False
    deleted: bool = False
    origin: JSON | None = None
    reply_to: int = 0
    album: str = ""
    protected: bool = False
    thread: int = 0
    extra: JSON = field(default_factory=dict)

    @property
    def buttons(self) -> list[list[JSON]]:
        rows: list[list[JSON]] = (self.markup or {}).get("inline_keyboard", [])
        return rows

    @property
    def is_hidden(self) -> bool:
        """True if phones no longer show it; one that was cleared is still there for the bot."""
        return self.deleted or self.id in self.room.cleared

    def bubble(self) -> Bubble:
        content = self.content
        return Bubble(
            message_id=self.id,
            sender=self._sender(),
            text=content.text,
            entities=[(e.kind, e.start, e.end, e.url) for e in content.entities],
            photo=content.photo,
            video=content.video,
            buttons=[[_button(b) for b in row] for row in self.buttons],
            keyboard=_reply_keyboard(self.markup),
            edited=bool(self.edited_at),
            deleted=self.is_hidden,
            silent=self.silent,
            at=self.at,
            forwarded_from=_origin_name(self.origin),
            preview_url=content.preview_url,
            raw=content.raw or content.text,
            reply_to=self.reply_to,
            thread=self.thread,
        )

    def _sender(self) -> str:
        if isinstance(self.sender, Account):
            return "bot"
        if self.sender is None:
            return self.room.chat.title if isinstance(self.room.chat, Chat) else ""
        return "person" if self.room.private else self.sender.name

    def wire(self, account: "Account") -> JSON:
        """The Message object as `account` gets it."""
        wire: JSON = {"message_id": self.id, "date": int(self.at), "chat": self.room.wire()}
        wire |= self._wire_sender()
        if self.edited_at:
            wire["edit_date"] = int(self.edited_at)
        if self.origin:
            wire["forward_origin"] = self.origin
        wire |= self.content.wire(account.file_id)
        if self.buttons:
            wire["reply_markup"] = {"inline_keyboard": self.buttons}
        if self.album:
            wire["media_group_id"] = self.album
        if self.protected:
            wire["has_protected_content"] = True
        if self.content.preview and not self.content.media:
            wire["link_preview_options"] = self.content.preview
        if self.thread:
            wire |= {"message_thread_id": self.thread, "is_topic_message": True}
        replied = self.room.messages.get(self.reply_to)
        if replied is not None and not replied.deleted:
            wire["reply_to_message"] = {k: v for k, v in replied.wire(account).items() if k != "reply_to_message"}
        return wire | self.extra

    def _wire_sender(self) -> JSON:
        chat = self.room.chat
        if isinstance(chat, Chat) and chat.kind == "channel":
            return {"sender_chat": chat.wire()}
        return {"from": self.sender.wire()} if self.sender is not None else {}


def _button(button: JSON) -> Button:
    copied = button.get("copy_text")
    action = button.get("url") or button.get("callback_data") or (copied or {}).get("text", "")
    return str(button["text"]), str(action)


def _reply_keyboard(markup: JSON | None) -> list[list[Button]]:
    rows = (markup or {}).get("keyboard", [])
    return [[(button["text"], button["text"]) for button in row] for row in rows]


def _origin_name(origin: JSON | None) -> str:
    if origin is None:
        return ""
    if origin["type"] in ("channel", "chat"):
        chat = origin.get("chat") or origin.get("sender_chat") or {}
        return str(chat.get("title", ""))
    if origin["type"] == "hidden_user":
        return str(origin["sender_user_name"])
    return str(origin["sender_user"]["first_name"])


@dataclass(eq=False, slots=True)
class Account:
    """One bot as the platform keeps it."""

    token: str
    id: int
    username: str
    name: str
    rooms: dict[int, Room] = field(default_factory=dict)
    started: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    last_id: int = 0
    files: dict[str, tuple[Media, int]] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[JSON]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    stars: int = 0

    def _next_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def room(self, person: Person) -> Room:
        room = self.rooms.get(person.id)
        if room is None:
            room = self.rooms[person.id] = Room(person, self._next_id, self)
        return room

    def wire(self) -> JSON:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}

    def file_id(self, media: Media, size: int = 0) -> str:
        """This bot's own name of a file; it stays the same, and no other bot knows it."""
        name = f"{self.id}:{media.kind}:{media.unique}:{size}".encode()
        file_id = "AgAC" + base64.urlsafe_b64encode(name).decode().rstrip("=")
        self.files[file_id] = (media, size)
        return file_id


class TelegramWorld:
    """Everything that the platform knows."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self.accounts: dict[str, Account] = {}
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.usernames: dict[str, Chat] = {}
        self.unreachable_urls: set[str] = set()
        self.reencode_videos = False
        self.open_house = False
        self.being_encoded: list[Message] = []
        self._last_file = 0

    def person(self, person_id: int) -> Person | None:
        """The person with this id; an open house makes one up on the spot, who has started every bot."""
        person = self.people.get(person_id)
        if person is None and self.open_house and person_id > 0:
            person = self.people[person_id] = Person(person_id, f"Reader {person_id}", "uk")
            for account in self.accounts.values():
                account.started.add(person_id)
        return person

    def new_media(self, kind: str, *, url: str = "", content: bytes = b"", name: str = "") -> Media:
        self._last_file += 1
        return Media(kind, f"{self._last_file:x}", url=url, content=content, size=len(content), name=name)

    def find_chat(self, chat_id: str) -> Chat | Person | Account | None:
        if chat_id.startswith("@"):
            return self.usernames.get(chat_id[1:].lower())
        if not re.fullmatch(r"-?\d+", chat_id):
            return None
        number = int(chat_id)
        if number < 0:
            return self.chats.get(number)
        return next((a for a in self.accounts.values() if a.id == number), None) or self.person(number)

    def put(self, message: Message) -> Message:
        message.room.messages[message.id] = message
        self.announce("shown", message)
        return message

    def announce(self, kind: str, message: Message) -> None:
        board = self.board
        if board.watched:
            board.tell(Event(kind, "telegram", str(message.room.id), board.now(), bubble=message.bubble()))
        else:
            board.changed()
