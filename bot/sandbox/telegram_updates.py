"""Telegram's updates to a bot: long polling and webhooks.

Their rules are in docs/platforms/telegram.md#polling and docs/platforms/telegram.md#webhooks.
"""

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import islice, takewhile
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.phones import Board
from bot.sandbox.telegram_content import JSON
from bot.sandbox.telegram_params import Params
from bot.sandbox.telegram_world import Account, Refusal, bad
from bot.sandbox.wire import LOCAL_HOSTS

#: Longest poll, in seconds; a longer one is cut to this.
MAX_POLL = 50
#: Shortest and longest wait between deliveries, in seconds. Telegram's are 2 to 120; a sandbox's people are less
#: patient.
FIRST_RETRY, LAST_RETRY = 0.02, 1.0
#: Seconds that a webhook may take to answer.
PATIENCE = 60.0

_ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(slots=True)
class Update:
    """One update; those of one `queue` are delivered one after another."""

    id: int
    kind: str
    queue: str
    body: JSON


@dataclass(eq=False, slots=True)
class Inbox:
    """The updates that wait for one bot, and how it wants to get them."""

    account: Account
    pending: dict[int, Update] = field(default_factory=dict)
    queues: dict[str, dict[int, Update]] = field(default_factory=dict)
    last_id: int = field(default_factory=lambda: random.randrange(10_000, 900_000_000))  # noqa: S311 - any number
    allowed: frozenset[str] | None = None
    allowed_wire: list[str] = field(default_factory=list)
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    error: str = ""
    error_at: int = 0
    poll: asyncio.Future[str] | None = None
    workers: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))

    def wants(self, kind: str) -> bool:
        return kind not in _ON_REQUEST_ONLY if self.allowed is None else kind in self.allowed

    def put(self, kind: str, queue: str, body: JSON) -> None:
        self.last_id += 1
        update = Update(self.last_id, kind, queue, {"update_id": self.last_id, kind: body})
        self.pending[update.id] = update
        self.queues.setdefault(queue, {})[update.id] = update

    def take_out(self, update: Update) -> None:
        self.pending.pop(update.id, None)
        queue = self.queues.get(update.queue, {})
        queue.pop(update.id, None)
        if not queue:
            self.queues.pop(update.queue, None)

    def end_poll(self, why: str) -> None:
        if self.poll is not None and not self.poll.done():
            self.poll.set_result(why)


