"""What an approval stands for, whether there are enough of them, and what the desk was asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.article import Address, Article
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class DeskRules:
    """`undo`: how long an article can be stopped after "publish". `remind_after`, `escalate_after`: what waits for
    approval so long is asked for again, is told to the owners.
    """

    undo: timedelta
    remind_after: timedelta
    escalate_after: timedelta


class ReviewKind(StrEnum):
    """Before it goes out; after it went out with one person."""

    BEFORE = "before"
    AFTER = "after"


class Verdict(StrEnum):
    """How else somebody answers who is asked to approve; both with a reason."""

    CHANGES = "changes"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Review:
    """The desk was asked about exactly what `binding` stands for."""

    id: int
    article_id: int
    version: int
    kind: ReviewKind
    binding: str
    asked_by: Address
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """Somebody's no to a version, and why."""

    verdict: Verdict
    version: int
    member_id: int
    reason: str
    at: datetime


def binding(article: Article, outlets: Iterable[str], at: datetime | None) -> str:
    """What exactly is approved, as 64 hexadecimal digits. `at` None: at once, when an editor publishes it."""
    time = at.timestamp() if at is not None else None
    return hashlib.sha256(json.dumps([article.sha256, sorted(outlets), time]).encode()).hexdigest()


def valid_approvals(approvers: Iterable[Person], authors: Collection[int], now: datetime) -> frozenset[int]:
    """Which people of `approvers` count now: they may approve still, and wrote no version of the article."""
    return frozenset(person.id for person in approvers if person.may_approve(now) and person.id not in authors)
