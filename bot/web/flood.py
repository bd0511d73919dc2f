"""Who writes faster than people can: what is too much is dropped before it costs a row."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import Address

#: One message each, on the long run; and so many at once: an album, or a text that the app cut into parts.
EVERY = timedelta(milliseconds=200)
AT_ONCE = 30
#: So many people are remembered; who has been quiet is forgotten first.
REMEMBERED = 10_000


class Flood:
    """The generic cell rate algorithm, one cell for each person: the instant at which they are even again."""

    def __init__(self) -> None:
        self._even_at: dict[Address, datetime] = {}

    def is_too_much(self, person: Address, now: datetime) -> bool:
        """Counts one message of `person`, unless it is one too many."""
        allowance = EVERY * AT_ONCE
        even_at = max(self._even_at.get(person, now), now)
        if even_at - now > allowance:  # the clock was set back
            even_at = now
        if even_at - now > allowance - EVERY:
            return True
        self._even_at.pop(person, None)
        self._even_at[person] = even_at + EVERY
        if len(self._even_at) > REMEMBERED:
            del self._even_at[next(iter(self._even_at))]
        return False
