"""The kinds of dispatch: what is done to one place, a reader's chat or a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.adapters.base import Broadcast, Messenger, Post, Receipt
from bot.domain import Channel, Press
from bot.domain.ledger import Dispatch
from bot.storage import Store

#: Kinds that are kept ready: each running dispatch needs one.
KEPT = 16


class Kind(Protocol):
    """A kind of dispatch.

    Its methods return the platform's own awaitable: a coroutine of ours in between would be paid for by each message.
    `position` is the reader's place in the page: by it a kind that changes a copy finds the copy.
    """

    @property
    def batch(self) -> int:
        """Return the number of readers that one request can carry."""
        ...

    @property
    def plainer(self) -> Kind | None:
        """The same in a simpler form, for a platform that rejects this one; None: there is none."""
        ...

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        """Do it in one reader's chat. `paid`: above the free rate."""
        ...

    def to_readers(self, chats: Mapping[int, str]) -> Awaitable[Broadcast]:
        """Do it for up to `batch` readers in one request; their chats by position."""
        ...

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        """Do it in a channel."""
        ...


@dataclass(frozen=True, slots=True)
class Posting:
    """A post of its own, the same for everybody."""

    messenger: Messenger
    post: Post
    plainer: Posting | None = None

    @property
    def batch(self) -> int:
        return self.messenger.traits.batch

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        return self.messenger.send(chat, self.post, paid=paid)

    def to_readers(self, chats: Mapping[int, str]) -> Awaitable[Broadcast]:
        return self.messenger.broadcast(list(chats.values()), self.post)

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        return self.messenger.publish(channel, self.post)


class Kinds:
    """Makes a dispatch ready: it is rendered once, and only the address differs from reader to reader."""

    def __init__(self, messenger: Messenger, store: Store, press: Press) -> None:
        self._messenger = messenger
        self._store = store
        self._press = press
        self._ready: dict[tuple[int, bool], Kind] = {}

    async def of(self, dispatch: Dispatch) -> Kind:
        """Return what this dispatch does, in its plainer form if it goes out plain."""
        key = (dispatch.id, dispatch.plain)
        if key not in self._ready:
            kind = self._posting(await self._rendered(dispatch), plain=dispatch.plain)
            while len(self._ready) >= KEPT:
                self._ready.pop(next(iter(self._ready)))
            self._ready[key] = kind
        return self._ready[key]

    async def _rendered(self, dispatch: Dispatch) -> Post:
        article = await self._store.read.content(dispatch.article_id, dispatch.version)
        article = self._press.edition(article, dispatch.platform)
        is_channel = dispatch.channel is not None
        outlet = self._press.outlet(article, dispatch.platform, channel=is_channel, silent=dispatch.silent)
        return self._messenger.render(article, outlet)

    def _posting(self, post: Post, *, plain: bool) -> Posting:
        plainer = Posting(self._messenger, post.plainer) if post.plainer is not None else None
        return plainer or Posting(self._messenger, post) if plain else Posting(self._messenger, post, plainer)
