"""/search: what was published about something, and nothing that was not."""

from __future__ import annotations

from bot.commands import cards
from bot.commands.reading import Shown, headline, stories
from bot.commands.talk import Line, Talk, bold
from bot.domain.entry import Entry
from bot.readers.finding import find
from bot.texts import text_id

NOTHING = text_id("I found nothing like that in our news. Try another word, or see the latest: /latest")


async def search(talk: Talk, asked: str) -> None:
    """Show the three published articles that answer best."""
    if not asked.strip():
        await talk.say("Say what to look for: /search bridge")
        return
    shown = await found(talk, asked)
    if shown.lines:
        await talk.show(*shown)
    else:
        await talk.say(NOTHING)


async def found(talk: Talk, asked: str) -> Shown:
    """Return what answers these words, with a button for each story; nothing if nothing does."""
    entries = await find(talk.tx, asked)
    if not entries:
        return Shown([], [])
    lines: list[Line] = [bold(talk.words("Found in what we published:"))]
    for entry in entries:
        lines += _answer(talk, entry)
    return Shown(lines, stories(entries))


def _answer(talk: Talk, entry: Entry) -> list[Line]:
    lines: list[Line] = [headline(talk, entry)]
    return [*lines, cards.short(entry.article.lead)] if entry.article.lead else lines
