"""The kinds of dispatch: what is done to one place, a reader's chat or a channel."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.adapters.base import Broadcast, Copies, Messenger, Post, Receipt, is_shown
from bot.domain import Article, Channel, Masthead, Outlet, Press, Run
from bot.domain.ledger import Cause, Dispatch, DispatchKind, Missing
from bot.errors import NoCopy, Rejected
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
    def repeats(self) -> bool:
        """True if it may be done again when nobody knows whether it was done: twice is as once."""
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

    def beside(self, copies: Mapping[int, int]) -> Kind:
        """Return the same for the readers of one page, whose copies have these message ids, by position."""
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
    repeats: bool = False
    #: The message in its channel that it follows up.
    reply_to: int = 0

    @property
    def batch(self) -> int:
        return self.messenger.traits.batch

    def without(self, error: Rejected) -> Missing:
        left_out = _left_out(error, button=self.has_button, formatting=self.has_formatting)
        return left_out or (Missing.PICTURE if self.plainer is not None else Missing.NOTHING)

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        return self.messenger.send(chat, self.post, paid=paid)

    def to_readers(self, chats: Mapping[int, str]) -> Awaitable[Broadcast]:
        return self.messenger.broadcast(list(chats.values()), self.post)

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        return self.messenger.publish(channel, self.post, reply_to=self.reply_to)

    def beside(self, copies: Mapping[int, int]) -> Posting:
        return self


@dataclass(frozen=True, slots=True)
class Editing:
    """A change of the copies of a post. `message_id`: of the one in a channel."""

    copies: Copies
    edition: Post
    message_id: int
    has_button: bool = False
    has_formatting: bool = False
    ids: Mapping[int, int] = field(default_factory=dict)
    plainer: Kind | None = None
    batch: int = 1
    repeats: bool = True
    lost: Missing = Missing.NOTHING

    def without(self, error: Rejected) -> Missing:
        return _left_out(error, button=self.has_button, formatting=self.has_formatting)

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        message_id = self.ids.get(position, 0)
        return self.copies.edit(chat, message_id, self.edition) if message_id else _unknown()

    async def to_readers(self, chats: Mapping[int, str]) -> Broadcast:
        raise Rejected("One request changes one copy.")

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        return self.copies.edit_post(channel, self.message_id, self.edition)

    def beside(self, copies: Mapping[int, int]) -> Editing:
        return replace(self, ids=copies)


@dataclass(frozen=True, slots=True)
class Removing:
    """The deletion of the copies of a post; `plainer`: what stands in the place of those that can't be deleted."""

    copies: Copies
    message_id: int
    plainer: Editing
    ids: Mapping[int, int] = field(default_factory=dict)
    batch: int = 1
    repeats: bool = True
    lost: Missing = Missing.NOTHING

    def without(self, error: Rejected) -> Missing:
        return Missing.DELETION

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        message_id = self.ids.get(position, 0)
        return self.copies.remove(chat, message_id) if message_id else _unknown()

    async def to_readers(self, chats: Mapping[int, str]) -> Broadcast:
        raise Rejected("One request changes one copy.")

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        return self.copies.remove_post(channel, self.message_id)

    def beside(self, copies: Mapping[int, int]) -> Removing:
        return replace(self, ids=copies, plainer=self.plainer.beside(copies))


@dataclass(frozen=True, slots=True)
class Pinning:
    """The pin on a post in a channel. `ends`: it is taken off. Readers' chats have none."""

    copies: Copies
    message_id: int
    ends: bool
    batch: int = 1
    plainer: Kind | None = None
    repeats: bool = True
    lost: Missing = Missing.NOTHING

    def without(self, error: Rejected) -> Missing:
        return Missing.NOTHING

    async def to_reader(self, position: int, chat: str, *, paid: bool) -> Receipt:
        raise Rejected("Only posts in channels are pinned.")

    async def to_readers(self, chats: Mapping[int, str]) -> Broadcast:
        raise Rejected("Only posts in channels are pinned.")

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        act = self.copies.unpin if self.ends else self.copies.pin
        return act(channel, self.message_id) if self.message_id else _unknown()

    def beside(self, copies: Mapping[int, int]) -> Pinning:
        return self


