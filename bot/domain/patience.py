"""Patience of one person: how many messages an hour they get who answer nothing, and which of them come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum


class Urge(IntEnum):
    """The urgency of a message: what somebody waits for, what cannot wait, what must be learnt, all else."""

    ANSWER = 0
    ALARM = 1
    MUST = 2
    NEWS = 3


class Leave(StrEnum):
    """The leave that a message has: now, later, or not at all, but counted."""

    NOW = "now"
    LATER = "later"
    ASIDE = "aside"


#: The time within which unanswered messages are counted, as Viber counts them (docs/platforms/viber.md#one-person).
HOUR = timedelta(hours=1)
#: Unanswered messages within an hour from which on no more of that urgency leave. Twenty are the most for one person;
#: what matters more keeps some of them free, and a message may come in two parts.
ROOM: Mapping[Urge, int] = {Urge.ALARM: 19, Urge.MUST: 16, Urge.NEWS: 11}


def leave(urge: Urge, unanswered: int) -> Leave:
    """Decide on a message to somebody who got so many within an hour, and answered none of them.

    What is told for information is put aside at once; what must be learnt waits. An answer is never kept waiting.
    """
    if urge is Urge.ANSWER or unanswered < ROOM[urge]:
        return Leave.NOW
    return Leave.ASIDE if urge is Urge.NEWS else Leave.LATER


def room_from(urge: Urge, unanswered: Sequence[datetime]) -> datetime:
    """Return when there is room for a message again, given when the unanswered ones left, the earliest first."""
    return unanswered[len(unanswered) - ROOM[urge]] + HOUR
