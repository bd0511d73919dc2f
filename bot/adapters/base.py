"""What a platform must do to carry a newsroom's articles."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain import Article, Channel, Incoming, Outlet, Platform, Screen
from bot.errors import SendError


class Post(Protocol):
    """An article in one platform's format, without an addressee."""

    @property
    def visible(self) -> str:
        """The characters that a reader sees, for previews on another platform and for tests."""
        ...

    @property
    def whole(self) -> bool:
        """Nothing of the lead and the text had to be left out for the platform's limits."""
        ...

    @property
    def plainer(self) -> Post | None:
        """The same article without its picture, for a platform that rejects this one; None: there is no simpler."""
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """It arrived. `message_id` is the platform's own (Viber: the token), 0 when it gave none yet; `link` opens it."""

    message_id: int
    link: str = ""


def storable(number: int) -> int:
    """0 for a number that neither store nor flight recorder can hold: what was sent has arrived all the same."""
    return number if -(1 << 63) <= number < 1 << 63 else 0


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One request to many: everyone not in `failed` has it, all under one `message_id`."""

    message_id: int
    failed: Mapping[str, SendError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `doctor`. `advice` says what to do when it is not `ok`.

    `passing`: it may mend itself (calls that failed while we were down), so it does not keep Visnyk from starting.
    """

    ok: bool
    what: str
    advice: str = ""
    passing: bool = False


@dataclass(frozen=True, slots=True)
class CommandHint:
    """A line of the app's command menu."""

    name: str
    description: str


#: Returns when one more message may leave to the same chat.
Turn = Callable[[], Awaitable[None]]


async def at_once() -> None:
    """No limit."""


class Messenger(Protocol):
    """A platform. Every sending method raises a `SendError` of errors.py and nothing else.

    Cancelling a sending method means that its outcome is unknown; the caller records it as in doubt.
    """

    platform: Platform
    #: How many readers one request can carry: 1 on Telegram, 300 on Viber.
    batch: int
    #: Whether it says for how long it sends us away.
    names_waits: bool

    @property
    def posts_apart(self) -> bool:
        """Channels get their posts from an account of its own, whose limits are not those of the readers' bot."""
        ...

    async def open(self) -> None:
        """Make the connections' pool. Sends nothing."""
        ...

    async def close(self) -> None: ...

    def render(self, article: Article, outlet: Outlet) -> Post:
        """Pure: the same article and outlet give the same post. Never raises for any text; cuts to the limits."""
        ...

    async def ping(self) -> None:
        """Ask something that changes nothing: does the platform answer us?"""
        ...

    async def publish(self, channel: Channel, post: Post) -> Receipt:
        """Post to a channel."""
        ...

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0) -> Receipt:
        """Post to one reader. `paid`: above the free rate, where the platform sells that (Telegram).

        `thread`: a topic of a forum, as `open_topic` told it; raises `NoTopic` when it is not there any more.
        """
        ...

    async def broadcast(self, chats: Sequence[str], post: Post) -> Broadcast:
        """Post to up to `batch` readers in one request (platforms with `batch` 1 need not have it)."""
        ...

    async def show(self, chat: str, screen: Screen, again: Turn = at_once, *, thread: int = 0) -> Receipt:
        """Show a screen to one person; redraws `screen.replaces` where the platform can edit. Raises `Rejected` when
        one that is to be shown `in_place` can't be.

        `again` is awaited before each request but the first: a long screen is several messages. `thread` as in `send`.
        """
        ...

    async def open_topic(self, chat: str, name: str) -> int:
        """Begin a topic in a forum; returns its number. Raises `Misconfigured` without the right to."""
        ...

    async def rename_topic(self, chat: str, thread: int, name: str) -> None:
        """Call a topic of a forum something else. Raises `NoTopic` when it is not there any more."""
        ...

    async def fetch(self, file: str) -> bytes:
        """The content of a file that this platform holds (`Media.file`)."""
        ...

    async def acknowledge(self, answer_to: str) -> None:
        """Stop the waiting sign on a pressed button. Failures are of no consequence and not raised."""
        ...

    async def set_menu(self, commands: Mapping[str, Sequence[CommandHint]], chat: str | None = None) -> None:
        """The app's command menu by language ("" is everyone else's): for all private chats, or one chat alone."""
        ...

    def invitation_link(self, code: str) -> str:
        """Opens the chat with us and hands us `code`; empty where that is not known."""
        ...

    def verify(self, headers: Mapping[str, str], body: bytes, account: str = "bot") -> bool:
        """Did the platform itself send this? In constant time, on bytes. `account`: "bot" or "channel" (Viber)."""
        ...

    def key(self, body: bytes) -> str:
        """The dedupe key of an update or callback; raises ValueError when the body is not one."""
        ...

    def parse(self, body: bytes) -> Incoming | None:
        """Understand a stored body; None for what does not concern us. Never raises for what a platform may send."""
        ...

    def welcome(self, screen: Screen) -> bytes:
        """A screen as the body of a webhook's answer (Viber's welcome message); empty where there is no such thing."""
        ...

    async def receive(self, public_url: str) -> None:
        """Tell the platform where to call us (webhook); with an empty `public_url` go back to polling if it can."""
        ...

    async def poll(self) -> Sequence[bytes]:
        """Long-poll once: raw updates. What the previous call returned is confirmed by this one."""
        ...

    async def check(self, channels: Sequence[Channel], groups: Sequence[str] = ()) -> Sequence[Finding]:
        """Token, account, rights in each channel, webhook: what `doctor` and the start look at. Never raises.

        `groups`: the desk's own, which only `doctor` looks at.
        """
        ...
