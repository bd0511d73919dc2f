"""The time of an article as somebody says it: taken, or asked about where it may mean several, or now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.commands.talk import Key, Keys, Talk
from bot.domain.buttons import PublishNow, SayAgain
from bot.domain.dialogue import AskedWhen
from bot.domain.spoken import is_now
from bot.domain.times import WHICH, as_typed, parse_when
from bot.errors import Ambiguous
from bot.newsroom.readiness import read

#: Buttons of times in one row, and in all.
ABREAST, MOST = 2, 8


async def understand(talk: Talk, number: int, text: str, day: date | None = None) -> datetime | None:
    """Return the instant that somebody means for an article; None if they are asked. Raises `Refused`.

    `day` is meant where none is named.
    """
    if is_now(text):
        await read(talk.desk, number)
        key = Key(talk.words("🚀 Publish now"), PublishNow(number), own=True)
        await talk.say("Publish #{id} now?", id=number, keys=[[key]])
        return None
    try:
        return parse_when(text, now=talk.said, zone=talk.newsroom.timetable.zone, day=day)
    except Ambiguous as several:
        await _ask_which(talk, number, several)
        return None


async def _ask_which(talk: Talk, number: int, several: Ambiguous) -> None:
    await read(talk.desk, number)
    if not talk.in_group:
        await talk.wait_for(AskedWhen(number, talk.message_id, day=_only_day(talk, several.choices)))
    keys = choices(talk, number, several.choices)
    if several.text == WHICH:
        await talk.say("When exactly should #{id} go out? Choose, or type the hour.", id=number, keys=keys)
    else:
        await talk.say(several.text, **several.values, keys=keys)


def _only_day(talk: Talk, instants: Sequence[datetime]) -> str:
    """Return the day of all the choices, on which an hour that is typed is meant; empty: they are of several."""
    days = {at.astimezone(talk.newsroom.timetable.zone).date().isoformat() for at in instants}
    return days.pop() if len(days) == 1 else ""


def choices(talk: Talk, number: int, instants: Sequence[datetime]) -> Keys:
    """Return a button for each time that may be meant."""
    zone = talk.newsroom.timetable.zone
    keys = [Key(talk.when(at), SayAgain("at", f"{number} {as_typed(at, zone)}"), own=True) for at in instants[:MOST]]
    return [keys[at : at + ABREAST] for at in range(0, len(keys), ABREAST)]
