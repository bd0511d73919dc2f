"""The memory of a running dispatch: readers to be left alone for a while, and whether it has been accepted."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.delivery.health import backoff
from bot.errors import SendError, Wait

#: Readers that are remembered before those whose wait ended KEPT ago are forgotten: their dispatch is over or stopped.
MANY, KEPT = 10_000, timedelta(hours=1)


class Patience:
    """Readers of dispatches who are left alone for a while, each after a number of tries. Forgotten at a restart."""

    def __init__(self) -> None:
        self._until: dict[tuple[int, int], tuple[datetime, int]] = {}
        self._bound = MANY

    def __len__(self) -> int:
        return len(self._until)

    def postpone(self, dispatch_id: int, subscriber: int, until: datetime) -> None:
        """Leave this reader alone until then, after one more try."""
        self._until[dispatch_id, subscriber] = (until, self.tries(dispatch_id, subscriber) + 1)
        if len(self._until) > self._bound:
            self._until = {key: each for key, each in self._until.items() if each[0] > until - KEPT}
            self._bound = max(MANY, 2 * len(self._until))

    def set_back(self, by: timedelta) -> None:
        """The wall clock went back by `by`: shift every deadline."""
        self._until = {key: (until - by, tries) for key, (until, tries) in self._until.items()}

    def until(self, dispatch_id: int, subscriber: int) -> datetime | None:
        """Return when this reader may be tried again; None: at any time."""
        found = self._until.get((dispatch_id, subscriber))
        return found[0] if found else None

    def tries(self, dispatch_id: int, subscriber: int) -> int:
        """Return how often this reader was postponed."""
        found = self._until.get((dispatch_id, subscriber))
        return found[1] if found else 0

    def wait(self, error: SendError, dispatch_id: int, subscriber: int) -> timedelta:
        """Return how long to wait after `error`: as long as the platform says, or longer each time."""
        if isinstance(error, Wait):
            return timedelta(seconds=error.seconds)
        return backoff(self.tries(dispatch_id, subscriber) + 1)

    def forget(self, dispatch_id: int, subscriber: int) -> None:
        """Try this reader like everybody else from now on."""
        self._until.pop((dispatch_id, subscriber), None)


#: Dispatches that are remembered; one that was forgotten has to show again that it is accepted.
DISPATCHES = 1_000
#: Once someone has received a message, a rejection concerns only that reader, up to this many in a row.
IN_A_ROW = 8


class Proven:
    """Dispatches of which a reader has a copy: the platform accepts this message."""

    def __init__(self) -> None:
        #: Rejections since the last accepted copy, by dispatch.
        self._rejected: dict[int, int] = {}

    def __contains__(self, dispatch_id: int) -> bool:
        return dispatch_id in self._rejected

    def taken(self, dispatch_id: int) -> None:
        """Note that a copy was accepted."""
        self._rejected[dispatch_id] = 0
        if len(self._rejected) > DISPATCHES:
            del self._rejected[next(iter(self._rejected))]

    def rejected(self, dispatch_id: int) -> bool:
        """Count a rejection. Return True if it may concern one reader only."""
        in_a_row = self._rejected.get(dispatch_id, IN_A_ROW)
        if in_a_row < IN_A_ROW:
            self._rejected[dispatch_id] = in_a_row + 1
        return in_a_row < IN_A_ROW