class Postman:
    """Delivers updates to every bot."""

    def __init__(self, board: Board, call: Callable[[Account, JSON], Awaitable[None]]) -> None:
        self.board = board
        self._call = call
        self._inboxes: dict[str, Inbox] = {}
        self._session: aiohttp.ClientSession | None = None

    def open(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        for inbox in self._inboxes.values():
            self._wake(inbox)

    async def close(self) -> None:
        workers = [worker for inbox in self._inboxes.values() for worker in inbox.workers.values()]
        for inbox in self._inboxes.values():
            inbox.end_poll("")
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def inbox(self, account: Account) -> Inbox:
        inbox = self._inboxes.get(account.token)
        if inbox is None:
            inbox = self._inboxes[account.token] = Inbox(account)
        return inbox

    def post(self, account: Account, kind: str, queue: str, body: JSON) -> None:
        """Queue an update for this bot, if it wants updates of this kind."""
        inbox = self.inbox(account)
        if not inbox.wants(kind):
            return
        inbox.put(kind, queue, body)
        inbox.end_poll("")
        self._wake(inbox, queue)
        self.board.changed()

    # -- long polling

    async def get_updates(self, account: Account, params: Params) -> list[JSON]:
        inbox = self.inbox(account)
        if inbox.url:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        inbox.end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._allow(inbox, params)
        self._confirm(inbox, params.integer("offset"))
        limit = params.integer("limit", 100)
        if not inbox.pending:
            await self._wait(inbox, min(max(params.integer("timeout"), 0), MAX_POLL))
        return [update.body for update in islice(inbox.pending.values(), limit if 1 <= limit <= 100 else 100)]

    def _confirm(self, inbox: Inbox, offset: int) -> None:
        if offset < 0:
            ids = list(inbox.pending)
            offset = ids[offset] if len(ids) >= -offset else 0
        for update in list(takewhile(lambda update: update.id < offset, inbox.pending.values())):
            inbox.take_out(update)
        self.board.changed()

    async def _wait(self, inbox: Inbox, seconds: int) -> None:
        if not seconds:
            return
        poll = inbox.poll = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                why = await poll
        except TimeoutError:
            why = ""
        finally:
            if inbox.poll is poll:
                inbox.poll = None
        if why:
            raise Refusal(409, f"Conflict: {why}")

    def _allow(self, inbox: Inbox, params: Params) -> None:
        allowed = params.object("allowed_updates", "can't parse allowed updates JSON object")
        if allowed is None:
            return
        inbox.allowed_wire = [str(kind) for kind in allowed]
        inbox.allowed = frozenset(inbox.allowed_wire) or None

    # -- webhooks

    def set_webhook(self, account: Account, params: Params) -> None:
        url, secret = params.text("url").strip(), params.text("secret_token")
        if not url:
            self.delete_webhook(account, params)
            return
        check_webhook(url)
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        inbox = self.inbox(account)
        self._allow(inbox, params)
        self._drop_pending(inbox, params)
        inbox.end_poll("terminated by setWebhook request")
        inbox.url, inbox.secret, inbox.error, inbox.error_at = url, secret, "", 0
        inbox.max_connections = min(max(params.integer("max_connections", 40), 1), 100)
        inbox.slots = asyncio.Semaphore(inbox.max_connections)
        self._wake(inbox)

    def delete_webhook(self, account: Account, params: Params) -> None:
        inbox = self.inbox(account)
        inbox.url = inbox.secret = ""
        self._drop_pending(inbox, params)

    def _drop_pending(self, inbox: Inbox, params: Params) -> None:
        if params.flag("drop_pending_updates"):
            inbox.pending.clear()
            inbox.queues.clear()

    def webhook_info(self, account: Account) -> JSON:
        inbox = self.inbox(account)
        info: JSON = {
            "url": inbox.url,
            "has_custom_certificate": False,
            "pending_update_count": len(inbox.pending),
        }
        if inbox.url:
            info |= {"max_connections": inbox.max_connections, "ip_address": "127.0.0.1"}
        if inbox.error:
            info |= {"last_error_date": inbox.error_at, "last_error_message": inbox.error}
        if inbox.allowed_wire:
            info["allowed_updates"] = inbox.allowed_wire
        return info

    def _wake(self, inbox: Inbox, *queues: str) -> None:
        """Start a worker for each of these queues, or for all that hold updates if none is named."""
        if not inbox.url or self._session is None:
            return
        for queue in queues or inbox.queues:
            if queue not in inbox.workers:
                inbox.workers[queue] = asyncio.create_task(self._work(inbox, queue, self._session))

    async def _work(self, inbox: Inbox, queue: str, session: aiohttp.ClientSession) -> None:
        failures = 0
        while update := self._next(inbox, queue):
            async with inbox.slots:
                done = await self._deliver(inbox, update, session)
            self.board.changed()
            if done:
                failures = 0
                inbox.take_out(update)
                continue
            failures += 1
            if failures > 1:
                await asyncio.sleep(min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 2)))
        del inbox.workers[queue]

    def _next(self, inbox: Inbox, queue: str) -> Update | None:
        if not inbox.url:
            return None
        return next(iter(inbox.queues.get(queue, {}).values()), None)

    async def _deliver(self, inbox: Inbox, update: Update, session: aiohttp.ClientSession) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": inbox.secret} if inbox.secret else {}
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        try:
            async with (
                self.board.delivery("telegram"),
                session.post(
                    self.board.routed(inbox.url), json=update.body, headers=headers, timeout=timeout
                ) as answer,
            ):
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._failed(inbox, str(error) or "Connection timed out")
            return False
        if answer.status // 100 != 2:
            self._failed(inbox, f"Wrong response from the webhook: {answer.status} {answer.reason}")
            return False
        await self._obey(inbox.account, body)
        return True

    def _failed(self, inbox: Inbox, error: str) -> None:
        inbox.error, inbox.error_at = error, int(self.board.now())

    async def _obey(self, account: Account, body: bytes) -> None:
        """Execute the method call that a confirmation may hold; nobody sees its result."""
        try:
            call: Any = json.loads(body) if body.startswith(b"{") else None
        except ValueError:
            return
        method = str(call.get("method", "")) if isinstance(call, dict) else ""
        if method and not method.lower().startswith(("get", "setwebhook", "deletewebhook", "close", "logout")):
            await self._call(account, call)


def check_webhook(url: str) -> None:
    """Apply Telegram's rules to a webhook's address, but let plain HTTP on this machine through."""
    parts = urlsplit(url)
    if not parts.hostname:
        raise bad("invalid webhook URL specified")
    if parts.hostname in LOCAL_HOSTS:
        return
    if parts.scheme != "https":
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in (80, 88, 443, 8443):
        raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
