"""An article's place in the newsroom's queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain.article import Address, Article
from bot.domain.chat import Kind


class EntryState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUEUED = "queued"
    COUNTING = "counting"
    HELD = "held"
    PUBLISHED = "published"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Entry:
    """`version` is the current one and `article` its content. `came_in`: its first version.

    `due_at` is set while queued, counting or held.
    `not_before`: it is due but the gap between a channel's posts keeps it back. `expires_at`: not published from then.
    `paid`: an editor chose to pay for the speed of what goes to readers.
    """

    id: int
    state: EntryState
    version: int
    article: Article
    due_at: datetime | None
    published_at: datetime | None
    author: Address
    came_in: datetime
    not_before: datetime | None = None
    expires_at: datetime | None = None
    paid: bool = False

    @property
    def topic(self) -> str:
        """What its topic in the desk's forum is called."""
        return f"#{self.id} {self.article.headline}"


class ReaderState(StrEnum):
    """Only the active are sent to. Muted: asked for silence; left: blocked us or unsubscribed; gone: unreachable."""

    ACTIVE = "active"
    MUTED = "muted"
    LEFT = "left"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An undone row of the inbox."""

    id: int
    platform: str
    body: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A reply that we owe a chat; `body` is its JSON.

    In a forum it goes to the topic of the article that it is `about`, or to the `thread` where it was asked for.
    """

    id: int
    chat: Address
    body: str
    thread: int = 0
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Where a conversation with somebody of the desk stands. `data` is JSON-like."""

    step: str
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """What we keep of a button. `only` is the one member who may press it; None: whoever has the role.

    `used_by_member`: the member who pressed it, perhaps removed since; None: a reader, or not known.
    """

    action: str
    args: dict[str, Any]
    only: int | None
    expires_at: datetime
    used_at: datetime | None
    used_by: Address | None
    used_by_member: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """News for the desk; `kind` chooses the words."""

    id: int
    kind: str
    args: dict[str, object]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours that says how an article stands."""

    message_id: int
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True)
class EditShown:
    """What the cards of an article say: `people` edit it, the first of them `until` then if nothing more is heard.

    `is_old`: the article is not as they say any more, except in the chat of `changed_by`.
    """

    people: frozenset[Address] = frozenset()
    until: datetime | None = None
    is_old: bool = False
    changed_by: Address | None = None
