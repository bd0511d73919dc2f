"""Events out: the newsroom's own system is told, signed and until it has taken it, what became of articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import aiohttp
import structlog

from bot.domain import Article
from bot.domain.events import Event, body_of, headers_of, wait_after
from bot.storage import Store
from bot.worker import Worker

log = structlog.get_logger(__name__)

#: Seconds for one attempt.
PATIENCE = aiohttp.ClientTimeout(total=15.0)


class Events:
    """`url` is the operator's own and may lie in a private network; no redirect is followed. Empty: nobody listens.

    `connect` opens connections that go the way which the operator named, with a limit of time.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        key: bytes,
        *,
        connect: Callable[[aiohttp.ClientTimeout], aiohttp.ClientSession],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._url = url
        self._key = key
        self._connect = connect
        self._now = now
        self._session: aiohttp.ClientSession | None = None
        self.worker = Worker("events", self._step)

    async def open(self) -> None:
        """Let the store note events from now on, or none where nobody listens."""
        now = self._now()
        await self._store.write(lambda tx: tx.want_events(now) if self._url else tx.want_no_events())

    def start(self) -> None:
        self._store.on("event", self.worker.wake)
        self.worker.start()

    async def stop(self) -> None:
        """Stop at once: what was not taken is sent again after the next start, under the same name."""
        await self.worker.cancel()
        if self._session is not None:
            await self._session.close()

    async def _step(self) -> float | None:
        waiting = await self._store.read.events() if self._url else []
        for event in waiting:
            if event.try_at > self._now():
                return max(0.1, (event.try_at - self._now()).total_seconds())
            await self._tell(event)
        return 0.0 if waiting else None

    async def _tell(self, event: Event) -> None:
        failed = await self._send(event)
        attempts, now = event.attempts + 1, self._now()
        wait = wait_after(attempts) if failed else None
        if wait is None:
            await self._store.write(lambda tx: tx.end_event(event.id), behind=True)
        else:
            until = now + wait
            await self._store.write(lambda tx: tx.put_off_event(event.id, until), behind=True)
        if failed:
            log.warning("event_not_taken", kind=event.kind, reason=failed, attempts=attempts, given_up=wait is None)
        else:
            log.info("event_taken", kind=event.kind, article=event.article)

    async def _send(self, event: Event) -> str:
        """Make one attempt. Return why it failed; empty: it was taken."""
        body = body_of(event, await self._content(event))
        headers = {"Content-Type": "application/json", **headers_of(event, body, self._key, self._now())}
        if self._session is None:
            self._session = self._connect(PATIENCE)
        try:
            async with self._session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                return "" if 200 <= answer.status < 300 else f"answered {answer.status}"
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__

    async def _content(self, event: Event) -> Article | None:
        """Return what the article said then; None if that is damaged, for which it may have been held."""
        try:
            return await self._store.read.content(event.article, event.version) if event.version else None
        except (ValueError, KeyError, TypeError):
            return None
