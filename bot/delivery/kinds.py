"""The kinds of dispatch: what is done to one place, a reader's chat or a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from bot.adapters.base import Broadcast, Messenger, Post, Receipt
from bot.domain import Article, Channel, MediaKind, Press, Run
from bot.domain.ledger import Dispatch, Missing
from bot.errors import Rejected
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
        """The same without its picture, for a reader to whom this one can't be sent; None: there is none."""
        ...

    @property
    def lost(self) -> Missing:
        """Return what this platform has no form for, and so does not show."""
        ...

    def without(self, error: Rejected) -> Missing:
        """Return what else is to be left out after a platform rejected it; nothing: there is no simpler form."""
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
    #: The address in its button can be said in its text.
    has_button: bool = False
    #: It has formatting without which it can be said.
    has_formatting: bool = False
    lost: Missing = Missing.NOTHING

    @property
    def batch(self) -> int:
        return self.messenger.traits.batch

    def without(self, error: Rejected) -> Missing:
        if error.button and self.has_button:
            return Missing.BUTTON
        if error.formatting and self.has_formatting:
            return Missing.FORMATTING
        return Missing.PICTURE if self.plainer is not None else Missing.NOTHING

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
        self._ready: dict[tuple[int, Missing], Kind] = {}

    async def of(self, dispatch: Dispatch) -> Kind:
        """Return what this dispatch does, without what it goes out without."""
        key = (dispatch.id, dispatch.missing)
        if key not in self._ready:
            kind = await self._posting(dispatch)
            while len(self._ready) >= KEPT:
                self._ready.pop(next(iter(self._ready)))
            self._ready[key] = kind
        return self._ready[key]

    async def _posting(self, dispatch: Dispatch) -> Posting:
        whole = await self._store.read.content(dispatch.article_id, dispatch.version)
        return posting(
            self._messenger,
            self._press,
            whole,
            dispatch.missing,
            channel=dispatch.channel is not None,
            silent=dispatch.silent,
        )


def posting(
    messenger: Messenger, press: Press, whole: Article, missing: Missing, *, channel: bool, silent: bool
) -> Posting:
    """Return the post of an article without what is `missing`."""
    platform = messenger.platform
    article = press.edition(without(whole, missing), platform)
    outlet = press.outlet(article, platform, channel=channel, silent=silent)
    post = messenger.render(article, replace(outlet, bare=Missing.FORMATTING in missing))
    return Posting(
        messenger,
        post,
        Posting(messenger, post.plainer) if post.plainer is not None else None,
        has_button=bool(article.link),
        has_formatting=Missing.FORMATTING not in missing,
        lost=_lost(article, post),
    )


def _lost(article: Article, post: Post) -> Missing:
    media = article.media
    # A video that can't be shown is told with its address, where it has one.
    is_told = media is None or post.plainer is not None or (media.kind is MediaKind.VIDEO and media.url in post.visible)
    lost = Missing.NOTHING if is_told else Missing.PICTURE
    return lost | (Missing.MARKS if post.unmarked else Missing.NOTHING)


def without(article: Article, missing: Missing) -> Article:
    """Return the article as it goes out; without its button, the address stands in the text."""
    if Missing.PICTURE in missing:
        article = replace(article, media=None)
    if Missing.BUTTON in missing:
        article = replace(article, link="", body=(*article.body, (Run(article.link),)))
    return article
