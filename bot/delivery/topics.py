"""Finds each article's topic in a desk group that is a forum, or begins it when the article is first spoken of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.adapters.base import Messenger, Turn
from bot.domain.entry import Entry, Owed
from bot.domain.news import NoTopics
from bot.errors import Misconfigured, NotSent, SendError, Wait
from bot.storage import Queries, Store

log = structlog.get_logger(__name__)

#: Time after which a group that let us begin no topic is asked again.
REST = timedelta(minutes=5)


class Topics:
    def __init__(self, messenger: Messenger, store: Store, *, now: Callable[[], datetime]) -> None:
        self._messenger = messenger
        self._store = store
        self._now = now
        #: Instants until which the general topic serves instead, by chat.
        self._resting: dict[str, datetime] = {}

    async def thread_for(self, reply: Owed, again: Turn) -> int:
        """Return the topic for a reply. Raises `Wait` and `NotSent` if a new one can be begun a little later."""
        if reply.about is None:
            return reply.thread
        thread = await self._store.read.topic(reply.chat, reply.about)
        if thread is None and self._resting.get(reply.chat.id, self._now()) <= self._now():
            thread = await self._begun(reply, reply.about)
            if thread is not None:
                await again()  # a topic counts as a message
        return reply.thread if thread is None else thread

    async def _begun(self, reply: Owed, article_id: int) -> int | None:
        """Begin a topic and return it. None: this group does not let us, and the desk is told once."""
        entry = await self._store.read.entry(article_id)
        assert entry is not None
        try:
            thread = await self._messenger.open_topic(reply.chat.id, entry.topic)
        except (NotSent, Wait):
            raise
        except SendError as error:
            log.warning("no_topic", chat=str(reply.chat), error=type(error).__name__, reason=error.reason)
            now = self._now()
            self._resting = {chat: until for chat, until in self._resting.items() if until > now}
            self._resting[reply.chat.id] = now + REST
            if isinstance(error, Misconfigured):
                await self._store.write(lambda tx: self._tell(tx, reply))
            return None
        await self._store.write(lambda tx: self._keep(tx, reply, entry, thread))
        return thread

    async def _tell(self, tx: Queries, reply: Owed) -> None:
        await tx.tell_desk(f"no_topics:{reply.chat}", NoTopics(), self._now())

    async def _keep(self, tx: Queries, reply: Owed, begun: Entry, thread: int) -> None:
        await tx.add_topic(reply.chat, begun.id, thread)
        entry = await tx.entry(begun.id)
        if entry is not None and entry.topic != begun.topic:  # edited while Telegram answered
            await tx.rename_topics(entry.id, entry.topic)
        await tx.trouble_gone(f"no_topics:{reply.chat}", self._now())

    async def is_gone(self, reply: Owed, thread: int) -> None:
        """Forget a topic that was deleted in the group, or is closed to us."""
        await self._store.write(lambda tx: tx.forget_topic(reply.chat, thread))
