"""Wrong one-time codes: counted, told to the owners, and soon no longer answered."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot.commands.talk import Talk
from bot.domain.audit import STRANGER
from bot.domain.news import CodesGuessed
from bot.errors import CODE_UNKNOWN, NotAllowed

log = structlog.get_logger(__name__)

#: What is counted together.
WITHIN = timedelta(hours=1)
#: Wrong codes of one person that are answered: anybody may mistype.
ANSWERED = 3
#: Codes that do not exist, from everybody together, from which the owners are told and nobody is answered.
ALARM = 20
#: The chat under which everybody's unknown codes are counted together.
EVERYBODY = "everybody"


async def refuse(talk: Talk, refusal: NotAllowed) -> None:
    """Answer a wrong code, as long as that helps nobody who guesses. The counts outlive a restart."""
    own = await talk.tx.count_within(str(talk.person), talk.now, WITHIN)
    if refusal.why == CODE_UNKNOWN:
        if await _count_unknown(talk) >= ALARM:
            return
    elif own <= ANSWERED:
        detail = {"why": refusal.why, "chat": str(talk.chat)}
        await talk.tx.record(talk.person, "team.code_refused", "", detail, talk.now)
    if own <= ANSWERED:
        await talk.say(refusal.text, **refusal.values)


async def _count_unknown(talk: Talk) -> int:
    """Record the first unknown code of a burst, tell the owners of many, and return how many there were."""
    codes = await talk.tx.count_within(EVERYBODY, talk.now, WITHIN)
    if codes == 1:
        # No reader's id: whoever mistypes may ask to be forgotten, and the log forgets nothing.
        await talk.tx.record(STRANGER if talk.member is None else talk.person, "team.code_guessed", "", {}, talk.now)
    if codes == ALARM:
        people = await talk.tx.guessers(talk.now - WITHIN)
        log.warning("codes_are_guessed", codes=codes, people=people)
        await talk.desk.announce(CodesGuessed(codes, people))
    return codes
