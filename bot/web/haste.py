"""Haste: somebody of the desk who writes faster than everybody else can read is asked to rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.commands import Commands
from bot.domain import Address, Incoming
from bot.web.beside import Beside
from bot.web.flood import Flood

#: Time for one message of a person of the desk, on average.
EVERY = timedelta(seconds=1)
#: Messages of one person at once: a whole day's plan, pasted.
AT_ONCE = 120
#: Rest of a person who sent more.
REST = timedelta(minutes=1)


class Haste:
    def __init__(self, commands: Commands, beside: Beside, *, now: Callable[[], datetime]) -> None:
        self._commands = commands
        self._beside = beside
        self._now = now
        self._flood = Flood(EVERY, AT_ONCE)
        #: Instants at which those who rest are heard again.
        self._rests: dict[Address, datetime] = {}

    def is_too_much(self, incoming: Incoming) -> bool:
        """True for a message that is not taken; the person is told once. Never for one that stops something."""
        if self._commands.stops(incoming):
            return False
        person, now = incoming.sender.address, self._now()
        if (until := self._rests.get(person)) is not None and now < until <= now + REST:
            return True
        if not self._flood.is_too_much(person, now):
            return False
        self._rests[person] = now + REST
        self._beside.ask_to_rest(incoming, REST)
        return True
