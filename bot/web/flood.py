"""Guards against floods: messages that come faster than a person can write are dropped before they cost a row."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import Address

#: Time for one message of a person, on average.
EVERY = timedelta(milliseconds=200)
#: Messages that a person may send at once, such as an album or a text that the app split.
AT_ONCE = 30
#: People who are remembered; the one who has been quiet longest is forgotten first.
REMEMBERED = 10_000


class Flood:
    """The generic cell rate algorithm, with the instant for each person at which they are even again."""

    def __init__(self, every: timedelta = EVERY, at_once: int = AT_ONCE) -> None:
        self._every = every
        self._allowance = every * at_once
        self._even_at: dict[Address, datetime] = {}

    def is_too_much(self, person: Address, now: datetime) -> bool:
        """True if this message of `person` is one too many; otherwise it is counted."""
        even_at = max(self._even_at.get(person, now), now)
        if even_at - now > self._allowance:  # the clock was set back
            even_at = now
        if even_at - now > self._allowance - self._every:
            return True
        self._even_at.pop(person, None)
        self._even_at[person] = even_at + self._every
        if len(self._even_at) > REMEMBERED:
            del self._even_at[next(iter(self._even_at))]
        return False
