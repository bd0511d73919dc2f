"""An article's place in the newsroom's queue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.article import Address, Article
from bot.domain.buttons import ButtonPress
from bot.domain.chat import Button, Kind
from bot.domain.grounds import Ground
from bot.domain.news import News
from bot.domain.patience import Urge
from bot.domain.seals import new_id
from bot.domain.stored import to_json


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
    """An article in the queue. `version` is the current one, `article` its content; `came_in`: its first version.

    `due_at` is set while it is queued, counting or held. `not_before`: the gap between a channel's posts delays it
    until then. `expires_at`: from then on it is not published. `paid`: an editor chose paid broadcast for it.
    `author_member`: the member who wrote from the address `author`; None if nobody knows.
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
    author_member: int | None = None

    @property
    def topic(self) -> str:
        """The name of its topic in the desk's forum."""
        return f"#{self.id} {self.article.headline}"


@dataclass(frozen=True, slots=True)
class Wall:
    """An instant of an article as people know it: typed as `wall`, on the newsroom's clock of that day."""

    article: int
    at: datetime
    wall: str


class ReaderState(StrEnum):
    """A reader's state. Only the active are sent to. Muted: asked for silence; left: blocked us; gone: unreachable."""

    ACTIVE = "active"
    MUTED = "muted"
    LEFT = "left"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Reader:
    """All that is kept of one reader. `language` is the app's two-letter code, or empty.

    `since`: from when on they are known; `changed`: when their state became what it is. `reads`: the language of the
    articles that they get, or `ALL`; empty if they have not chosen.
    """

    state: ReaderState
    language: str
    since: datetime
    changed: datetime
    reads: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the inbox that is not done yet."""

    id: int
    platform: str
    body: bytes
    attempts: int
    received_at: datetime
    from_desk: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A message to one chat; `body` is its JSON. One of a `name` that has not left yet gives way to the next of it.

    In a forum it goes to the topic of the article it is `about`, or to the `thread` where it was asked for.
    `for_desk`: somebody of the desk waits for it, so it leaves before what readers wait for.
    `must_arrive`: nobody would ask for it, so it is repeated until the platform has taken it.
    `ground`: it leaves only as long as that is as it was. `urge`: what comes first for somebody who answers nothing.
    """

    chat: Address
    body: str
    name: str = ""
    thread: int = 0
    about: int | None = None
    for_desk: bool = False
    must_arrive: bool = False
    ground: Ground | None = None
    urge: Urge = Urge.ANSWER


@dataclass(frozen=True, slots=True)
class Owed(Reply):
    """A reply that has not arrived yet; `id` is the number of its row. `is_overtaken`: its ground has changed.

    Of the ground only `has_ground` is known.
    """

    id: int = 0
    has_ground: bool = False
    is_overtaken: bool = False


#: Time for which a button may be pressed; pressing an older one explains itself.
BUTTON_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Offer:
    """A button shown in `chat`. It may be pressed once, for as long as `life`; by the member `only`, if given."""

    press: ButtonPress
    chat: Address
    only: int | None = None
    life: timedelta = BUTTON_LIFE

    def new_id(self, key: bytes) -> str:
        """An id that can't be guessed and says what the button does: a row that is altered later has another one."""
        return new_id(key, self.press.code, to_json(self.press), str(self.chat), self.only)


@dataclass(frozen=True, slots=True)
class ButtonRow:
    """The stored side of a button, shown at `made_at`. `press` is None if another version of Visnyk made it.

    `only` is the one member who may press it; None means anyone with the role.
    `used_by_member` is the member who pressed it, perhaps removed since; None for a reader or if unknown.
    """

    code: str
    press: ButtonPress | None
    only: int | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: Address | None
    used_by_member: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """News for the desk as a row. `news` is None if another version of Visnyk wrote it."""

    id: int
    code: str
    news: News | None


@dataclass(frozen=True, slots=True)
class Retelling:
    """News that one chat is told by itself. `since`: only if its person has not been heard from then on.

    `news` is None if another version of Visnyk wrote it.
    """

    id: int
    chat: Address
    news: News | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of ours about an article. `keys` are its buttons, `look` a hash of what it says and offers."""

    message_id: int
    kind: Kind
    at: datetime
    chat: Address
    keys: tuple[tuple[Button, ...], ...] = ()
    look: str = ""


@dataclass(frozen=True, slots=True)
class EditShown:
    """The state of editing on an article's cards: `people` edit it, the first of them `until` then unless heard again.

    `is_old`: an act of the desk may have changed what the cards show.
    """

    people: frozenset[Address] = frozenset()
    until: datetime | None = None
    is_old: bool = False
