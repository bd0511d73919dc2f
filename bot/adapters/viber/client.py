"""The wire to Viber: one session and one kind of request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.adapters import pool
from bot.adapters.base import MayLeave, at_any_time
from bot.adapters.viber.outcome import status_of, translate
from bot.adapters.viber.render import REQUEST_LIMIT, to_json
from bot.errors import HandedBack, Misconfigured, NotSent, Rejected, SendError

#: Seconds to connect; if that fails, nothing has been sent.
CONNECT_TIMEOUT = 10.0


@dataclass(frozen=True, slots=True)
class Account:
    """An account of ours on Viber: the bot's or the channel's. Its token stays out of every repr."""

    name: str
    token: str

    def __repr__(self) -> str:
        return f"Account({self.name!r})"

    @property
    def channel(self) -> bool:
        return self.name == "channel"


@dataclass(frozen=True, slots=True)
class Answer:
    """A raw answer, not interpreted yet."""

    status: int | None = None
    payload: Mapping[str, Any] | None = None
    error: Exception | None = None

    @property
    def ok(self) -> bool:
        return self.error is None and self.status == 200 and status_of(self.payload) == 0


class ViberClient:
    def __init__(self, api_url: str, *, timeout: float, proxy: str = "") -> None:
        self._api_url = api_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(
            total=timeout, sock_connect=min(CONNECT_TIMEOUT, timeout), sock_read=timeout
        )
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self.may_leave: MayLeave = at_any_time
        #: Of the latest answer.
        self.headers: Mapping[str, str] = {}

    async def open(self) -> None:
        if self._session is None:
            self._session = pool.opened(self._proxy, self._timeout)

    async def close(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, account: Account, endpoint: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Call `{api_url}/{endpoint}` and return its answer; raises a `SendError` unless it is a success."""
        if not account.token:
            raise Misconfigured(f"The Viber {account.name} is off: {_setting(account)} is empty.")
        data = to_json(body)
        if len(data) > REQUEST_LIMIT:
            raise Rejected(f"A request of {len(data)} bytes; Viber takes {REQUEST_LIMIT}.")
        answer = await self._exchange(account, endpoint, data)
        if answer.ok and answer.payload is not None:
            return answer.payload
        failure = translate(answer.status, answer.payload, answer.error, channel=account.channel)
        # From None: the client's own exception may carry the request's headers, and so the token.
        raise _scrubbed(failure, account.token) from None

    async def _exchange(self, account: Account, endpoint: str, data: bytes) -> Answer:
        if self._session is None:
            raise NotSent("The connection to Viber is not open.")
        if not self.may_leave():
            raise HandedBack("another process may be sending by now")
        headers = {"X-Viber-Auth-Token": account.token, "Content-Type": "application/json; charset=utf-8"}
        url = f"{self._api_url}/{endpoint}"
        try:
            async with self._session.post(url, data=data, headers=headers, allow_redirects=False) as response:
                self.headers = response.headers
                return Answer(response.status, _json_object(await response.read()))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return Answer(error=error)


def _json_object(data: bytes) -> Mapping[str, Any] | None:
    try:
        payload = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return payload if isinstance(payload, dict) else None


def _setting(account: Account) -> str:
    return "VIBER_CHANNEL_TOKEN" if account.channel else "VIBER_TOKEN"


def _scrubbed(failure: SendError, token: str) -> SendError:
    if token in failure.reason:
        failure.reason = failure.reason.replace(token, "***")
        failure.args = (failure.reason,)
    return failure
