"""Chat on any platform: the words of people to us, and our screens for them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.article import Address, Media, Platform, Run, plain
from bot.domain.clean import one_line
from bot.domain.seen import Seen
from bot.domain.stored import flat


class ChatKind(StrEnum):
    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"
    #: The kind of a press without its message: the row of the button knows the chat.
    UNKNOWN = "unknown"


class Named:
    """A value whose name, which others chose, is one line without controls."""

    __slots__ = ()
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", one_line(self.name))


@dataclass(frozen=True, slots=True)
class Sender(Named):
    """The person who spoke. `language` is their app's two-letter code, or empty. A name proves no identity."""

    address: Address
    name: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Forward(Named):
    """The origin of a forwarded message, as far as the platform tells it. `link` opens the original.

    `private`: it is a person, not a channel or a group. `chat` is the channel's own id and `username` its name there,
    `post` the number of the post, `bot` the number of a bot: set by the platform, and forged by nobody.
    """

    name: str = ""
    link: str = ""
    private: bool = False
    chat: str = ""
    username: str = ""
    post: int = 0
    bot: str = ""


class AttachmentKind(StrEnum):
    """A kind of attachment that an article can't have, as a person would call it."""

    PICTURE_FILE = "picture_file"
    FILE = "file"
    ANIMATION = "animation"
    VOICE = "voice"
    AUDIO = "audio"
    VIDEO_NOTE = "video_note"
    STICKER = "sticker"
    POLL = "poll"
    PLACE = "place"
    CONTACT = "contact"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment(Named):
    """Something attached to a message that is not taken as it is. `name` is a file's.

    `at`: where the bytes of a picture that came as a file can be had: an address, or what `held_at` makes.
    """

    kind: AttachmentKind
    name: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A message. `runs` is its whole text or caption in order, line breaks included.

    `album` is the same for all messages of one album, and `siblings` are the others of it that came with this one;
    `edited`: an older message was changed. `reply_to` is the id of our own message that this one answers, 0 if none;
    `answers` is the first line of that.
    `untaken` is an attachment that an article can't have.
    """

    runs: tuple[Run, ...] = ()
    media: Media | None = None
    forward: Forward | None = None
    album: str = ""
    edited: bool = False
    message_id: int = 0
    reply_to: int = 0
    answers: str = ""
    siblings: tuple[Said, ...] = ()
    untaken: Attachment | None = None

    @property
    def text(self) -> str:
        return plain(self.runs)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of a button. `button` is the id of our row, `message_id` the message that carried it (0: unknown).

    `answer_to` is the id that the platform wants acknowledged (Telegram's callback query), or empty.
    """

    button: str
    message_id: int = 0
    answer_to: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """The person blocked us or unsubscribed: they may no longer be written to."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person unblocked us or subscribed in the app."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The chat was opened (Viber's `conversation_started`): the person is not subscribed yet."""

    context: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The platform reports late that a message was not shown. `token` is that message's id."""

    token: int
    reason: str


@dataclass(frozen=True, slots=True)
class RightsChanged:
    """The bot's rights in a channel or group changed. `can_post`: it may post there now."""

    title: str
    can_post: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became another kind of group, with the new id `to`."""

    title: str
    to: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))


Event = Said | Pressed | Left | Returned | Opened | Failed | RightsChanged | Moved


@dataclass(frozen=True, slots=True)
class Incoming:
    """One parsed update or callback. `at` is the platform's time where it tells one, aware, UTC.

    `is_forum`: the chat is a group with topics; `thread` is the topic, 0 for the general one. `chat` is the sender's
    own where its kind is unknown.
    """

    sender: Sender
    chat: Address
    chat_kind: ChatKind
    event: Event
    at: datetime
    thread: int = 0
    is_forum: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a screen. `id` is that of a stored row; a button with a `url` opens it and has no id."""

    label: str
    id: str = ""
    url: str = ""


