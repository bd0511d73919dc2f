"""The newsroom's own systems, such as its CMS, and the keys with which they bring articles in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.article import Address, Platform

#: The beginning of every key, by which a search for leaked secrets finds one.
PREFIX = "visnyk_"
#: Acts of keys in the log.
MADE, REVOKED = "key.made", "key.revoked"
#: Calls a minute that a key may make unless its maker says otherwise, and the most that may be said.
RATE, FASTEST = 60, 1200
#: Time for which the same call is known again.
REMEMBERED = timedelta(days=7)


class Scope(StrEnum):
    """The right that a key gives. None of them publishes or approves."""

    DRAFT = "draft"
    #: Drafts, and putting them to the desk.
    SUBMIT = "submit"


@dataclass(frozen=True, slots=True)
class SystemKey:
    """A key as it is kept. `rate`: calls a minute; `made_by`: the member who made it and answers for it."""

    id: int
    digest: str
    name: str
    scope: Scope
    rate: int
    made_by: int
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def address(self) -> Address:
        return address_of(self.id)

    @property
    def subject(self) -> str:
        """The name of the key in the log."""
        return subject_of(self.id)

    @property
    def seal(self) -> dict[str, Any]:
        """Return the fields that give authority, as the log has them."""
        return {"digest": self.digest, "name": self.name, "scope": str(self.scope), "rate": self.rate}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A call that was answered: what was asked for, by its digest, and the answer with its ETag."""

    asked: str
    article: int
    etag: str
    answer: str


def address_of(number: int) -> Address:
    """Return the address under which a key's articles stand. Nobody speaks from it: Telegram's ids are numbers."""
    return Address(Platform.TELEGRAM, f"key-{number}")


def subject_of(number: int) -> str:
    return f"key:{number}"


def new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(text: str) -> str:
    """Return the SHA-256 of a key, which is too random to be guessed from it."""
    return hashlib.sha256(text.encode()).hexdigest()
