"""Phones: the messages that people see, the requests that platforms got, and the watchers of both."""

import asyncio
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field, replace

from bot.sandbox.internet import Internet
from bot.sandbox.wire import Wire

#: (kind, start, end, url) in code points of the text that the reader sees.
Span = tuple[str, int, int, str]

#: (label, url or callback data or ActionBody).
Button = tuple[str, str]

#: Newest requests that are kept, for tests and live displays.
REQUESTS_KEPT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The content of a message. `text` is as the reader sees it, `raw` as it was sent."""

    text: str
    entities: list[Span] = field(default_factory=list)
    photo: str = ""
    video: str = ""
    buttons: list[list[Button]] = field(default_factory=list)
    keyboard: list[list[Button]] = field(default_factory=list)
    preview_url: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubble(Look):
    """One message as a phone shows it, with what became of it there."""

    message_id: int
    sender: str
    edited: bool = False
    deleted: bool = False
    silent: bool = False
    at: float = 0.0
    forwarded_from: str = ""
    #: Times its sender told exactly this on this phone.
    told: int = 1
    reply_to: int = 0
    #: The topic of a forum that it stands in; 0: the general one.
    thread: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a platform. `status` is the HTTP status, 0 when the connection was dropped."""

    platform: str
    method: str
    status: int
    duration: float
    at: float
    chat: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A change to look at: `kind` is shown, edited, deleted, answered or request, and for the page person or stage."""

    kind: str
    platform: str
    chat: str
    at: float
    bubble: Bubble | None = None
    request: Request | None = None
    text: str = ""


def counted(bubbles: Iterable[Bubble]) -> list[Bubble]:
    """The same bubbles, with the times that each was told counted."""
    shown = list(bubbles)
    told = Counter(map(_content, shown))
    if len(told) == len(shown):  # as a phone is looked at all the time, most looks end here
        return shown
    return [bubble if told[_content(bubble)] == 1 else replace(bubble, told=told[_content(bubble)]) for bubble in shown]


def _content(bubble: Bubble) -> tuple[str, str, str, str]:
    return bubble.sender, bubble.text, bubble.photo, bubble.video


class Watch:
    """Events from its creation on; the board forgets a watch that nobody holds."""

    def __init__(self) -> None:
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    def __aiter__(self) -> "Watch":
        return self

    async def __anext__(self) -> Event:
        return await self.events.get()


class Board:
    """The place where every change is announced."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.requests: deque[Request] = deque(maxlen=REQUESTS_KEPT)
        #: Addresses on the internet that really are on this machine: {"https://bot.example": "http://127.0.0.1:81"}.
        self.routes: dict[str, str] = {}
        self.internet = Internet(now)
        #: Wires by platform; none until `Both.lay_wires`.
        self.wires: dict[str, Wire] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._watches: weakref.WeakSet[Watch] = weakref.WeakSet()

    @property
    def watched(self) -> bool:
        return bool(self._watches)

    def routed(self, url: str) -> str:
        """The address to which a platform's call to `url` really goes."""
        for public, local in self.routes.items():
            if url.startswith(f"{public}/"):
                return local + url.removeprefix(public)
        return url

    def delivery(self, platform: str) -> AbstractAsyncContextManager[None]:
        """A context for one call of a platform to a bot, see `Wire.delivery`."""
        wire = self.wires.get(platform)
        return nullcontext() if wire is None else wire.delivery()

    def watch(self) -> Watch:
        watch = Watch()
        self._watches.add(watch)
        return watch

    def tell(self, event: Event) -> None:
        for watch in tuple(self._watches):
            watch.events.put_nowait(event)
        self.changed()

    def tell_request(self, request: Request) -> None:
        self.requests.append(request)
        if self._watches:
            self.tell(Event("request", request.platform, request.chat, request.at, request=request))
        else:
            self.changed()

    def changed(self) -> None:
        """Wake everyone who waits for something to be true."""
        waiting, self._waiting = self._waiting, []
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def next_change(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future
