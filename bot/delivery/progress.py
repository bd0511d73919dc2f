"""Shows each desk chat how far a large broadcast is: in one message that is edited, where the platform allows it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import Receipt
from bot.delivery.fault import tell_fault
from bot.domain import Address, Platform, Screen
from bot.domain.chat import View
from bot.domain.traits import Traits
from bot.errors import NotSent, SendError, Wait
from bot.storage import Queries, Store
from bot.worker import Worker, end

log = structlog.get_logger(__name__)

#: Least time between two edits of a message.
EVERY = timedelta(seconds=3)
#: Least seconds from one look to the next, and the least rest in multiples of the look: large audiences ask much.
LOOK, SHARE = 1.0, 20
#: Messages shown at one look. With a look every three seconds they take one turn a second from the readers.
AT_ONCE = 3
#: The article and the chat.
Key = tuple[int, Address]


class ProgressBoard:
    """`look` tells what is to be shown; `show` puts it into a chat when nobody else has to wait for that.

    Where nothing can be redrawn only the start is told, and the outcome as always.
    """

    def __init__(
        self,
        store: Store,
        look: Callable[[Queries], Awaitable[Sequence[View]]],
        show: Callable[[Address, Screen], Awaitable[Receipt]],
        traits: Mapping[Platform, Traits],
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._look = look
        self._send = show
        self._traits = traits
        self._now = now
        self._begun_at = now()
        #: The screen shown last, and when the next may follow.
        self._shown: dict[Key, tuple[Screen | None, datetime]] = {}
        #: By the loop's clock.
        self._next_look = 0.0
        self.worker = Worker("progress", self._step)
        self.wake = self.worker.wake
        #: The task that shows messages on a platform.
        self._showing: dict[Platform, asyncio.Task[None]] = {}

    def start(self) -> None:
        self._store.on("dispatch", self.wake)
        self.worker.start()

    async def stop(self) -> None:
        await self.worker.cancel()
        await end([*self._showing.values()], 0)

    async def _step(self) -> float | None:
        clock = asyncio.get_running_loop().time
        begun = clock()
        if begun < self._next_look:
            return self._next_look - begun
        busy = set(self._showing)  # the messages they are making are not known yet
        messages = await self._store.read.progress_messages()
        views = [v for v in await self._look(self._store.read) if not v.is_over or view_key(v) in messages]
        self._next_look = begun + max(LOOK, (clock() - begun) * SHARE)
        keys = {view_key(view) for view in views}
        for key in messages.keys() - keys:  # of people who are no longer editors
            await self._end(key)
        self._shown = {key: shown for key, shown in self._shown.items() if key in keys}
        turn = sorted(views, key=lambda view: self._next_time(view, view_key(view) in messages))
        due = [view for view in turn if self._is_due(view, messages)]
        for platform in {view.chat.platform for view in due} - busy:
            self._show_on(platform, [view for view in due if view.chat.platform is platform][:AT_ONCE], messages)
        return EVERY.total_seconds() if views else None

    def _show_on(self, platform: Platform, views: Sequence[View], messages: Mapping[Key, int]) -> None:
        """Show messages in a task of their own: a platform that answers slowly must not hold up the other one's."""

        async def show() -> None:
            for view in views:
                await self._show(view, messages.get(view_key(view)))

        task = self._showing[platform] = asyncio.create_task(show())
        task.add_done_callback(lambda done: self._shown_on(platform, done))

    def _shown_on(self, platform: Platform, task: asyncio.Task[None]) -> None:
        del self._showing[platform]
        tell_fault(task, "progress_failed", platform=platform)
        self.wake()

    def _next_time(self, view: View, is_known: bool) -> datetime:
        # A message that an earlier run made may have been edited a moment ago.
        first = self._begun_at + EVERY if is_known else self._now()
        return self._shown.setdefault(view_key(view), (None, first))[1]

    def _is_due(self, view: View, messages: Mapping[Key, int]) -> bool:
        before, at = self._shown[view_key(view)]
        message_id = messages.get(view_key(view))
        if message_id == 0:  # shown once, and cannot be edited: only the end is noted
            return view.is_over
        return at <= self._now() and (view.is_over or before != view.screen)

    async def _show(self, view: View, message_id: int | None) -> None:
        key = view_key(view)
        if view.is_over and message_id == 0:
            await self._end(key)
            return
        self._shown[key] = (view.screen, self._now() + EVERY)
        try:
            receipt = await self._send(view.chat, replace(view.screen, replaces=message_id or 0))
        except Wait as wait:
            self._shown[key] = (None, self._now() + max(EVERY, timedelta(seconds=wait.seconds)))
            return
        except NotSent:
            self._shown[key] = (None, self._now() + EVERY)
            return
        except SendError as error:
            log.info("progress_not_shown", platform=view.chat.platform, error=type(error).__name__)
            shown = message_id or 0  # a first message in doubt is not repeated
        else:
            shown = receipt.message_id if self._traits[view.chat.platform].edits else 0
        if view.is_over:
            await self._end(key)
        elif shown != message_id:
            await self._store.write(lambda tx: tx.keep_progress(view.article_id, view.chat, shown))

    async def _end(self, key: Key) -> None:
        await self._store.write(lambda tx: tx.end_progress(*key))


def view_key(view: View) -> Key:
    return view.article_id, view.chat
