"""The end of a dialogue, and what is said after it: nothing follows from that but a question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.commands import cards, drafts, hours, remarks, steps
from bot.commands.talk import Key, Keys, Line, Talk
from bot.domain import Said
from bot.domain.buttons import LeaveReply, ReturnReply, SayAgain, TakeDraft, TakeReply
from bot.domain.dialogue import (
    AskedNote,
    AskedReason,
    AskedWhen,
    Changing,
    Collected,
    Collecting,
    Dialogue,
    Drafting,
    Editing,
    Nothing,
)
from bot.domain.entry import BUTTON_LIFE, EntryState
from bot.domain.life import Act
from bot.domain.meaning import is_open
from bot.domain.parse import Pasted, join_parts
from bot.domain.times import as_typed, parse_when
from bot.errors import Ambiguous, Refused
from bot.newsroom import review
from bot.newsroom.readiness import read_for
from bot.texts import text_id

_KEPT = text_id("What you had typed is kept as draft #{id}. To go on with it: /edit {id}")


# How a dialogue ends


async def end(talk: Talk, dialogue: Dialogue) -> None:
    """End a dialogue because a command was said; what was typed stays, as a draft."""
    if isinstance(dialogue, Drafting):
        await _keep(talk, dialogue)
        await talk.tx.end_dialogue(talk.person)
    elif isinstance(dialogue, Collected | Changing | AskedNote):
        await talk.tx.end_dialogue(talk.person)
    elif isinstance(dialogue, Editing | AskedWhen | AskedReason) and not dialogue.over:
        await talk.tx.set_dialogue(talk.person, replace(dialogue, over=True), talk.now)


async def end_replaced(talk: Talk, before: Dialogue | None) -> None:
    """Keep what was typed before a button asked for something else."""
    if isinstance(before, Drafting) and before.parts:
        after = await talk.tx.dialogue(talk.person)
        if isinstance(after, Editing | AskedWhen | AskedReason | Changing | AskedNote):
            await _keep(talk, before)


async def give_up(talk: Talk) -> bool:
    """Leave the dialogue that this person is in; False if they are in none."""
    dialogue = await talk.tx.dialogue(talk.person)
    if dialogue is None or isinstance(dialogue, Nothing | Collecting | Collected):
        return False
    await talk.tx.end_dialogue(talk.person)
    if isinstance(dialogue, Drafting) and await _keep(talk, dialogue):
        return True
    if not is_open(dialogue, talk.desk.said_by):
        return False
    await talk.say("Nothing was changed. /list shows what is waiting.")
    return True


async def _keep(talk: Talk, typed: Drafting) -> bool:
    """Keep what was typed as a draft and say so; False if there is nothing to keep."""
    try:
        async with talk.tx.undone_by(Refused):
            entry = await steps.keep(talk, typed)
    except Refused as refusal:
        await talk.say(refusal.text, **refusal.values)
        return False
    if entry is None:
        return False
    await talk.say(_KEPT, id=entry.id)
    return True


# What is said after it


async def ask(talk: Talk, dialogue: Dialogue, said: Said) -> bool:
    """Ask what was meant by words that may belong to a dialogue; nothing changes until somebody presses.

    Return False if they can't belong to it.
    """
    try:
        question = await _question(talk, dialogue, said)
    except Refused:
        question = None
    if question is None:
        await talk.tx.end_dialogue(talk.person)
        return False
    if is_open(dialogue, talk.desk.said_by):
        await end(talk, dialogue)
    else:
        await talk.tx.end_dialogue(talk.person)
    number, lines, keys = question
    draft = TakeDraft(said.runs, said.media, said.forward)
    others = [
        *([Key(talk.words("📰 A new draft"), draft, own=True)] if said.text.strip() else []),
        Key(talk.words("💬 Leave it"), LeaveReply(number), own=True),
    ]
    await talk.show(lines, [*keys, others])
    return True


#: The article, what is said of it, and the buttons that take the words for an answer.
Question = tuple[int, list[Line], Keys]


async def _question(talk: Talk, dialogue: Dialogue, said: Said) -> Question | None:
    """Return the question that shows what these words would do. Raises `Refused` if they would do nothing."""
    if isinstance(dialogue, Collected):
        return await _of_an_end(talk, dialogue, said)
    if len(said.text) >= talk.traits.splits_at:
        return None
    match dialogue:
        case Editing(article=number):
            return await _of_a_change(talk, number, said)
        case AskedWhen():
            return await _of_a_time(talk, dialogue, said)
        case AskedReason():
            return await _of_a_reason(talk, dialogue, said)
        case Drafting():
            return await _of_a_draft(talk, dialogue, said)
        case _:
            return None


async def _of_an_end(talk: Talk, collected: Collected, said: Said) -> Question | None:
    entry = (await read_for(talk.desk, collected.article, Act.EDIT)).entry
    if entry.state is not EntryState.DRAFT or entry.version != collected.version:
        return None
    whole = join_parts([collected.runs, said.runs])
    Pasted.of(whole)  # both must fit
    lines = [talk.words("Is this the end of #{id}, whose text was long? Nothing has been changed yet.", id=entry.id)]
    change = TakeReply(entry.id, entry.version, tuple(whole))
    return entry.id, [*lines], [[_yes(talk.words("➕ The end of #{id}", id=entry.id), change)]]


async def _of_a_change(talk: Talk, number: int, said: Said) -> Question:
    entry = (await read_for(talk.desk, number, Act.EDIT)).entry
    lines = [talk.words("Is this a change to #{id} or just a remark? Nothing has been changed yet.", id=number)]
    change = TakeReply(number, entry.version, said.runs, said.media)
    lines += remarks.would_change(talk.words, said, Pasted.of(said.runs))
    return number, [*lines], [[_yes(talk.words("📝 Change #{id}", id=number), change)]]


async def _of_a_time(talk: Talk, asked: AskedWhen, said: Said) -> Question:
    number, zone = asked.article, talk.newsroom.timetable.zone
    day = date.fromisoformat(asked.day) if asked.day else None
    try:
        at = parse_when(said.text, now=talk.said, zone=zone, day=day)
    except Ambiguous as several:
        lines: list[Line] = [talk.words("Is one of these the time for #{id}? Nothing has been changed yet.", id=number)]
        return number, lines, hours.choices(talk, number, several.choices)
    when = talk.when(at)
    lines = [talk.words("Is that the time for #{id}: {when}? Nothing has been changed yet.", id=number, when=when)]
    key = _yes(talk.words("🕒 #{id}: {when}", id=number, when=when), SayAgain("at", f"{number} {as_typed(at, zone)}"))
    return number, lines, [[key]]


async def _of_a_reason(talk: Talk, asked: AskedReason, said: Said) -> Question | None:
    number, reason = asked.article, said.text.strip()
    if not reason:
        return None
    await review.check_may_decide(talk.desk, number, asked.binding, asked.verdict)
    lines: list[Line] = [
        talk.words(
            "Is that your answer about #{id}? Nothing has been decided yet. Its author would read: “{reason}”",
            id=number,
            reason=cards.short(reason),
        )
    ]
    label = f"{talk.words(remarks.ANSWERS[asked.verdict])} #{number}"
    return number, lines, [[_yes(label, ReturnReply(number, asked.binding, asked.verdict, reason))]]


async def _of_a_draft(talk: Talk, asked: Drafting, said: Said) -> Question | None:
    """Keep what was typed as a draft, to which these words may belong."""
    pasted = steps.with_answer(talk, asked, said)
    entry = await steps.keep(talk, asked)
    if entry is None:
        return None
    long = talk.words.duration(talk.now - datetime.fromtimestamp(asked.said, UTC))
    lines: list[Line] = [
        talk.words(
            "You began “{headline}” {long} ago; it is kept as draft #{id}. Does this belong to it?",
            headline=cards.short(entry.article.headline),
            long=long,
            id=entry.id,
        )
    ]
    change = TakeReply(entry.id, entry.version, pasted.said, said.media)
    return entry.id, lines, [[_yes(talk.words("📝 Add to #{id}", id=entry.id), change)]]


def _yes(label: str, press: TakeReply | SayAgain | ReturnReply) -> Key:
    return Key(label, press, own=True, life=BUTTON_LIFE)


async def take_draft(talk: Talk, taken: TakeDraft) -> None:
    """The words were meant as a new article."""
    await drafts.forwarded(replace(talk, message_id=0), Said(taken.runs, taken.media, taken.forward))
    await talk.show([talk.words("📰 Taken as a new article.")], redraw=True)
