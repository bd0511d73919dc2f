"""The time between "publish" and the first request, in which somebody can stop the publication."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.article import Address
from bot.domain.entry import EntryState


class Ended(StrEnum):
    """The end of a countdown."""

    PUBLISHED = "published"
    STOPPED = "stopped"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Countdown:
    """`person` publishes the article at `ends_at`; if stopped, it returns to its state before, `was`.

    `ended` is None while it runs. `ended_by` is the person who stopped it, as the desk calls them.
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
    #: True until it has been shown to somebody.
    is_new: bool = False
    #: The member who publishes it.
    publisher: int | None = None
