"""Windows: the number of readers of an account's pages that may be reserved together, and the order of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.delivery.limiter import Lane

#: Pages of one platform that may reserve at once: while one waits for its last answers, the other goes on.
PAGES = 2
#: Readers that are reserved together, at least and at most. However few they are, a commit writes a block or two of the
#: disk; after a power cut twice as many are in doubt, and no more of them at a slow pace than at full speed. A kill
#: leaves only what was on the wire: see the flight recorder.
FEWEST, MOST = 96, 256


def windows(per_second: float) -> tuple[int, int]:
    """Return how many readers one commit reserves (a quarter of a second's), and on how many pages at once."""
    size = int(per_second * 0.25)
    if size <= FEWEST:
        return FEWEST, 1
    # Each page may have two windows reserved: as many pages together must not leave more than that in doubt.
    return min(MOST, size) // PAGES, PAGES


#: A page: its dispatch and its number.
Key = tuple[int, int]


class Run(Protocol):
    """A page on its way, as its neighbours see it. `reserved` readers as of its latest commit."""

    lane: Lane
    reserved: int

    def ring(self) -> None: ...
    def make_room(self) -> None: ...


class Windows:
    """Shares out reservations among pages. `wake` is called when the next page may begin."""

    def __init__(self, per_second: float, batch: int, *, wake: Callable[[], None]) -> None:
        """`batch`: readers that one request carries; they are reserved together."""
        self.size, self._pages = windows(per_second)
        self._window = max(self.size, batch)
        #: Readers of a page reserved when the next may begin: two windows together leave it half of one.
        self.spare = self._window * (1.5 if self._pages == 1 else 2.0)
        self.wake = wake
        self._lanes: dict[Key, Lane] = {}
        self._runs: list[Run] = []

    def begin(self, key: Key, lane: Lane) -> None:
        """Count a page that is being got ready."""
        self._lanes[key] = lane

    def end(self, key: Key) -> None:
        """Forget a page."""
        del self._lanes[key]

    def join(self, run: Run) -> None:
        """Count a page whose readers are reserved from now on."""
        self._runs.append(run)

    def leave(self, run: Run) -> None:
        """Give the reservations of a page to those beside it."""
        self._runs.remove(run)
        self.room_made(run)

    def outranks(self, lane: Lane) -> bool:
        """Return True if something more important is under way: then nothing more of `lane` is reserved."""
        return any(each < lane for each in self._lanes.values())

    def may_start(self, lane: Lane, ending: int = 0) -> bool:
        """Return True if one more page of `lane` may begin; `ending` pages of it reserve nothing more."""
        pages = sum(each is lane for each in self._lanes.values())
        return pages < PAGES and pages - ending < self._pages

    def room(self, run: Run, reserved: int) -> int:
        """Return how many more readers of `run`, beside `reserved`, the next commit may reserve.

        It is a window, so that no more than two are reserved together, also where one page ends and the next begins.
        """
        if reserved >= self._window:
            return 0
        if self._pages > 1:
            return self._window
        others = self._beside(run)
        room = min(self._window, 2 * self._window - sum(each.reserved for each in others) - reserved)
        if room >= self._window // 2:
            return room
        for each in others:
            each.make_room()
        return 0

    def room_made(self, run: Run) -> None:
        """Fewer readers of `run` are reserved: let those beside it go on, also while nobody answers them."""
        for each in self._beside(run):
            each.ring()

    def _beside(self, run: Run) -> list[Run]:
        return [each for each in self._runs if each.lane is run.lane and each is not run]
