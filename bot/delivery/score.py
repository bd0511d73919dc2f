"""The score: how many posts and messages came to which end since the start, and how late the latest post was."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import Gone, HandedBack, Misconfigured, NotForMany, NotSent, Rejected, SendError, Wait


class To(StrEnum):
    """The receiver of a delivery."""

    CHANNEL = "channel"
    READER = "reader"


class Ending(StrEnum):
    """The end of one delivery, as the metrics name it."""

    SENT = "sent"
    #: The platform told us to come later.
    WAIT = "wait"
    #: It surely never arrived, and is tried again.
    NOT_SENT = "not_sent"
    IN_DOUBT = "in_doubt"
    REJECTED = "rejected"
    #: The reader has left.
    GONE = "gone"
    MISCONFIGURED = "misconfigured"


def ending_of(error: SendError) -> Ending | None:
    """Return the end that an error stands for; None for what never tried to leave, or is tried in another way."""
    match error:
        case HandedBack() | NotForMany():
            return None
        case Wait():
            return Ending.WAIT
        case NotSent():
            return Ending.NOT_SENT
        case Gone():
            return Ending.GONE
        case Rejected():
            return Ending.REJECTED
        case Misconfigured():
            return Ending.MISCONFIGURED
        case _:
            return Ending.IN_DOUBT


class Score:
    """The counts of one account. They begin at zero with each start, as counters in metrics do."""

    def __init__(self) -> None:
        self.endings: Counter[tuple[To, Ending]] = Counter({(to, ending): 0 for to in To for ending in Ending})
        #: From the moment when the latest post in a channel was to leave until the platform took it.
        self.lag = timedelta(0)
        #: When each post under way was to leave, by the number of its dispatch.
        self._since: dict[int, datetime] = {}

    def begins(self, dispatch: int, due: datetime) -> None:
        """Note that a post is under way; at another attempt the first moment counts."""
        self._since.setdefault(dispatch, due)

    def posted(self, dispatch: int, now: datetime) -> None:
        """Count a post that the platform took."""
        self.endings[To.CHANNEL, Ending.SENT] += 1
        self.lag = now - self._since.pop(dispatch, now)

    def not_posted(self, dispatch: int, error: SendError, *, is_over: bool) -> None:
        """Count an attempt that failed. `is_over`: nobody tries again by themselves."""
        self._failed(To.CHANNEL, error)
        if is_over:
            self._since.pop(dispatch, None)

    def reached(self, readers: int) -> None:
        self.endings[To.READER, Ending.SENT] += readers

    def missed(self, error: SendError) -> None:
        """Count a reader who did not get it, or for whom it is in doubt."""
        self._failed(To.READER, error)

    def _failed(self, to: To, error: SendError) -> None:
        if (ending := ending_of(error)) is not None:
            self.endings[to, ending] += 1
