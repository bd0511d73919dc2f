"""The duties of a platform that carries a newsroom's articles."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from bot.domain import Article, Channel, Incoming, Media, MediaKind, Outlet, Platform, Screen
from bot.domain.traits import Traits
from bot.errors import NotSent, SendError

T = TypeVar("T")
#: Seconds for one question of an examination: whoever starts or runs `doctor` waits for it.
EXAMINED_IN = 5.0


class Post(Protocol):
    """An article in one platform's format, without an addressee."""

    @property
    def visible(self) -> str:
        """The characters that a reader sees, for previews on another platform and for tests."""
        ...

    @property
    def whole(self) -> bool:
        """True if the platform's limits cut nothing from the lead and the text."""
        ...

    @property
    def unmarked(self) -> tuple[str, ...]:
        """The stretches that are struck, hidden, quoted and the like in the article and not in this post."""
        ...

    @property
    def plainer(self) -> Post | None:
        """The same article without its picture, to send if the platform rejects this post; None if there is none."""
        ...


def is_shown(media: Media, post: Post) -> bool:
    """True if a post shows a picture or film, or tells the address of ours at which the film is."""
    return post.plainer is not None or (media.kind is MediaKind.VIDEO and bool(media.url) and media.url in post.visible)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message that arrived.

    `message_id` is the platform's own (on Viber the token), 0 if it gave none yet; `link` opens the message.
    """

    message_id: int
    link: str = ""


def storable(number: int) -> int:
    """The number, or 0 if neither store nor flight recorder can hold it: the message has arrived all the same."""
    return number if -(1 << 63) <= number < 1 << 63 else 0


@dataclass(frozen=True, slots=True)
class Broadcast:
    """The outcome of one request to many: everyone not in `failed` has the message, all under one `message_id`."""

    message_id: int
    failed: Mapping[str, SendError] = field(default_factory=dict)


class About(Enum):
    """The subject of a finding, and so what a fault there keeps from working."""

    #: A token, without which an account does nothing until a person has put it right.
    ACCOUNT = auto()
    #: The platform itself, which does not answer now and may a moment later.
    PLATFORM = auto()
    #: A channel or group; everything else works.
    CHAT = auto()
    #: The way in: whether the platform calls us and nobody else.
    CALLS = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`. `advice` says what to do if it is not `ok`.

    `channel` is the one that the finding is about, if it is about one.
    """

    ok: bool
    what: str
    advice: str = ""
    about: About = About.ACCOUNT
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class WayIn:
    """The address to which a platform brings what people say to us.

    `is_ours`: it is the one that we gave. Else `elsewhere` names the machine that is called instead; empty: none is.
    `held`: the number of updates that the platform still holds for us; None: it does not tell.
    """

    is_ours: bool
    elsewhere: str = ""
    held: int | None = None
    #: The platform's clock when it answered; None: it did not say.
    at: datetime | None = None


def dated(headers: Mapping[str, str]) -> datetime | None:
    """Return the instant at which an answer was made, by the clock of whoever made it."""
    try:
        at = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def machine_of(address: str) -> str:
    """Return the machine of a web address, by which people know whose it is. The path may hold a token."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else ""


async def examined(question: Awaitable[T]) -> T:
    """Return the answer to a question of an examination. Raises `NotSent` if it does not come in time."""
    try:
        async with asyncio.timeout(EXAMINED_IN):
            return await question
    except TimeoutError:
        raise NotSent(f"no answer within {EXAMINED_IN:.0f} seconds") from None


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A line of the app's command menu."""

    name: str
    description: str


#: A function that returns once one more message may leave for the same chat.
Turn = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """A `Turn` without any limit."""


#: Asked right before each request; False: nothing may leave us now, and the request is handed back.
MayLeave = Callable[[], bool]


def at_any_time() -> bool:
    """A `MayLeave` of whoever sends alone."""
    return True


class Calls(Protocol):
    """Calls of a platform to us: proof that it is the platform, and their meaning."""

    def verify(self, headers: Mapping[str, str], body: bytes, account: str = "bot") -> bool:
        """True if the platform itself sent `body`; compares in constant time. `account`: "bot" or "channel" (Viber)."""
        ...

    def key(self, body: bytes) -> str:
        """The key by which repeats of an update or callback are recognised. Raises ValueError for any other body."""
        ...

    def is_replayed(self, body: bytes, now: datetime) -> bool:
        """True for a call that the platform would no longer make: it repeats one for a limited time."""
        ...

    def parse(self, body: bytes) -> Incoming | None:
        """Parse a stored body; None if it does not concern us. Does not raise for anything a platform may send."""
        ...

    def welcome(self, screen: Screen) -> bytes:
        """A screen as the body of a webhook's answer (Viber's welcome message); empty on platforms without one."""
        ...


class PictureShelf(Protocol):
    """The pictures that are kept by their bytes, for a platform to which each is uploaded once. Nothing is raised."""

    async def content(self, digest: str) -> bytes | None:
        """Return the bytes of a picture; None if they are gone or can't be read."""
        ...

    async def file(self, digest: str, bot: str) -> str:
        """Return the name under which the platform holds it for `bot`; empty if it was not uploaded yet."""
        ...

    async def keep_file(self, digest: str, bot: str, file: str) -> None:
        """Remember that name."""
        ...


