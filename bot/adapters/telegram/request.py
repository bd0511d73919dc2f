"""The wire to Telegram: one aiohttp session under python-telegram-bot that keeps each raw answer for its caller."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Never, cast

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.adapters import pool
from bot.adapters.base import MayLeave, at_any_time
from bot.adapters.proxy import NoWay

#: Seconds to connect; if that fails, nothing has been sent.
CONNECT = 10.0

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class MayNotLeave(aiohttp.ClientError):
    """Raised while nothing may leave us: nothing was sent."""


class NotOpen(aiohttp.ClientError):
    """Raised without a pool (before `initialize`, after `shutdown`): nothing was sent."""


@dataclass(slots=True)
class Answer:
    """A raw answer, not interpreted yet. `status` is None if there was none."""

    status: int | None = None
    body: bytes = b""

    @property
    def payload(self) -> Mapping[str, Any] | None:
        """The body as a JSON object, None if it is not one."""
        return as_object(self.body)


_answer: ContextVar[Answer | None] = ContextVar("telegram_answer", default=None)


@contextmanager
def recording() -> Iterator[Answer]:
    """Record the last raw answer of the calls that this task makes inside."""
    answer = Answer()
    token = _answer.set(answer)
    try:
        yield answer
    finally:
        _answer.reset(token)


def as_object(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


class AiohttpRequest(BaseRequest):
    """The HTTP client. Cuts `secrets` out of every error's text; waits `timeout` seconds for an answer.

    aiohttp itself never repeats a POST (see its `IDEMPOTENT_METHODS`), and redirects are not followed.
    """

    __slots__ = ("_proxy", "_secrets", "_session", "_timeout", "_urls", "headers", "may_leave")

    def __init__(self, *, timeout: float = 60.0, secrets: tuple[str, ...] = (), proxy: str = "") -> None:
        self._timeout = timeout
        self._proxy = proxy
        self._secrets = tuple(secret for secret in secrets if secret)
        self._session: aiohttp.ClientSession | None = None
        self._urls: dict[str, URL] = {}
        self.may_leave: MayLeave = at_any_time
        #: Of the latest answer.
        self.headers: Mapping[str, str] = {}

    @property
    def read_timeout(self) -> float:
        return self._timeout

    async def initialize(self) -> None:
        if self._session is None or self._session.closed:
            timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT, sock_read=self._timeout)
            self._session = pool.opened(self._proxy, timeout)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        timeout = self._patience(read_timeout, connect_timeout)
        if request_data is None:
            return await self._exchange(method, url, timeout=timeout)
        if request_data.contains_files:
            return await self._exchange(method, url, data=_multipart(request_data), timeout=timeout)
        form = request_data.url_encoded_parameters().encode()
        return await self._exchange(method, url, data=form, headers=FORM, timeout=timeout)

    async def post_form(
        self, url: str, form: bytes, *, read_timeout: float | None = None, answer: Answer | None = None
    ) -> tuple[int, bytes]:
        """Make one call with a ready form body. `read_timeout` is in seconds; None means the usual one.

        `answer` receives the raw answer without `recording()`, which costs a tenth of a request.
        """
        timeout = self._patience(read_timeout) if read_timeout is not None else None
        return await self._exchange("POST", url, data=form, headers=FORM, timeout=timeout, answer=answer)

    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        data: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: aiohttp.ClientTimeout | None = None,  # noqa: ASYNC109 - aiohttp's own, per phase
        answer: Answer | None = None,
    ) -> tuple[int, bytes]:
        answer = answer or _answer.get() or Answer()
        answer.status, answer.body = None, b""
        try:
            session = self._open_session()
            patience = timeout or session.timeout
            if not self.may_leave():
                raise MayNotLeave("another process may be sending by now")
            response = await session.request(
                method, self._parsed(url), data=data, headers=headers, timeout=patience, allow_redirects=False
            )
            # `read` gives the connection back, or closes it if it fails; `async with` would do that a second time.
            body = await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            self._fail(error)
        answer.status, answer.body, self.headers = response.status, body, response.headers
        return response.status, body

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            raise NotOpen("the connections to Telegram are not open")
        return self._session

    def _parsed(self, url: str) -> URL:
        """The parsed address, kept per method: parsing costs as much as writing the request."""
        known = self._urls.get(url)
        if known is None:
            try:
                known = URL(url)
            except ValueError:
                raise aiohttp.InvalidURL(self._scrubbed(url)) from None
            # There are a dozen methods, but every file has an address of its own.
            if len(self._urls) < 64:
                self._urls[url] = known
        return known

    def _patience(self, read: object, connect: object = BaseRequest.DEFAULT_NONE) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(
            total=None, connect=_seconds(connect, CONNECT), sock_read=_seconds(read, self._timeout)
        )

    def _fail(self, error: Exception) -> Never:
        cause = self._clean(error)
        kind = TimedOut if isinstance(error, TimeoutError) else NetworkError
        raise kind(f"{type(error).__name__}: {cause}") from cause

    def _clean(self, error: Exception) -> Exception:
        """The error, or one of its kind, without secrets in its text: aiohttp quotes the whole address."""
        error.args = tuple(self._scrubbed(arg) if isinstance(arg, str) else arg for arg in error.args)
        text = f"{error} {error!r}"
        if not any(secret in text for secret in self._secrets):
            return error
        return _kind(error)(self._scrubbed(str(error))).with_traceback(None)

    def _scrubbed(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "…")
        return text

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the original, but an unusable body is neither logged (it may quote our address) nor causes a KeyError."""
        value = as_object(payload)
        if value is None:
            raise TelegramError("Invalid server response")
        if not value.get("ok"):
            # We read them ourselves: python-telegram-bot's RetryAfter, made from them, warns of its own deprecation.
            value.pop("parameters", None)
        return value


def _kind(error: Exception) -> type[aiohttp.ClientError]:
    """The kind of an error that can stand in its place: what was never sent must not look as if it might have been."""
    if isinstance(error, aiohttp.InvalidURL):
        return aiohttp.InvalidURL
    return NoWay if isinstance(error, pool.NEVER_LEFT) else aiohttp.ClientError


def _seconds(given: object, usual: float) -> float | None:
    return usual if given is BaseRequest.DEFAULT_NONE else cast("float | None", given)


def _multipart(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
