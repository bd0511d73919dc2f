"""The time between "publish" and the first request, in which somebody can stop it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.entry import EntryState


class Ended(StrEnum):
    """How a countdown ended."""

    PUBLISHED = "published"
    STOPPED = "stopped"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Countdown:
    """`person` publishes the article at `ends_at`; if that is stopped, it is again what it was.

    `ended` None: it runs. `ended_by`: who stopped it, as the desk calls them.
    """

    article_id: int
    person: Address
    chat: Address
    was: EntryState
    was_due_at: datetime | None
    begun_at: datetime
    ends_at: datetime
    ended: Ended | None = None
    ended_by: str = ""
    #: Nobody has been shown it yet.
    is_new: bool = False
