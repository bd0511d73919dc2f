"""Tips: what a reader writes to the desk, passed on by the reader's own press, and what keeps one from it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.article import Address, Platform, Run, plain
from bot.domain.clean import clean

#: Tips that one reader may send within `EACH_WITHIN`.
EACH, EACH_WITHIN = 3, timedelta(days=1)
#: Tips that all readers together may send within `ALL_WITHIN`: the desk can read no more.
ALL, ALL_WITHIN = 30, timedelta(hours=1)
#: Messages of one reader that are kept until a press.
OFFERED = 20
#: Characters of a tip; with what is said about it, it fills a message.
LONGEST = 3_000
#: Words of the shortest message that may be a tip.
FEWEST = 3
#: How long a tip is kept.
KEPT = timedelta(days=3)


class Bar(StrEnum):
    """A reason for which a tip is not passed on."""

    GONE = "gone"
    SENT = "sent"
    BLOCKED = "blocked"
    ENOUGH = "enough"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Tip:
    """`reader`: the sealed chat. `name`: the one that the reader gave; empty: none."""

    id: int
    reader: str
    platform: Platform
    text: str
    name: str = ""
    sent_at: datetime | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The tips that were passed on lately: those of this reader, and of all readers."""

    own: int
    all: int
    is_blocked: bool = False


def bar(tip: Tip | None, told: Told) -> Bar | None:
    """Return what keeps a tip from being passed on; None: nothing."""
    if tip is None:
        return Bar.GONE
    if tip.sent_at is not None:
        return Bar.SENT
    if told.is_blocked:
        return Bar.BLOCKED
    if told.own >= EACH:
        return Bar.ENOUGH
    return Bar.FULL if told.all >= ALL else None


def sealed(key: bytes, chat: Address) -> str:
    """Return what stands for a reader's chat beside their tips; without the `key` it leads to nobody."""
    return hmac.digest(key, f"tips\0{chat}".encode(), hashlib.sha256).hex()


def words_of(text: str) -> str:
    """Return the visible words of a message, cut to what is passed on."""
    seen = plain(clean((Run(text),)).runs).strip()
    return seen if len(seen) <= LONGEST else seen[: LONGEST - 1].rstrip() + "…"


def may_be_one(text: str) -> bool:
    """True if a message has enough words to tell the desk something."""
    return len(text.split()) >= FEWEST