async def _unknown() -> Receipt:
    raise NoCopy(Cause.NO_ID)


@dataclass(frozen=True, slots=True)
class Noticing:
    """A word beside the copies of a post; an answer to them where there is such a thing."""

    messenger: Messenger
    post: Post
    message_id: int
    ids: Mapping[int, int] = field(default_factory=dict)
    plainer: Kind | None = None
    repeats: bool = False
    lost: Missing = Missing.NOTHING

    @property
    def batch(self) -> int:
        return self.messenger.traits.batch

    def without(self, error: Rejected) -> Missing:
        return Missing.NOTHING

    def to_reader(self, position: int, chat: str, *, paid: bool) -> Awaitable[Receipt]:
        return self.messenger.send(chat, self.post, paid=paid, reply_to=self.ids.get(position, 0))

    def to_readers(self, chats: Mapping[int, str]) -> Awaitable[Broadcast]:
        return self.messenger.broadcast(list(chats.values()), self.post)

    def to_channel(self, channel: Channel) -> Awaitable[Receipt]:
        return self.messenger.publish(channel, self.post, reply_to=self.message_id)

    def beside(self, copies: Mapping[int, int]) -> Noticing:
        return replace(self, ids=copies)


class Kinds:
    """Makes a dispatch ready: it is rendered once, and only the address differs from reader to reader."""

    def __init__(self, messenger: Messenger, store: Store, press: Press) -> None:
        self._messenger = messenger
        self._store = store
        self._press = press
        self._ready: dict[tuple[int, int, Missing], Kind] = {}

    async def of(self, dispatch: Dispatch) -> Kind:
        """Return what this dispatch does, without what it goes out without."""
        # A post that has not left may become one of a newer version.
        key = (dispatch.id, dispatch.version, dispatch.missing)
        if key not in self._ready:
            kind = await self._made(dispatch)
            while len(self._ready) >= KEPT:
                self._ready.pop(next(iter(self._ready)))
            self._ready[key] = kind
        return self._ready[key]

    async def _made(self, dispatch: Dispatch) -> Kind:
        match dispatch.kind:
            case DispatchKind.EDIT:
                return await self._editing(dispatch)
            case DispatchKind.REMOVAL:
                stub = await self._editing(dispatch)
                is_stub = Missing.DELETION in dispatch.missing
                return stub if is_stub else Removing(stub.copies, stub.message_id, stub)
            case DispatchKind.NOTICE:
                return await self._noticing(dispatch)
            case DispatchKind.PIN | DispatchKind.UNPIN:
                return await self._pinning(dispatch)
            case _:
                return await self._posting(dispatch)

    async def _changed(self, dispatch: Dispatch) -> Dispatch:
        post = await self._store.read.dispatch(dispatch.of or 0)
        assert post is not None
        return post

    async def _editing(self, dispatch: Dispatch) -> Editing:
        read, post = self._store.read, await self._changed(dispatch)
        was = (await self._posting(post)).post
        whole = await read.content(dispatch.article_id, dispatch.version)
        article, outlet = laid_out(self._messenger, self._press, whole, dispatch)
        if self._messenger.copies is None:
            raise Rejected(Cause.NO_FORM)
        edition = self._messenger.copies.edition(was, article, outlet)
        bare = Missing.FORMATTING in dispatch.missing
        return Editing(self._messenger.copies, edition, post.message_id, bool(article.link), not bare)

    async def _pinning(self, dispatch: Dispatch) -> Pinning:
        post = await self._changed(dispatch)
        if self._messenger.copies is None:
            raise Rejected(Cause.NO_FORM)
        return Pinning(self._messenger.copies, post.message_id, ends=dispatch.kind is DispatchKind.UNPIN)

    async def _noticing(self, dispatch: Dispatch) -> Noticing:
        read, post = self._store.read, await self._changed(dispatch)
        was = await read.content(dispatch.article_id, post.version)
        whole = await read.content(dispatch.article_id, dispatch.version)
        change = await read.change(dispatch.change_id or 0)
        edits = self._messenger.traits.edits and (dispatch.channel is None or post.message_id > 0)
        note = change.note if change is not None else ""
        is_done = not await read.is_before_the_edit(dispatch)
        notice = self._press.notice(whole, was.headline, note, edits=edits, is_done=is_done)
        article, outlet = laid_out(self._messenger, self._press, notice, dispatch)
        outlet = replace(outlet, masthead=Masthead(outlet.masthead.name), check="")
        return Noticing(self._messenger, self._messenger.render(article, outlet), post.message_id)

    async def _posting(self, dispatch: Dispatch) -> Posting:
        whole = await self._store.read.content(dispatch.article_id, dispatch.version)
        made = posting(
            self._messenger,
            self._press,
            whole,
            dispatch.missing,
            number=dispatch.article_id,
            channel=dispatch.channel is not None,
            silent=dispatch.silent,
        )
        return replace(made, reply_to=await self._followed_up(whole, dispatch))

    async def _followed_up(self, article: Article, dispatch: Dispatch) -> int:
        """Return the message in the same channel that has the article which this one follows up; 0: there is none."""
        if dispatch.channel is None or article.about is None:
            return 0
        posts = await self._store.read.dispatches(article.about.number)
        return next((each.message_id for each in posts if _is_in(each, dispatch) and each.message_id > 0), 0)


