"""Events: what the newsroom's own system is told of, and how each message is signed and repeated."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.article import Article

#: The event of each act in the log that is one.
KINDS: Mapping[str, str] = {
    "article.published": "article.published",
    "article.held": "article.held",
    "article.changed": "article.corrected",
}
#: The beginning of a signing secret; base64 of 24 to 64 bytes follows (https://www.standardwebhooks.com).
PREFIX = "whsec_"
#: Waits after each failed attempt; after the last one the event is given up.
WAITS = (
    *(timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30)),
    *(timedelta(hours=2), timedelta(hours=5), timedelta(hours=10), timedelta(hours=14), timedelta(hours=20)),
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event that was not taken yet. `attempts`: those that failed. `why` it was held, or the kind of its change."""

    id: int
    kind: str
    article: int
    version: int
    why: str
    at: datetime
    attempts: int
    try_at: datetime

    @property
    def name(self) -> str:
        """The same at each attempt: its receiver knows by it what it has already."""
        return f"msg_{self.id}_{self.at:%Y%m%dT%H%M%SZ}"


def body_of(event: Event, article: Article | None) -> bytes:
    """Return what is sent. `article`: its content then; None if it can't be read."""
    data: dict[str, str | int] = {"id": event.article, "version": event.version}
    if article is not None:
        data |= {"sha256": article.sha256, "headline": article.headline, "link": article.link}
    if event.why:
        data["change" if event.kind == "article.corrected" else "why"] = event.why
    said = {"type": event.kind, "timestamp": event.at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def key_of(secret: str) -> bytes:
    """Return the bytes of a signing secret. Raises `ValueError` for what is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(secret[:0]) from None
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise ValueError(secret[:0])
    return key


def headers_of(event: Event, body: bytes, key: bytes, now: datetime) -> dict[str, str]:
    """Return the headers that prove a message: its name, the time of this attempt, and their signature."""
    at = str(int(now.timestamp()))
    sealed = hmac.new(key, f"{event.name}.{at}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": event.name,
        "webhook-timestamp": at,
        "webhook-signature": f"v1,{base64.b64encode(sealed).decode()}",
    }


def wait_after(attempts: int) -> timedelta | None:
    """Return the wait after that many failed attempts; None: it is given up."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None
