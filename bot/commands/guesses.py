"""Wrong one-time codes: counted, told to the owners, and soon no longer answered."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.commands.talk import Talk
from bot.domain import Address
from bot.domain.news import CodesGuessed
from bot.errors import CODE_UNKNOWN, NotAllowed

log = structlog.get_logger(__name__)

#: The kinds of wrong codes that are counted together.
WITHIN = timedelta(hours=1)
#: Wrong codes of one person that are answered: anybody may mistype.
ANSWERED = 3
#: Codes that do not exist, from everybody together, from which the owners are told and nobody is answered.
ALARM = 20
#: People who are counted one by one.
PEOPLE = 10_000


@dataclass(slots=True)
class Guesses:
    """The wrong codes of an hour; `unknown`: of those that are no code of ours."""

    since: datetime | None = None
    unknown: int = 0
    by: Counter[Address] = field(default_factory=Counter)

    def count(self, person: Address, now: datetime, *, is_unknown: bool) -> int:
        """Count a wrong code, and return how many this person has sent."""
        if self.since is None or not self.since <= now < self.since + WITHIN:
            self.since, self.unknown = now, 0
            self.by.clear()
        self.unknown += is_unknown
        if person not in self.by and len(self.by) >= PEOPLE:
            return ANSWERED + 1
        self.by[person] += 1
        return self.by[person]

    async def refuse(self, talk: Talk, refusal: NotAllowed) -> None:
        """Answer a wrong code, as long as that helps nobody who guesses."""
        is_unknown = refusal.why == CODE_UNKNOWN
        own = self.count(talk.person, talk.now, is_unknown=is_unknown)
        if is_unknown and self.unknown == 1:
            await talk.tx.record(talk.person, "team.code_guessed", "", {"chat": str(talk.chat)}, talk.now)
        if not is_unknown and own <= ANSWERED:
            detail = {"why": refusal.why, "chat": str(talk.chat)}
            await talk.tx.record(talk.person, "team.code_refused", "", detail, talk.now)
        if is_unknown and self.unknown == ALARM:
            log.warning("codes_are_guessed", codes=self.unknown, people=len(self.by))
            await talk.desk.announce(CodesGuessed(self.unknown, len(self.by)))
        if own <= ANSWERED and self.unknown < ALARM:
            await talk.say(refusal.text, **refusal.values)