def laid_out(messenger: Messenger, press: Press, whole: Article, dispatch: Dispatch) -> tuple[Article, Outlet]:
    """Return an article and its surroundings as a dispatch shows them."""
    platform = messenger.platform
    article = press.edition(without(whole, dispatch.missing), platform)
    is_post, number = dispatch.channel is not None, dispatch.article_id
    outlet = press.outlet(article, platform, channel=is_post, silent=dispatch.silent, number=number)
    return article, replace(outlet, bare=Missing.FORMATTING in dispatch.missing)


def posting(
    messenger: Messenger, press: Press, whole: Article, missing: Missing, *, number: int, channel: bool, silent: bool
) -> Posting:
    """Return the post of article `number` without what is `missing`."""
    platform = messenger.platform
    article = press.edition(without(whole, missing), platform)
    outlet = press.outlet(article, platform, channel=channel, silent=silent, number=number)
    post = messenger.render(article, replace(outlet, bare=Missing.FORMATTING in missing))
    return Posting(
        messenger,
        post,
        Posting(messenger, post.plainer) if post.plainer is not None else None,
        has_button=bool(article.link),
        has_formatting=Missing.FORMATTING not in missing,
        lost=_lost(article, post),
    )


def _is_in(post: Dispatch, other: Dispatch) -> bool:
    """True if a post is in the channel of another one."""
    return (post.platform, post.channel) == (other.platform, other.channel)


def _left_out(error: Rejected, *, button: bool, formatting: bool) -> Missing:
    if error.button and button:
        return Missing.BUTTON
    return Missing.FORMATTING if error.formatting and formatting else Missing.NOTHING


def _lost(article: Article, post: Post) -> Missing:
    lost = Missing.NOTHING if article.media is None or is_shown(article.media, post) else Missing.PICTURE
    return lost | (Missing.MARKS if post.unmarked else Missing.NOTHING)


def without(article: Article, missing: Missing) -> Article:
    """Return the article as it goes out; without its button, the address stands in the text."""
    if Missing.PICTURE in missing:
        article = replace(article, media=None)
    if Missing.BUTTON in missing:
        article = replace(article, link="", body=(*article.body, (Run(article.link),)))
    return article
