"""Telegram's calls to us: updates, proved by the secret in a header."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.adapters.telegram import inbound
from bot.domain import Incoming, Screen

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name


class TelegramCalls:
    """`Calls` of the Bot API. `username`: the bot's own, empty until it is known; in groups commands may name it."""

    def __init__(self, secret: str, now: Callable[[], datetime]) -> None:
        self._secret = secret
        self._now = now
        self.username = ""

    def verify(self, headers: Mapping[str, str], body: bytes, account: str = "bot") -> bool:
        told = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER.lower()), "")
        return bool(self._secret) and hmac.compare_digest(_bytes(told), _bytes(self._secret))

    def key(self, body: bytes) -> str:
        return inbound.key(body)

    def is_replayed(self, body: bytes, now: datetime) -> bool:
        return inbound.is_replayed(body, now)

    def parse(self, body: bytes) -> Incoming | None:
        return inbound.understand(body, self._now, self.username)

    def welcome(self, screen: Screen) -> bytes:
        """Telegram shows no first screen of ours."""
        return b""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
