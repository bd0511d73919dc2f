"""Viber's callbacks to an account: signed, and repeated until they are answered.

Their rules are in docs/platforms/viber.md#callbacks and docs/platforms/viber.md#signatures.
"""

import asyncio
import hashlib
import hmac
import json
from typing import Any

import aiohttp

from bot.sandbox.phones import Board
from bot.sandbox.viber_world import MANDATORY, Account

JSON = dict[str, Any]

#: Seconds before each repetition. Viber's are 10, 60, 300 …; a sandbox's people are less patient.
RETRIES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0, 1.0)
#: Seconds of silence that Viber takes for a failure.
PATIENCE = 5.0


def signature(token: str, body: bytes) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


class Callbacks:
    """Callbacks, in order for each person; one that failed is repeated later, out of order."""

    def __init__(self, board: Board) -> None:
        self.board = board
        self._session: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._last: dict[str, asyncio.Task[bytes | None]] = {}

    def open(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def close(self) -> None:
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def send(self, account: Account, line: str, event: JSON) -> "asyncio.Task[bytes | None] | None":
        """Call the account back, after what this person did before. The task gives the first answer's body, None if it
        failed."""
        wanted = event["event"] in MANDATORY or event["event"] in account.events
        if not account.webhook or not wanted:
            return None
        task = asyncio.create_task(self._in_line(account, line, event, self._last.get(line)))
        self._last[line] = task
        self._keep(task)
        return task

    def _keep(self, task: "asyncio.Task[Any]") -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _in_line(
        self, account: Account, line: str, event: JSON, before: "asyncio.Task[bytes | None] | None"
    ) -> bytes | None:
        if before is not None:
            await asyncio.wait([before])
        answer = await self.deliver(account, account.webhook, event)
        if answer is None:
            self._keep(asyncio.create_task(self._again(account, event)))
        if self._last.get(line) is asyncio.current_task():
            del self._last[line]
        self.board.changed()
        return answer

    async def _again(self, account: Account, event: JSON) -> None:
        for pause in RETRIES:
            await asyncio.sleep(pause)
            if not account.webhook or await self.deliver(account, account.webhook, event) is not None:
                break
        self.board.changed()

    async def deliver(self, account: Account, url: str, event: JSON) -> bytes | None:
        """The answer's body, or None unless it was HTTP 200 in time."""
        assert self._session is not None, "the sandbox is not open"
        body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "X-Viber-Content-Signature": signature(account.token, body),
            "Content-Type": "application/json; charset=UTF-8",
        }
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with (
                self.board.delivery("viber"),
                self._session.post(
                    self.board.routed(url), data=body, headers=headers, timeout=timeout, allow_redirects=False
                ) as answer,
            ):
                content = await answer.read()
                return content if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return None
