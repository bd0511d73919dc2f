"""/undo, and the message that tells of a publication that is about to happen: redrawn once it is over, or stopped."""

from __future__ import annotations

import math
from datetime import timedelta

from bot.commands import cards
from bot.commands.queue import article_id
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain.buttons import Undo
from bot.domain.countdown import Countdown, Ended
from bot.domain.entry import EntryState
from bot.newsroom import publishing
from bot.texts import text_id

#: Time after the end at which a message is looked at that nobody has ended.
OVERDUE = timedelta(minutes=5)

ENDED = {
    Ended.PUBLISHED: text_id("🚀 #{id} is going out now."),
    Ended.STOPPED: text_id("✖️ {person} stopped #{id}: nothing of it went out."),
    Ended.HELD: text_id("#{id} did not go out: it is on hold."),
}


async def undo(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/undo 12"))
    situation = await publishing.undo(talk.desk, number)
    if situation.entry.state is EntryState.PUBLISHED:  # the news says who has it
        await talk.say("#{id} had begun to leave. What had not left is stopped.", id=number)
        return
    await talk.say("Stopped: #{id} does not go out. Everything is as it was.", id=number)
    await cards.show_card(talk, situation)


def name_of(countdown: Countdown) -> str:
    """Return the name of a countdown's message: each one has a message of its own."""
    return f"countdown:{countdown.article_id}:{countdown.begun_at.timestamp()}"


async def show(talk: Talk, countdown: Countdown) -> None:
    """Show in one chat how the countdown stands. Where no message can be redrawn, its beginning and a stop are told."""
    number, redrawn = countdown.article_id, talk.traits.edits
    name = name_of(countdown)
    if countdown.ended is not None:
        stopped_here = talk.member is not None and talk.member.title == countdown.ended_by
        if redrawn or (countdown.ended is Ended.STOPPED and not stopped_here):
            text = talk.words(ENDED[countdown.ended], id=number, person=countdown.ended_by)
            await talk.show([text], article=number, name=name)
        return
    if not redrawn and not countdown.is_new:
        return
    await talk.show(await _lines(talk, countdown), _stop(talk, number), article=number, name=name)


async def _lines(talk: Talk, countdown: Countdown) -> list[Line]:
    entry = await talk.desk.entry(countdown.article_id)
    left = timedelta(seconds=math.ceil(max(0, (countdown.ends_at - talk.now).total_seconds())))
    span, at = talk.words.duration(left), countdown.ends_at.astimezone(talk.newsroom.timetable.zone)
    return [
        talk.words("⏳ #{id} goes out in {time}, at {at}.", id=entry.id, time=span, at=f"{at:%H:%M:%S}"),
        bold(cards.short(entry.article.headline)),
    ]


def _stop(talk: Talk, number: int) -> list[list[Key]]:
    return [[Key(talk.words("✖️ Stop"), Undo(number))]]
