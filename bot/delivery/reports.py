"""Reports of the delivery to the desk."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.adapters.base import Receipt
from bot.domain import Platform, news
from bot.domain.ledger import Cause, Dispatch, DispatchKind, DispatchState
from bot.storage import Queries


async def tell_if_complete(tx: Queries, dispatch: Dispatch, now: datetime) -> None:
    """A dispatch has ended. Tell the desk the outcome of the article if nothing of it is under way; once for each end.

    What carries a change is told with the change.
    """
    article_id = dispatch.article_id
    if dispatch.change_id is not None:
        await tell_changes(tx, article_id, now)
    if dispatch.kind is DispatchKind.POST and await tx.open_dispatches(article_id) == 0:
        await tx.trouble_over(f"complete:{article_id}", now)
        await tx.tell_desk(f"complete:{article_id}", news.Complete(article_id), now)
        await tx.outdate(article_id)  # its cards tell where it is


async def tell_changes(tx: Queries, article_id: int, now: datetime) -> None:
    """End the changes of an article of which nothing is on its way, and tell the desk of each."""
    for change in await tx.finish_changes(article_id, now):
        await tx.announce(news.ChangeDone(article_id, change.id), now)
        await tx.outdate(article_id)


async def post_arrived(tx: Queries, dispatch: Dispatch, receipt: Receipt, now: datetime) -> None:
    """Settle a post that is in its channel. One without a number yet is told of: its link is not known."""
    await tx.settle(dispatch.id, DispatchState.DELIVERED, now, message_id=receipt.message_id, link=receipt.link)
    if receipt.message_id == 0 and dispatch.kind is DispatchKind.POST:
        await tx.tell_desk(f"no-id:{dispatch.id}", news.NoMessageId(dispatch.id), now)
    if dispatch.pin and dispatch.kind is DispatchKind.POST:
        await tx.pin_post(dispatch, now)
    elif dispatch.kind is DispatchKind.PIN:
        await tx.unpin_later(dispatch, now)
    await tell_if_complete(tx, dispatch, now)


async def stop_readers(tx: Queries, dispatch: Dispatch, reason: str, now: datetime) -> None:
    """Send to no further readers until the desk tries again; tell the desk once for each stop."""
    if not await tx.stop_readers(dispatch.id, reason, now):
        return
    key = f"readers_stopped:{dispatch.id}"
    await tx.trouble_over(key, now)
    await tx.tell_desk(key, news.ReadersStopped(dispatch.id), now)
    await tell_if_complete(tx, dispatch, now)


async def stop_expired(tx: Queries, platform: Platform, now: datetime) -> None:
    """Let nothing go further whose article has expired since it was published."""
    for dispatch in await tx.expired(platform, now):
        await tx.settle(dispatch.id, DispatchState.STOPPED, now, reason=Cause.EXPIRED)
        await tx.tell_desk(f"expired_on_its_way:{dispatch.id}", news.ExpiredOnItsWay(dispatch.id), now)
        await tell_if_complete(tx, dispatch, now)


async def ask_to_go_on(tx: Queries, left: Iterable[tuple[int, int, datetime]], now: datetime) -> None:
    """Let what stood still for too long while we were down wait for a person's yes, urgent or not.

    `left`: dispatch, article, and since when. One question for each article.
    """
    articles: dict[int, list[int]] = {}
    since: dict[int, datetime] = {}
    for dispatch_id, article_id, at in left:
        dispatch = await tx.dispatch(dispatch_id)
        if dispatch is None or dispatch.state not in (DispatchState.READY, DispatchState.RUNNING):
            continue  # it ended meanwhile
        await tx.settle(dispatch_id, DispatchState.STOPPED, now, reason=Cause.DOWN)
        articles.setdefault(article_id, []).append(dispatch_id)
        since[article_id] = min(at, since.get(article_id, at))
    for article_id, dispatches in articles.items():
        late = round((now - since[article_id]).total_seconds())
        key = f"left_behind:{article_id}"
        await tx.trouble_over(key, now)
        await tx.tell_desk(key, news.LeftBehind(article_id, tuple(dispatches), late), now)
