"""Forecasts: the time until all readers have an article, at today's pace."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from bot.domain import Platform
from bot.domain.audience import Audience
from bot.domain.ledger import Dispatch, Tally
from bot.storage import Queries

#: Readers counted by one question.
STEP = 50_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """The number of a platform's readers, and the time that sending to them takes."""

    platform: Platform
    readers: int
    time: timedelta


@dataclass(frozen=True, slots=True)
class Reach:
    """The number of a platform's `readers`, of `all`, who get an article."""

    platform: Platform
    readers: int
    all: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A dispatch to readers under way. `time_left` counts in those that go first on the same platform."""

    dispatch: Dispatch
    tally: Tally
    time_left: timedelta

    @property
    def fraction(self) -> float:
        """Return the settled share, from 0 to 1."""
        return 1 - self.tally.waiting / self.tally.audience if self.tally.audience else 1.0


class Forecast:
    """`pace` tells how many readers of a platform are sent to in a second, for free or paid for. Sending that takes at
    least `large` is announced."""

    def __init__(self, pace: Callable[[Platform, bool], float], large: timedelta) -> None:
        self._pace = pace
        self._large = large
        #: Numbers of a platform's readers, as counted last, by the language that they chose and that of their app.
        self._readers: dict[Platform, Counter[tuple[str, str]]] = {}

    async def count(self, tx: Queries) -> None:
        """Count the readers again, in steps between which others get their turn; done before anybody asks."""
        for platform in Platform:
            last = await tx.last_reader(platform) or 0
            found: Counter[tuple[str, str]] = Counter()
            for low in range(0, last + 1, STEP):
                found.update(await tx.readers_by_language(platform, low, low + STEP))
            self._readers[platform] = found

    def by_language(self) -> dict[tuple[Platform, str], int]:
        """Return the numbers of readers, as counted last, by platform and the language in which they read us."""
        found: Counter[tuple[Platform, str]] = Counter()
        for platform, readers in self._readers.items():
            for (reads, language), count in readers.items():
                found[platform, reads or language] += count
        return dict(found)

    def reach(self, platform: Platform, audience: Audience) -> Reach:
        """Return the number of a platform's readers whom an article of this audience concerns."""
        readers = self._readers.get(platform, Counter())
        return Reach(platform, sum(n for who, n in readers.items() if audience.has(*who)), readers.total())

    def time_for(self, platform: Platform, readers: int, *, paid: bool) -> timedelta:
        return timedelta(seconds=readers / self._pace(platform, paid))

    def before(self, platforms: Iterable[Platform], audience: Audience, *, paid: bool) -> list[Estimate]:
        """Return an estimate for each of `platforms` where sending an article to its readers now would take long."""
        readers = {platform: self.reach(platform, audience).readers for platform in platforms}
        estimates = [Estimate(platform, n, self.time_for(platform, n, paid=paid)) for platform, n in readers.items()]
        return [estimate for estimate in estimates if estimate.time >= self._large]

    async def under_way(self, tx: Queries) -> list[Progress]:
        """All that is being sent to readers, in the order of sending."""
        ahead: dict[Platform, timedelta] = defaultdict(timedelta)
        found = []
        for dispatch in await tx.running_readers():
            platform = dispatch.platform
            tally = await tx.tally(dispatch)
            to_come = 0 if dispatch.is_counted else self.reach(platform, dispatch.whose).readers - tally.delivered
            ahead[platform] += self.time_for(platform, max(tally.waiting, to_come), paid=dispatch.paid)
            found.append(Progress(dispatch, tally, ahead[platform]))
        return found

    def is_large(self, progress: Progress) -> bool:
        return progress.time_left >= self._large
