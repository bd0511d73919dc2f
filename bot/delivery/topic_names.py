"""Names an article's topics in the desk's forums after the article, also when its headline changes."""

from __future__ import annotations

import structlog

from bot.adapters.base import Messenger
from bot.delivery.limiter import Lane, Limiter
from bot.domain import Address
from bot.errors import InDoubt, NoTopic, NotSent, SendError, Wait
from bot.storage import Store
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds after which a name that could not be given is tried again.
REST = 30.0


class TopicNames:
    """A name that the group does not let us give is given up: the topic serves under its old one too."""

    def __init__(self, messenger: Messenger, store: Store, limiter: Limiter) -> None:
        self._messenger = messenger
        self._store = store
        self._limiter = limiter
        self.worker = Worker(f"topic-names-{messenger.platform}", self._step)
        self.wake = self.worker.wake
        self.stop = self.worker.cancel

    def start(self) -> None:
        self._store.on("topic", self.wake)
        self.worker.start()

    async def _step(self) -> float | None:
        rests = []
        for chat, thread, name in await self._store.read.misnamed_topics(self._messenger.platform):
            if rest := await self._rename(chat, thread, name):
                rests.append(rest)
        return min(rests, default=None)

    async def _rename(self, chat: Address, thread: int, name: str) -> float:
        """Rename a topic. Return the seconds until it is tried again; 0: it is settled."""
        left = False
        try:
            await self._limiter.turn_to(Lane.REPLY, chat.id)  # it counts as a message
            left = True
            await self._messenger.rename_topic(chat.id, thread, name)
        except Wait as wait:
            if left:
                self._limiter.sent_away(chat.id, wait)
            return max(wait.seconds, 1.0)
        except (NotSent, InDoubt):
            return REST
        except NoTopic:
            await self._store.write(lambda tx: tx.forget_topic(chat, thread))
        except SendError as error:
            log.warning("topic_not_renamed", chat=str(chat), error=type(error).__name__, reason=error.reason)
        await self._store.write(lambda tx: tx.topic_renamed(chat, thread, name))
        return 0.0
