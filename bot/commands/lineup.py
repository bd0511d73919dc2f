"""/swap, /pause and /week: the order of the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from bot.commands import cards, late
from bot.commands.fit import ROWS
from bot.commands.queue import UNAPPROVED, article_id, say_when
from bot.commands.talk import Key, Keys, Line, Talk, bold
from bot.domain import Run
from bot.domain.buttons import ShowDay, Submit, Unpause
from bot.domain.entry import EntryState
from bot.newsroom import lineup
from bot.newsroom.situation import Situation
from bot.texts import text_id

#: Characters of a headline that a phone shows in a line of the week.
WIDTH = 24
#: Buttons of days that stand in one row.
ABREAST = 2


async def swap(talk: Talk, argument: str) -> None:
    one, rest = article_id(argument, text_id("/swap 12 15"))
    other, _ = article_id(rest, text_id("/swap 12 15"))
    lines, keys = list[Line](), list[Key]()
    for situation in await lineup.swap(talk.desk, one, other):
        entry = situation.entry
        assert entry.due_at is not None
        when, missing = talk.when(entry.due_at), situation.readiness.missing
        if situation.is_unapproved:
            lines.append(talk.words(UNAPPROVED, id=entry.id, when=when, n=missing))
            keys.append(Key(talk.words("📨 Submit #{id}", id=entry.id), Submit(entry.id)))
        else:
            lines.append(talk.words("#{id} goes out {when}.", id=entry.id, when=when))
    await talk.show(lines, [keys])


async def pause(talk: Talk, argument: str) -> None:
    """Hold the article back; said once more, let it go on."""
    number, _ = article_id(argument, text_id("/pause 12"))
    if (await talk.desk.entry(number)).state is EntryState.HELD:
        await (late.ask(talk, "pause", str(number)) if talk.is_late else go_on(talk, number))
        return
    entry = (await lineup.pause(talk.desk, number)).entry
    assert entry.due_at is not None
    await talk.say(
        "#{id} is paused and will not go out {when}. /pause {id} again puts it back in the queue.",
        id=number,
        when=talk.when(entry.due_at),
        keys=[[Key(talk.words("▶️ Back to the queue"), Unpause(number))]],
    )


async def go_on(talk: Talk, number: int) -> None:
    situation = await lineup.go_on(talk.desk, number)
    await say_when(talk, situation, text_id("#{id} is back in the queue: it goes out {when}."))


async def week(talk: Talk, _argument: str) -> None:
    """Show the articles of the week and how many slots are free; articles are only counted where they do not fit."""
    days = await lineup.week(talk.desk)
    articles = sum(day.planned for day in days)
    if len(days) + articles > ROWS:
        await talk.show([_counted(talk, day) for day in days], _keys(talk, days))
        return
    found = await lineup.planned(talk.desk, days, ROWS)
    await talk.show([line for day in days for line in _brief(talk, day, found)])


async def show_day(talk: Talk, on: date, skip: int = 0, *, redraw: bool = False) -> None:
    """Show a screen of the articles that go out on a day, less the first `skip`, and the way to the other days."""
    days = await lineup.week(talk.desk)
    day = next((each for each in days if each.on == on), None) or await lineup.day(talk.desk, on)
    found = await lineup.planned(talk.desk, [day], ROWS - 1, skip)
    keys = _keys(talk, [each for each in days if each.on != on])
    if (more := day.planned - skip - (ROWS - 1)) > 0:
        keys = [[Key(talk.words.plural("… and {n} more", "… and {n} more", more), ShowDay(on, skip + ROWS - 1))], *keys]
    await talk.show([_counted(talk, day), *(_place(talk, each) for each in found)], keys, redraw=redraw)


def _keys(talk: Talk, days: Sequence[lineup.Day]) -> Keys:
    keys = [Key(talk.words.day(day.on), ShowDay(day.on)) for day in days if day.planned]
    return [keys[at : at + ABREAST] for at in range(0, len(keys), ABREAST)]


def _counted(talk: Talk, day: lineup.Day) -> Line:
    """Return the day, the number of its articles and that of its free slots."""
    articles = talk.words.plural("{n} article", "{n} articles", day.planned)
    return _titled(talk, day, ", ".join([*([articles] if day.planned else []), *_free(talk, day)]) or "—")


def _brief(talk: Talk, day: lineup.Day, found: Sequence[Situation]) -> list[Line]:
    """Return the day with the number of its free slots, and its articles."""
    rows = [_place(talk, each) for each in _of(talk, day, found)]
    if day.free or not rows:
        return [_titled(talk, day, ", ".join(_free(talk, day)) or "—"), *rows]
    return [bold(talk.words.day(day.on)), *rows]


def _titled(talk: Talk, day: lineup.Day, more: str) -> Line:
    return [*bold(talk.words.day(day.on)), Run(f" · {more}")]


def _free(talk: Talk, day: lineup.Day) -> list[str]:
    return [talk.words("free: {n}", n=len(day.free))] if day.free else []


def _of(talk: Talk, day: lineup.Day, found: Sequence[Situation]) -> list[Situation]:
    zone = talk.newsroom.timetable.zone
    return [each for each in found if _at(each).astimezone(zone).date() == day.on]


def _at(situation: Situation) -> datetime:
    """Return the time of an article that was found by its time."""
    assert situation.entry.due_at is not None
    return situation.entry.due_at


def _place(talk: Talk, situation: Situation) -> Line:
    return f"  {talk.words.time(_at(situation), talk.newsroom.timetable.zone)}  {_what(situation)}"


def _what(situation: Situation) -> str:
    entry = situation.entry
    marks: Sequence[tuple[bool, str]] = (
        (entry.article.urgent, "⚡"),
        (entry.state is EntryState.HELD, "⏸"),
        (situation.is_unapproved, "⚠️"),
    )
    mark = "".join(sign for holds, sign in marks if holds)
    return f"#{entry.id} {mark}{cards.short(entry.article.headline, WIDTH)}"