class Kind(StrEnum):
    """The kind of a screen about an article: its card, the card under its post, the question for approval, that
    somebody is editing it, or anything else that has buttons about it.
    """

    CARD = "card"
    WHOLE = "whole"
    QUESTION = "question"
    EDITING = "editing"
    NOTE = "note"
    OTHER = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """A version exactly as readers on `platform` will get it, shown in a person's own chat."""

    article_id: int
    version: int
    platform: Platform


@dataclass(frozen=True, slots=True)
class Above:
    """A post that a screen stands under. `end` marks where it ends, in the same message; `apart` is said instead where
    the two do not fit into one.
    """

    post: Preview
    end: str
    apart: str = ""


@dataclass(frozen=True, slots=True)
class Screen:
    """A message as one person sees it. `replaces` is the id of our message to redraw, on platforms that can.

    `article` is the number of the article it is about, 0 if none. A later screen with the same `name` replaces it.
    `in_place`: shown only if it can redraw `replaces`, and not at all if that is gone; without `runs` only its buttons
    are redrawn. `above`: the post under which it stands. `seen`: what its reader has seen of the article once it has
    arrived. `look`: a hash of what it says and offers.
    """

    runs: tuple[Run, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: int = 0
    article: int = 0
    name: str = ""
    kind: Kind = Kind.OTHER
    in_place: bool = False
    above: Above | None = None
    seen: Seen | None = None
    look: str = ""

    @property
    def keys(self) -> str:
        """Return the buttons as rows of the store hold them."""
        return keys_to_json(self.buttons)

    @property
    def text(self) -> str:
        return plain(self.runs)


@dataclass(frozen=True, slots=True)
class View:
    """The progress of an article's broadcast as one chat shows it now. `is_over`: it is shown for the last time."""

    article_id: int
    chat: Address
    screen: Screen
    is_over: bool


def outgoing_to_json(outgoing: Screen | Preview) -> str:
    written = flat(outgoing)
    if isinstance(outgoing, Screen):
        written["runs"] = [flat(run) for run in outgoing.runs]
        written["buttons"] = [[flat(button) for button in row] for row in outgoing.buttons]
        written["above"] = outgoing.above and {**flat(outgoing.above), "post": flat(outgoing.above.post)}
        written["seen"] = outgoing.seen and _seen_to_json(outgoing.seen)
    return json.dumps({type(outgoing).__name__: written}, ensure_ascii=False)


def outgoing_from_json(text: str) -> Screen | Preview:
    (kind, data), *_ = json.loads(text).items()
    if kind == "Preview":
        return _preview(data)
    above = data.get("above")
    return Screen(
        runs=tuple(Run(**run) for run in data["runs"]),
        buttons=tuple(tuple(Button(**button) for button in row) for row in data["buttons"]),
        replaces=data["replaces"],
        article=data.get("article", 0),
        name=data.get("name", ""),
        kind=Kind(data.get("kind", "")),
        in_place=data.get("in_place", False),
        above=Above(_preview(above["post"]), above["end"], above["apart"]) if above else None,
        seen=_seen(data["seen"]) if data.get("seen") else None,
        look=data.get("look", ""),
    )


def _seen_to_json(seen: Seen) -> dict[str, Any]:
    return {**flat(seen), "due_at": seen.due_at and seen.due_at.isoformat()}


def _seen(data: Mapping[str, Any]) -> Seen:
    due_at = data["due_at"]
    return Seen(data["version"], due_at and datetime.fromisoformat(due_at), tuple(data["outlets"]))


def _preview(data: Mapping[str, Any]) -> Preview:
    return Preview(data["article_id"], data["version"], Platform(data["platform"]))


def keys_to_json(rows: Sequence[Sequence[Button]]) -> str:
    """Return rows of buttons as text, empty if there are none."""
    written = [[[each.label, each.id, each.url] for each in row] for row in rows]
    return json.dumps(written, ensure_ascii=False) if written else ""


def keys_from_json(text: str) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of buttons that `keys_to_json` wrote."""
    return tuple(tuple(Button(*each) for each in row) for row in json.loads(text)) if text else ()
