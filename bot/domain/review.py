"""Approvals: what the desk was asked, what an approval stands for, and which ones count."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.article import Address, Article
from bot.domain.duty import ALWAYS, QUIET, Hours
from bot.domain.outlet import QuietHours
from bot.domain.people import Person


@dataclass(frozen=True, slots=True)
class DeskRules:
    """Spans of the desk's rules. `undo`: how long an article can be stopped after "publish".

    `remind_after`: when the desk is asked for an approval again. `escalate_after`: when the owners are told.
    `approve_after`: how long a newcomer and a new address approve nothing. `quiet`: hours at night in which only alarms
    ring; `hours`: the duty of whoever has set none. `slack`: as far from the time that was approved an approver may
    move an article without a second round.
    """

    undo: timedelta
    remind_after: timedelta
    escalate_after: timedelta
    approve_after: timedelta
    quiet: QuietHours | None = QUIET
    slack: timedelta = timedelta(hours=2)
    hours: Hours = ALWAYS


class ReviewKind(StrEnum):
    """The kind of a question: before the article goes out, or after it went out with one person."""

    BEFORE = "before"
    AFTER = "after"


class Verdict(StrEnum):
    """An answer other than approval to a question for approval; both need a reason."""

    CHANGES = "changes"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Review:
    """A question to the desk about exactly what `binding` stands for, put by a member from the address `asked_by`."""

    id: int
    article_id: int
    version: int
    kind: ReviewKind
    binding: str
    asked_by: Address
    asked_at: datetime
    asked_by_member: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's no to a version, with the reason."""

    verdict: Verdict
    version: int
    member_id: int
    reason: str
    at: datetime


def binding(article: Article, outlets: Iterable[str], at: datetime | None) -> str:
    """The hash, in 64 hexadecimal digits, of what is approved. `at` is None if an editor will publish it at once."""
    return binding_of(article.sha256, outlets, at)


def binding_of(text: str, outlets: Iterable[str], at: datetime | None) -> str:
    """As `binding`, by the hash of the article's text. Instants count to the millisecond, as the store keeps them."""
    time = at.replace(microsecond=at.microsecond // 1000 * 1000).timestamp() if at is not None else None
    return hashlib.sha256(json.dumps([text, sorted(outlets), time]).encode()).hexdigest()


def valid_approvals(approvers: Iterable[Person], authors: Collection[int], now: datetime) -> frozenset[int]:
    """The ids of those `approvers` who count: they may still approve, and they wrote no version of the article."""
    return frozenset(person.id for person in approvers if person.may_approve(now) and person.id not in authors)
