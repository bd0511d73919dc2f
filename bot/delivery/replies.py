"""What we owe people's chats: answers, cards, previews, news for the desk; each chat in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from bot.adapters.base import Messenger
from bot.delivery.pace import backoff
from bot.domain import Platform, Press, Preview, Run, Screen, outgoing_from_json
from bot.domain.entry import Owed
from bot.errors import NotSent, NotStored, SendError, Wait
from bot.storage import Store

log = structlog.get_logger(__name__)

#: Replies taken at once.
BATCH = 100
#: Look again after this when nothing rings, in seconds: postponed replies, a store that recovered.
REST = 1.0


class Replies:
    """One platform's replies. A reply of unknown outcome is not repeated: whoever misses it asks again."""

    def __init__(
        self,
        messengers: Mapping[Platform, Messenger],
        platform: Platform,
        store: Store,
        press: Press,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._messengers = messengers
        self._messenger = messengers[platform]
        self._store = store
        self._press = press
        self._now = now
        self._bell = asyncio.Event()
        self._chats: dict[str, asyncio.Task[None]] = {}
        self.stopping = False

    def wake(self) -> None:
        self._bell.set()

    async def run(self) -> None:
        while not self.stopping:
            self._bell.clear()
            try:
                rest = await self._start()
            except NotStored:
                rest = REST
            try:
                async with asyncio.timeout(rest):
                    await self._bell.wait()
            except TimeoutError:
                pass

    async def stop(self, patience: float) -> None:
        self.stopping = True
        self.wake()
        tasks = list(self._chats.values())
        if tasks:
            await asyncio.wait(tasks, timeout=patience)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _start(self) -> float | None:
        """Starts what is owed, a task for each chat that has none; returns how long to rest."""
        owed = await self._store.read.owed(self._messenger.platform, self._now(), BATCH)
        free = sorted((reply for reply in owed if reply.chat.id not in self._chats), key=_by_chat)
        if free:
            ids = [reply.id for reply in free]
            await self._store.write(lambda tx: tx.start_replies(ids, self._now()))
        for chat, replies in groupby(free, key=_by_chat):
            task = asyncio.create_task(self._serve(list(replies)))
            self._chats[chat] = task
            task.add_done_callback(lambda done, chat=chat: self._served(chat, done))  # type: ignore[misc]
        return REST if await self._store.read.owes(self._messenger.platform) else None

    def _served(self, chat: str, task: asyncio.Task[None]) -> None:
        self._chats.pop(chat, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("reply_failed", platform=self._messenger.platform, exc_info=error)
        self.wake()

    async def _serve(self, replies: list[Owed]) -> None:
        sent: list[int] = []
        try:
            for index, reply in enumerate(replies):
                wait = await self._serve_one(reply)
                if wait is not None:
                    await self._postpone([later.id for later in replies[index:]], wait)
                    break
                sent.append(reply.id)
        finally:
            if sent:
                await self._store.write(lambda tx: tx.drop_replies(sent))

    async def _postpone(self, ids: list[int], wait: timedelta) -> None:
        until = self._now() + wait
        for reply_id in ids:
            await self._store.write(lambda tx, reply_id=reply_id: tx.postpone_reply(reply_id, until))  # type: ignore[misc]

    async def _serve_one(self, reply: Owed) -> timedelta | None:
        """How long to wait before this one is tried again; None: it is settled."""
        try:
            await self._show(reply)
        except Wait as error:
            return timedelta(seconds=error.seconds)
        except NotSent:
            return backoff(2)
        except SendError as error:
            log.warning("reply_not_shown", platform=reply.chat.platform, error=type(error).__name__)
        return None

    async def _show(self, reply: Owed) -> None:
        outgoing = outgoing_from_json(reply.body)
        if isinstance(outgoing, Screen):
            await self._messenger.show(reply.chat.id, outgoing)
            return
        await self._show_preview(reply.chat.id, outgoing)

    async def _show_preview(self, chat: str, preview: Preview) -> None:
        """On its own platform the very post; on the other one, its characters as readers see them."""
        article = await self._store.read.content(preview.article_id, preview.version)
        target = self._messengers.get(preview.platform, self._messenger)
        post = target.render(article, self._press.outlet(article, preview.platform, channel=False, silent=True))
        if preview.platform is self._messenger.platform:
            await self._messenger.send(chat, post)
        else:
            await self._messenger.show(chat, Screen(runs=(Run(post.visible),)))


def _by_chat(reply: Owed) -> str:
    return reply.chat.id
