"""What an approval stands for, and whether there are enough of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime

from bot.domain.article import Article
from bot.domain.people import Person


def binding(article: Article, outlets: Iterable[str], at: datetime | None) -> str:
    """What exactly is approved, as 64 hexadecimal digits. `at` None: at once, when an editor publishes it."""
    time = at.timestamp() if at is not None else None
    return hashlib.sha256(json.dumps([article.sha256, sorted(outlets), time]).encode()).hexdigest()


def valid_approvals(approvers: Iterable[Person], authors: Collection[int], now: datetime) -> frozenset[int]:
    """Which people of `approvers` count now: they may approve still, and wrote no version of the article."""
    return frozenset(person.id for person in approvers if person.may_approve(now) and person.id not in authors)
