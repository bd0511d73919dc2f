"""All couriers together: started, woken, recovered and stopped as one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from bot.adapters.base import Messenger
from bot.delivery.courier import Courier
from bot.delivery.news import tell_if_complete
from bot.delivery.pages import recovered
from bot.delivery.replies import Replies
from bot.domain import Channel, Pace, Platform, Press
from bot.domain.ledger import DispatchState
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)


class Delivery:
    def __init__(
        self,
        store: Store,
        messengers: Mapping[Platform, Messenger],
        press: Press,
        channels: Sequence[Channel],
        paces: Mapping[Platform, Pace],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._now = now
        by_key = {channel.key: channel for channel in channels}
        self._couriers = [
            Courier(messenger, store, press, by_key, paces.get(platform, Pace()), now=now)
            for platform, messenger in messengers.items()
        ]
        self._replies = [Replies(messengers, platform, store, press, now=now) for platform in messengers]
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """First settle what an earlier run left, then go to work."""
        await self._store.write(self._recover)
        for courier in self._couriers:
            self._store.on("dispatch", courier.wake)
            self._tasks.append(asyncio.create_task(courier.run()))
        for replies in self._replies:
            self._store.on("reply", replies.wake)
            self._tasks.append(asyncio.create_task(replies.run()))

    def wake(self) -> None:
        """The clock was moved: look again."""
        for courier in self._couriers:
            courier.wake()
        for replies in self._replies:
            replies.wake()

    async def stop(self, patience: float) -> None:
        await asyncio.gather(
            *(courier.stop(patience) for courier in self._couriers),
            *(replies.stop(patience) for replies in self._replies),
        )
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _recover(self, tx: Queries) -> None:
        now = self._now()
        await tx.drop_started_replies()
        for dispatch in await tx.interrupted_channels():
            reason = "Visnyk was stopped while it was on the way"
            await tx.settle(dispatch.id, DispatchState.IN_DOUBT, now, reason=reason)
            key = f"channel_in_doubt:{dispatch.id}:{dispatch.attempts}"
            await tx.tell_desk(key, "channel_in_doubt", {"dispatch": dispatch.id}, now)
        for page in await tx.interrupted_pages():
            interrupted = await tx.dispatch(page.dispatch_id)
            assert interrupted is not None
            settled, found = recovered(page, interrupted.policy)
            await tx.save_page(settled, now)
            await tx.add_exceptions(interrupted.id, found, now)
            log.warning("readers_in_doubt", article=interrupted.article_id, count=len(found))
            if settled.is_finished and await tx.finish_if_done(interrupted.id, now):
                await tell_if_complete(tx, interrupted.article_id, now)
