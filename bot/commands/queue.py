"""The queue from the chat: list, show, edit, time, publish, cancel, doubts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.commands import cards, hours, late, outcomes
from bot.commands.fit import ROWS
from bot.commands.talk import Key, Line, Link, Talk, bold
from bot.domain.buttons import (
    AskTime,
    Cancel,
    PostAgain,
    PostAppeared,
    PublishNow,
    Revive,
    Submit,
    TakeNext,
)
from bot.domain.dialogue import AskedWhen
from bot.domain.entry import EntryState
from bot.domain.ledger import Dispatch
from bot.domain.life import Act
from bot.domain.people import Role
from bot.domain.times import as_typed, check_ahead, typed
from bot.errors import Refused
from bot.newsroom import aftermath, leaving, publishing, timing
from bot.newsroom.readiness import check, read, read_first
from bot.newsroom.situation import Situation
from bot.texts import text_id

#: Articles that /list shows, one in a row of the screen; if there are more, the last row counts the rest.
LISTED = ROWS
UNAPPROVED = text_id(
    "#{id} is set for {when}. It goes out only if it is approved for that time. Approvals missing: {n}."
)
#: Time in which a press takes a cancelled article back; /undo and /edit do it later.
RETURNS = timedelta(seconds=30)


def article_id(argument: str, example: str) -> tuple[int, str]:
    """Return the article's number at the beginning of `argument`, and the rest."""
    found = re.match(r"\s*[#№]?(\d{1,9})(?!\d)\s*(.*)", argument, re.DOTALL)
    if found is None:
        raise Refused("Which article? Give its number: {example}. /list shows what is waiting.", example=example)
    return int(found[1]), found[2].strip()


async def show_list(talk: Talk, _argument: str) -> None:
    waiting, more = await read_first(talk.desk, LISTED)
    if not waiting:
        await talk.say("The queue is empty. Add an article: /queue")
        return
    lines: list[Line] = [cards.list_line(talk, each) for each in waiting]
    if more:
        more += 1
        lines[-1] = talk.words.plural("… and {n} more", "… and {n} more", more)
    await talk.show(lines)


async def at(talk: Talk, argument: str) -> None:
    number, rest = article_id(argument, text_id("/at 12 18:30"))
    if not rest:
        await ask_time(talk, number)
        return
    await schedule(talk, number, rest)


async def ask_time(talk: Talk, number: int) -> None:
    situation = await read(talk.desk, number)
    check(talk.desk, situation, Act.TIME, situation.earliest)
    if talk.in_group:
        await talk.say("Say the time together with the number, like this: /at {id} 18:30", id=number)
        return
    await talk.wait_for(AskedWhen(number, talk.message_id))
    await talk.say(
        "When should #{id} go out? For example: 18:30, tomorrow 9:00, in 20 min. Changed your mind? /cancel", id=number
    )


async def schedule(talk: Talk, number: int, text: str, day: date | None = None) -> None:
    zone = talk.newsroom.timetable.zone
    moment = await hours.understand(talk, number, text, day)
    if moment is None:
        return
    check_ahead(moment, now=talk.now, zone=zone)
    if talk.is_late:
        shown = f"{number} {typed(moment, zone, talk.now)}"
        await late.ask(talk, "at", f"{number} {as_typed(moment, zone)}", shown=shown)
        return
    queued = await timing.schedule(talk.desk, number, moment)
    if queued.entry.due_at != moment:
        gap = talk.words.duration(talk.newsroom.timetable.gap)
        await talk.say(
            "Its channel has another post close to that time: posts there are at least {gap} apart.", gap=gap
        )
    await _queued(talk, queued)


async def take_next(talk: Talk, argument: str) -> None:
    """Give the article the next free slot; an urgent one goes out at once."""
    number, _ = article_id(argument, text_id("/next 12"))
    situation = await read(talk.desk, number)
    if situation.entry.article.urgent:
        await publish_now(talk, argument)
        return
    await _queued(talk, await timing.take_slot(talk.desk, situation))


async def press_next(talk: Talk, pressed: TakeNext) -> None:
    """Give the article the very slot that the button names; if that is gone, ask about the next one."""
    situation = await read(talk.desk, pressed.article)
    _check_version(situation, pressed.version)
    if pressed.slot is not None and await timing.is_free(talk.desk, situation, pressed.slot):
        await _queued(talk, await timing.schedule(talk.desk, pressed.article, pressed.slot))
        return
    slot = timing.free_slot(talk.desk, situation, await talk.tx.taken_times())
    check(talk.desk, situation, Act.TIME, slot or situation.earliest)
    number, another = pressed.article, Key(talk.words("🕒 Another time"), AskTime(pressed.article))
    keys = [] if slot is None else [[cards.slot_key(talk, situation.entry, slot)]]
    await talk.say(
        "Nothing is done: that slot is no longer free for #{id}. What now?", id=number, keys=[*keys, [another]]
    )


async def press_now(talk: Talk, pressed: PublishNow) -> None:
    """Publish what the button was shown with."""
    if pressed.version:
        _check_version(await read(talk.desk, pressed.article), pressed.version)
    await publish_now(talk, str(pressed.article))