class Copies(Protocol):
    """Copies of articles in chats and channels, where a platform lets us change them. Raises as `Messenger` does, and
    `NoCopy`.
    """

    def edition(self, was: Post, article: Article, outlet: Outlet) -> Post:
        """Return what copies of `was` are changed into; they keep their form where that can't be changed. Pure."""
        ...

    async def edit(self, chat: str, message_id: int, edition: Post) -> Receipt:
        """Change a reader's copy; one that is so already is right. The receipt has no number: a copy keeps its own."""
        ...

    async def edit_post(self, channel: Channel, message_id: int, edition: Post) -> Receipt:
        """Change a channel's copy."""
        ...

    async def remove(self, chat: str, message_id: int) -> Receipt:
        """Delete a reader's copy; one that is gone already is right. Raises `Rejected` where that is not possible."""
        ...

    async def remove_post(self, channel: Channel, message_id: int) -> Receipt:
        """Delete a channel's copy."""
        ...

    async def pin(self, channel: Channel, message_id: int) -> Receipt:
        """Pin a channel's copy, without a sound."""
        ...

    async def unpin(self, channel: Channel, message_id: int) -> Receipt:
        """Let a channel's copy no longer be pinned; one that is gone is not."""
        ...


class Messenger(Protocol):
    """A platform. Every sending method raises a `SendError` of errors.py and nothing else.

    If a sending method is cancelled, its outcome is unknown; the caller records it as in doubt.
    """

    platform: Platform
    traits: Traits
    #: An account of its own posts to channels, with limits apart from those of the readers' bot.
    posts_apart: bool
    #: The copies that can be changed; None where nothing can (`traits.edits`).
    copies: Copies | None

    @property
    def calls(self) -> Calls:
        """Return the reader of the platform's calls to us."""
        ...

    async def open(self, may_leave: MayLeave = at_any_time) -> None:
        """Create the connection pool. Sends nothing. Requests of which `may_leave` says no end with `HandedBack`."""
        ...

    async def close(self) -> None: ...

    def render(self, article: Article, outlet: Outlet) -> Post:
        """Return the post for an article, cut to the limits. Pure; does not raise for any text."""
        ...

    async def ping(self) -> None:
        """Make a call that changes nothing, to learn whether the platform answers; raises a `SendError` if not."""
        ...

    async def publish(self, channel: Channel, post: Post, *, reply_to: int = 0) -> Receipt:
        """Post to a channel; as an answer to the message `reply_to`, where there is such a thing and it is there."""
        ...

    def receipt(self, channel: Channel, message_id: int) -> Receipt:
        """Return the receipt of a post in a channel of which only the number was kept: by its name, if we know it."""
        ...

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0, reply_to: int = 0) -> Receipt:
        """Post to one reader. `paid`: at more than the free rate, where the platform sells that (Telegram).

        `thread`: a topic of a forum, as returned by `open_topic`; raises `NoTopic` if it no longer exists.
        `reply_to` as in `publish`.
        """
        ...

    async def broadcast(self, chats: Sequence[str], post: Post) -> Broadcast:
        """Post to up to `traits.batch` readers in one request. Not used on platforms whose batch is 1."""
        ...

    async def show(
        self, chat: str, screen: Screen, again: Turn = at_once, *, thread: int = 0, post: Post | None = None
    ) -> Receipt:
        """Show a screen to one person; where the platform can edit, redraw `screen.replaces`.

        Raises `Rejected` if a screen that must be shown `in_place` can't be. A long screen is several messages: `again`
        is awaited before every request but the first. `thread` as in `send`. `post`: the one of `screen.above`, shown
        above the screen in the same message where both fit, else before it.
        """
        ...

    async def open_topic(self, chat: str, name: str) -> int:
        """Open a topic in a forum and return its number. Raises `Misconfigured` if the bot may not."""
        ...

    async def rename_topic(self, chat: str, thread: int, name: str) -> None:
        """Rename a topic of a forum. Raises `NoTopic` if it no longer exists."""
        ...

    async def fetch(self, file: str) -> bytes:
        """Return the content of a file that this platform holds (`Media.file`)."""
        ...

    async def acknowledge(self, answer_to: str) -> None:
        """Stop the waiting sign on a pressed button. Failures don't matter and are not raised."""
        ...

    async def set_menu(self, commands: Mapping[str, Sequence[CommandHint]], chat: str | None = None) -> None:
        """Set the app's command menu by language ("" is for all others), for all private chats or for one chat."""
        ...

    def invitation_link(self, code: str) -> str:
        """A link that opens the chat with us and hands us `code`; empty while our own name there is unknown."""
        ...

    async def receive(self, public_url: str) -> None:
        """Tell the platform where to call us (webhook); an empty `public_url` means polling, where there is any."""
        ...

    async def poll(self, *, wait: bool = True) -> Sequence[bytes]:
        """Poll once and return raw updates, `wait`: when there is one. Confirms those of the previous call."""
        ...

    async def way_in(self) -> WayIn:
        """Return where the platform takes what people say to us. Raises a `SendError`."""
        ...

    async def check(self, channels: Sequence[Channel], groups: Sequence[str] = ()) -> Sequence[Finding]:
        """Examine token, account, rights in each channel and webhook, for `doctor` and for the start. Never raises.

        `groups`: the desk's own groups, which only `doctor` examines.
        """
        ...
