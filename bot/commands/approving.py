"""Answers to a question that approve and time in one press: now, at the next posting time, at a time that is typed."""

from __future__ import annotations

from datetime import datetime

from bot.commands import cards
from bot.commands.talk import Key, Talk
from bot.domain.buttons import ApproveAt, ApproveNow, AskApproveTime
from bot.domain.dialogue import AskedWhen
from bot.domain.entry import EntryState
from bot.domain.life import Act
from bot.domain.readiness import obstacles
from bot.domain.times import check_ahead, parse_when
from bot.errors import Refused
from bot.newsroom import approving
from bot.newsroom.card import slot_of
from bot.newsroom.readiness import read_for
from bot.newsroom.situation import Situation
from bot.texts import text_id


async def keys(talk: Talk, situation: Situation) -> list[Key]:
    """Return the buttons that would be taken now."""
    words, entry, binding = talk.words, situation.entry, situation.readiness.binding
    found = []
    if approving.may_go_with_one_yes(situation):
        found.append(Key(words("✅ Now 🚀"), ApproveNow(entry.id, binding)))
    slot = await slot_of(talk.desk, situation)
    if slot is not None and slot != entry.due_at:
        found.append(Key(f"✅ {talk.when(slot)}", ApproveAt(entry.id, binding, slot)))
    if not talk.place.to_all and not obstacles(situation.readiness, Act.TIME, situation.earliest):
        found.append(Key(words("✅ Time…"), AskApproveTime(entry.id, binding)))
    return found


async def now(talk: Talk, number: int, binding: str) -> None:
    """Approve it and publish it; the countdown speaks where there is one."""
    situation = await approving.approve_and_publish(talk.desk, number, binding, talk.chat)
    if situation.entry.state is EntryState.PUBLISHED:
        await talk.say("#{id} is approved and going out now. The result will come here.", id=number)
    else:
        await talk.say("#{id} is approved.", id=number)
    await cards.replace_question(talk, situation)


async def is_free(talk: Talk, slot: datetime) -> bool:
    """Return True if an article could still go out at this posting time."""
    return slot > talk.now and slot not in await talk.tx.taken_times()


async def at(talk: Talk, number: int, binding: str, slot: datetime) -> None:
    """Approve it for the posting time that the button named, and for no other."""
    await _said(talk, await approving.approve_for(talk.desk, number, binding, slot, exact=True))


async def ask_time(talk: Talk, number: int, binding: str) -> None:
    """Wait for a time, which approves the article for it."""
    await read_for(talk.desk, number, Act.LATER, seen=binding)
    await talk.wait_for(AskedWhen(number, talk.message_id, binding=binding))
    await talk.say(
        "When should #{id} go out? The time that you write approves it. For example: 18:30, tomorrow 9:00. Changed "
        "your mind? /cancel",
        id=number,
    )


async def take_time(talk: Talk, asked: AskedWhen, text: str) -> None:
    zone = talk.newsroom.timetable.zone
    moment = parse_when(text, now=talk.said, zone=zone)
    check_ahead(moment, now=talk.now, zone=zone)
    if talk.is_late:
        raise Refused("That arrived too late to approve #{id}. /approve {id} shows it again.", id=asked.article)
    await _said(talk, await approving.approve_for(talk.desk, asked.article, asked.binding, moment, exact=False))


async def _said(talk: Talk, situation: Situation) -> None:
    entry, missing = situation.entry, situation.readiness.missing
    assert entry.due_at is not None
    text = text_id("#{id} is approved. It goes out {when}.")
    if missing:
        text = text_id("#{id}: your approval counts, for {when}. Still missing: {n}.")
    await talk.say(text, id=entry.id, when=talk.when(entry.due_at), n=missing)
    await cards.replace_question(talk, situation)
