"""/swap, /pause and /week: the order of the queue."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import cards, late
from bot.commands.queue import article_id, say_when
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain.buttons import Unpause
from bot.domain.entry import EntryState
from bot.newsroom import lineup
from bot.newsroom.situation import Situation
from bot.texts import text_id

#: Characters of a headline that a phone shows in a line of the week.
WIDTH = 24


async def swap(talk: Talk, argument: str) -> None:
    one, rest = article_id(argument, "/swap 12 15")
    other, _ = article_id(rest, "/swap 12 15")
    for situation in await lineup.swap(talk.desk, one, other):
        await say_when(talk, situation, text_id("#{id} goes out {when}."))


async def pause(talk: Talk, argument: str) -> None:
    """Hold the article back; said once more, let it go on."""
    number, _ = article_id(argument, "/pause 12")
    if (await talk.desk.entry(number)).state is EntryState.HELD:
        await (late.ask(talk, "pause", str(number)) if talk.is_late else go_on(talk, number))
        return
    entry = (await lineup.pause(talk.desk, number)).entry
    assert entry.due_at is not None
    await talk.say(
        "#{id} is paused: it does not go out {when}. /pause {id} once more lets it go on.",
        id=number,
        when=talk.when(entry.due_at),
        keys=[[Key(talk.words("▶️ Back to the queue"), Unpause(number))]],
    )


async def go_on(talk: Talk, number: int) -> None:
    situation = await lineup.go_on(talk.desk, number)
    await say_when(talk, situation, text_id("#{id} goes on: it goes out {when}."))


async def week(talk: Talk, _argument: str) -> None:
    lines: list[Line] = []
    for day, places in (await lineup.week(talk.desk)).items():
        lines.append(bold(talk.words.day(day)))
        lines += [_place(talk, place) for place in places] or ["  —"]
    await talk.show(lines)


def _place(talk: Talk, place: lineup.Place) -> Line:
    at, situation = place
    time = talk.words.time(at, talk.newsroom.timetable.zone)
    return f"  {time}  {_what(situation) if situation is not None else '·'}"


def _what(situation: Situation) -> str:
    entry = situation.entry
    marks: Sequence[tuple[bool, str]] = (
        (entry.article.urgent, "⚡"),
        (entry.state is EntryState.HELD, "⏸"),
        (situation.is_unapproved, "⚠️"),
    )
    mark = "".join(sign for holds, sign in marks if holds)
    return f"#{entry.id} {mark}{cards.short(entry.article.headline, WIDTH)}"
