"""How many readers may be reserved together."""

from __future__ import annotations

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