def _check_version(situation: Situation, seen: int) -> None:
    if seen not in (0, situation.entry.version):
        raise Refused(
            "#{id} was changed after this button was shown, so nothing is done. Look at it as it is now.",
            id=situation.entry.id,
        )


async def _queued(talk: Talk, situation: Situation) -> None:
    entry = situation.entry
    keys = [Key(talk.words("🕒 Another time"), AskTime(entry.id)), Key(talk.words("✖️ Cancel"), Cancel(entry.id))]
    await say_when(talk, situation, text_id("#{id} is queued ✓ It goes out {when}."), keys)
    await cards.redraw(talk, situation)


async def say_when(talk: Talk, situation: Situation, text: str, keys: Sequence[Key] = ()) -> None:
    """Say `text`, which promises a time, or that somebody has to approve the article first."""
    entry = situation.entry
    assert entry.due_at is not None
    when = talk.when(entry.due_at)
    if situation.is_unapproved:
        said = talk.words(UNAPPROVED, id=entry.id, when=when, n=situation.readiness.missing)
        submit = Key(talk.words("📨 Submit for approval"), Submit(entry.id))
        await talk.show([said], [[submit], keys])
    else:
        await talk.show([talk.words(text, id=entry.id, when=when)], [keys])


async def publish_now(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/now 12"))
    situation = await publishing.publish(talk.desk, number, talk.chat)
    if situation.entry.state is EntryState.PUBLISHED:  # otherwise the countdown speaks
        await talk.say("#{id} is going out now. The result will come here.", id=number)
    await cards.redraw(talk, situation)


async def cancel(talk: Talk, argument: str) -> None:
    talk.require(Role.EDITOR)
    number, _ = article_id(argument, text_id("/cancel 12"))
    cancelled = await publishing.cancel(talk.desk, number)
    back = Key(talk.words("↩️ Return #{id}", id=number), Revive(number), life=RETURNS)
    await talk.say("#{id} is cancelled: it does not go out.", id=number, keys=[[back]])
    await cards.redraw(talk, cancelled)


async def stop_sending(talk: Talk, argument: str) -> None:
    """Let what has not left of one article stay."""
    number, _ = article_id(argument, text_id("/stopsend 12"))
    await leaving.stop_sending(talk.desk, number)
    await talk.say("Nothing more of #{id} leaves. /resend {id} missing goes on with it.", id=number)


async def doubts(talk: Talk, _argument: str) -> None:
    open_doubts = await talk.tx.doubts()
    if not open_doubts:
        await talk.say("All clear: we know of every channel post whether it appeared.")
        return
    for dispatch in open_doubts:
        await show_doubt(talk, dispatch)


async def show_doubt(talk: Talk, dispatch: Dispatch) -> None:
    """Ask about a post in doubt: only a person can look into the channel."""
    article = await talk.tx.content(dispatch.article_id, dispatch.version)
    words = talk.words
    keys: list[list[Key | Link]] = [
        [
            Key(words("✅ It's there"), PostAppeared(dispatch.id)),
            Key(words("🔁 Post again"), PostAgain(dispatch.id)),
        ]
    ]
    channel = talk.newsroom.channels.get(dispatch.channel or "")
    if channel is not None and channel.chat.startswith("@"):
        keys.insert(0, [Link(words("Open the channel"), f"https://t.me/{channel.chat[1:]}")])
    outlet = outcomes.outlet_name(talk, dispatch)
    await talk.show(
        [
            words("We don't know whether the post appeared: {channel}, #{id}", channel=outlet, id=dispatch.article_id),
            bold(article.headline),
            words("The connection broke before the answer came. Open the channel and look: is it there?"),
        ],
        keys,
    )


async def settle_doubt(talk: Talk, dispatch_id: int, *, appeared: bool) -> None:
    if appeared:
        dispatch = await aftermath.settle_doubt(talk.desk, dispatch_id, appeared=True)
        await talk.say("Noted: #{id} is in the channel.", id=dispatch.article_id)
        return
    article, missing = await leaving.post_again(talk.desk, dispatch_id)
    if missing:
        await say_lacking(talk, article, missing)
    else:
        await talk.say("#{id} is posted again.", id=article)


async def set_pace(talk: Talk, number: int, *, paid: bool) -> None:
    situation = await timing.set_pace(talk.desk, number, paid=paid)
    if paid:
        await talk.say("#{id} goes to readers at the paid rate.", id=number)
    else:
        await talk.say("#{id} goes to readers at the free rate.", id=number)
    await cards.redraw(talk, situation)


async def retry(talk: Talk, dispatch_id: int) -> None:
    article, missing = await leaving.retry(talk.desk, dispatch_id)
    if missing:
        await say_lacking(talk, article, missing)
    else:
        await talk.say("Trying #{id} again.", id=article)


async def go_on(talk: Talk, article_id: int, dispatches: Sequence[int]) -> None:
    if missing := await leaving.go_on(talk.desk, article_id, dispatches):
        await say_lacking(talk, article_id, missing)
    else:
        await talk.say("Sending of #{id} continues.", id=article_id)


async def say_lacking(talk: Talk, number: int, missing: int) -> None:
    await talk.say("#{id}: your approval counts. Still missing: {n}.", id=number, n=missing)
