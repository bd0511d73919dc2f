"""The instants at which words were said: what lies between two people is measured from one saying to the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

#: Two clocks that nobody sets differ by less: a date that is nearer to the arrival tells nothing.
CLOCKS_DIFFER = timedelta(seconds=10)
#: Words that are heard so soon were said just now.
AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Saying:
    """Something was said between two instants, which are one where its platform tells when.

    What lets something happen counts by the latest of the two, what stops something by the earliest.
    """

    earliest: datetime
    latest: datetime

    def after(self, shown: datetime) -> Saying:
        """Return when it was said, as a button can't be pressed before it was shown."""
        return Saying(max(self.earliest, shown), max(self.latest, shown))


def saying_of(
    dated: datetime | None, *, arrived: datetime, now: datetime, unheard_since: datetime | None = None
) -> Saying | None:
    """Return when it was said; None: just now. `dated`: by its platform's clock, None where that does not tell.

    A date ahead of the arrival is of a clock that is wrong. What has no date may have been said as soon as nobody
    listened any longer, since `unheard_since`.
    """
    latest = min(arrived, now)
    earliest = latest if unheard_since is None or dated is not None else min(unheard_since, latest)
    if dated is not None and dated <= latest - CLOCKS_DIFFER:
        earliest = latest = dated
    return None if now - earliest < AT_ONCE else Saying(earliest, latest)
