"""Letting an article out: it is submitted, the desk sees exactly what readers will, somebody else answers for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.commands import approving, cards, expiring, outcomes, posts, rounds
from bot.commands.checklist import LEAST, box, checklist_of
from bot.commands.fit import ROWS, Part, Weight, clip, fitted, rows, weighed
from bot.commands.marks import KINDS
from bot.commands.queue import article_id
from bot.commands.standing import standing, too_few
from bot.commands.talk import Key, Keys, Talk, bold
from bot.domain.buttons import Approve, AskChanges, Later, LookBack, Reject, SeeQuestion, Submit, Tick
from bot.domain.chat import Kind
from bot.domain.dialogue import AskedReason
from bot.domain.dossier import has_approved
from bot.domain.grounds import unasked
from bot.domain.life import Act
from bot.domain.news import (
    ApprovalVoid,
    Approved,
    Cancelled,
    Decided,
    PublishedAlone,
    Reviewed,
    Submitted,
    WaitsLong,
)
from bot.domain.people import Role
from bot.domain.readiness import obstacles
from bot.domain.review import Review, ReviewKind, Verdict
from bot.domain.seen import News
from bot.newsroom import aftermath, review, waiting
from bot.newsroom.card import Card, editing
from bot.newsroom.readiness import check, read
from bot.newsroom.situation import Situation, asker_of
from bot.texts import text_id

#: Characters of a note to the desk on the question; /show has all of it.
NOTE = 100
#: Characters of what is said in one message with a card; what is longer, such as a long reason, comes before it.
_BESIDE_A_CARD = 240
#: Characters of a headline on a button.
LABEL = 60
#: Boxes of a checklist in one row.
TICKS = 4
ASK_REASON = {
    Verdict.CHANGES: text_id(
        "What should change in #{id}? Write it in one message, I will pass it on to the "
        "author. Changed your mind? /cancel"
    ),
    Verdict.REJECT: text_id(
        "Why do you reject #{id}? Write it in one message, I will pass it on to the author. Changed your mind? /cancel"
    ),
}
REPLY_WITH = {
    Verdict.CHANGES: text_id("Reply to this with what to change in #{id}. I will pass it on to the author."),
    Verdict.REJECT: text_id("Reply to this with the reason for rejecting #{id}. I will pass it on to the author."),
}
DECIDED = {
    Verdict.CHANGES: text_id("#{id} is back with its author, along with your reason."),
    Verdict.REJECT: text_id("#{id} is rejected; its author has been told."),
}
TOLD = {
    Verdict.CHANGES: text_id("✏️ {person} asks for changes in #{id}: “{reason}”. /edit {id}, then /submit {id} again."),
    Verdict.REJECT: text_id("⛔ {person} rejected #{id}: “{reason}”."),
}


async def submit(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/submit 12"))
    situation = await review.submit(talk.desk, number)
    said = talk.words(
        (
            "#{id} is with your colleagues. Approvals needed: {n}. If its text, channels or time change, they are "
            "asked again."
        ),
        id=number,
        n=situation.need.approvals,
    )
    await talk.show([said, *too_few(talk, situation)])
    await cards.redraw(talk, situation)


# The question


async def ask_approval(talk: Talk, told: Submitted) -> None:
    """Show a person who may answer the posts as readers get them, with buttons that answer for exactly these."""
    situation = await read(talk.desk, told.article)
    asked = situation.asked
    if asked is None or asked.binding != told.binding or not await is_asked(talk, situation, told.only):
        return
    if asked.kind is ReviewKind.AFTER:
        await _show_what_went_out(talk, situation, asked, again=told.again)
        return
    await show_question(talk, situation, new=await rounds.new(talk, situation), reminded=told.again)


async def ask_several(talk: Talk, told: Sequence[Submitted]) -> None:
    """Ask a person about several articles with one message that opens each; about a single one as always."""
    situations = {each.article: await read(talk.desk, each.article) for each in told}
    asked = {number: each for number, each in situations.items() if await asked_now(talk, each)}
    if len(asked) > 1:
        heads = {number: cards.short(each.entry.article.headline, LABEL) for number, each in asked.items()}
        keys = [[Key(f"#{number} {head}", SeeQuestion(number))] for number, head in heads.items()]
        await talk.show([talk.words("These articles are waiting for your approval:")], keys)
    for each in told:
        if len(asked) < 2 or each.article not in asked:
            await ask_approval(replace(talk, unasked=unasked(each)), each)


async def see_question(talk: Talk, number: int) -> None:
    """Show what readers will see and the question, or how it stands if this person's word is not needed any longer."""
    situation = await read(talk.desk, number)
    if not await asked_now(talk, situation):
        await cards.show_card(talk, situation)
        return
    await show_question(talk, situation)


async def ask_long_waiting(talk: Talk, told: WaitsLong) -> None:
    """Tell an owner; one who may approve gets the question with it."""
    since = talk.when(datetime.fromtimestamp(told.since, UTC))
    text = talk.words("⏰ #{id} has been waiting for approval since {when}.", id=told.article, when=since)
    situation = await read(talk.desk, told.article)
    if situation.asked is None or situation.asked.binding != told.binding or not await is_asked(talk, situation):
        await talk.show([text])
        return
    await show_question(talk, situation, new=await rounds.new(talk, situation), before=[text])


async def is_asked(talk: Talk, situation: Situation, only: int | None = None) -> bool:
    """True if the desk waits for this person's word, or for that of the member `only`."""
    person, asked = talk.member, situation.asked
    if asked is None:
        return False
    if talk.place.to_all:
        return only is None
    if person is None or (only is not None and person.id != only):
        return False
    if only is None and await talk.tx.is_postponed(asked.id, person.id):
        return False
    return waiting.can_answer(situation, asked, person)


async def asked_now(talk: Talk, situation: Situation) -> bool:
    """True if this person's word is still missing about an article that has not gone out."""
    asked = situation.asked
    if asked is None or asked.kind is not ReviewKind.BEFORE or not situation.readiness.missing:
        return False
    return await is_asked(talk, situation)


async def show_question(
    talk: Talk,
    situation: Situation,
    *,
    redraw: bool = False,
    new: News | None = None,
    reminded: bool = False,
    before: Sequence[str] = (),
) -> None:
    """Show the question under the post as readers of this chat's platform get it.

    `new`: by itself, with what is new since this person looked. `reminded`: it is a reminder. `before`: said first.
    """
    words, need, entry, asked = talk.words, situation.need, situation.entry, situation.asked
    assert asked is not None
    ticks = await talk.tx.ticks(asked.id, talk.member.id) if talk.member is not None else []
    card = Card(situation, editors=await editing(talk.desk, situation, talk.reader))
    # What is said before tells that it waits; the first line would add only the time, if there is one.
    first = [] if before and entry.due_at is None else [rounds.head(talk, situation, new, reminded=reminded)]
    parts: list[Part] = [
        *weighed(Weight.NEEDED, [*before, *first]),
        (Weight.NEEDED, bold(clip(entry.article.headline, cards.HEADLINE))),
        *weighed(Weight.NEEDED, rounds.lines(talk, situation, new)),
        *weighed(Weight.NEEDED, _newcomers(talk, situation)),
        *weighed(Weight.STANDING, cards.note(words, entry.article, NOTE)),
        *standing(talk, card, asking=True),
        *weighed(Weight.NEEDED, [*cards.risk(words, need), *expiring.asked(talk, entry)]),
        *weighed(Weight.NEEDED, cards.links(words, entry.article)),
    ]
    lines, _ = fitted(parts, partial(cards.more, talk, entry.id), ROWS - min(LEAST, rows(need.checklist) + 1))
    checklist, open_ones = checklist_of(words, need.checklist, ticks, ROWS - rows(lines))
    keys = [
        *_answers(talk, situation, open_ones, ticks, await approving.keys(talk, situation)),
        posts.keys(talk, entry, own=new is not None),
    ]
    await talk.show(
        [*lines, *checklist],
        keys,
        redraw=redraw,
        article=entry.id,
        kind=Kind.QUESTION,
        above=posts.above(talk, entry) if new is None else None,
        seen=rounds.seen_now(talk, situation),
    )


def _newcomers(talk: Talk, situation: Situation) -> list[str]:
    """Name the authors whom somebody invited a short while ago."""
    words, within = talk.words, talk.newsroom.rules.approve_after
    wrote = [situation.people.numbered(number) for number in sorted(situation.readiness.authors)]
    new = [each for each in wrote if each is not None and each.is_newcomer(talk.now, within)]
    text = text_id("🔴 Its author is new: {name}, on the desk since {when}.")
    return [words(text, name=each.title, when=talk.when(each.since)) for each in new]


async def _show_what_went_out(talk: Talk, situation: Situation, asked: Review, *, again: bool = False) -> None:
    """Ask for a look at what went out on one person's word; `again`: in short to whoever was shown it already."""
    entry, seen = situation.entry, await rounds.seen(talk, situation.entry.id) if again else None
    is_known = seen is not None and seen.version == entry.version
    first = _reminder_of(talk, situation, asked) if is_known else await _alone(talk, situation, asked)
    parts = weighed(Weight.NEEDED, [first, bold(clip(entry.article.headline, cards.HEADLINE))])
    if not is_known:
        parts += weighed(Weight.STANDING, cards.note(talk.words, entry.article, NOTE))
        parts += outcomes.parts(talk, await aftermath.report(talk.desk, entry.id))
    lines, _ = fitted(parts, partial(cards.more, talk, entry.id))
    await talk.show(
        lines,
        [[Key(talk.words("✅ Reviewed"), LookBack(entry.id, asked.binding))], posts.keys(talk, entry, own=is_known)],
        article=entry.id,
        above=None if is_known else posts.above(talk, entry),
        seen=rounds.seen_now(talk, situation),
    )


async def _alone(talk: Talk, situation: Situation, asked: Review) -> str:
    """Return what went out without approval, an article or a change of it, and on whose word."""
    number = situation.entry.id
    changed = next((each for each in await talk.tx.changes(number) if each.to_version == asked.version), None)
    if changed is None:
        said = text_id("⚡ #{id} went out without approval: {person}, {when}. Please review it: is everything right?")
    else:
        said = text_id("⚡ #{id}: {kind} without approval by {person}, {when}. Please review it.")
    kind, when = KINDS[changed.kind] if changed is not None else "", talk.when(asked.asked_at)
    return talk.words(said, id=number, person=_asker(talk, situation, asked), when=when, kind=kind)


def _reminder_of(talk: Talk, situation: Situation, asked: Review) -> str:
    return talk.words(
        "⏰ #{id}: nobody has reviewed yet what {person} sent out without approval {when}.",
        id=situation.entry.id,
        person=_asker(talk, situation, asked),
        when=talk.when(asked.asked_at),
    )


def _asker(talk: Talk, situation: Situation, asked: Review) -> str:
    by = situation.people.still_here([asker_of(asked)])
    return by.title if by is not None else talk.words("a former colleague")


def _answers(
    talk: Talk, situation: Situation, checklist: Mapping[int, str], ticks: Sequence[str], timed: Sequence[Key]
) -> Keys:
    """Return the buttons that answer. `checklist` holds items by their places; `timed` approve with a time."""
    words, number, binding = talk.words, situation.entry.id, situation.readiness.binding
    later = [] if obstacles(situation.readiness, Act.LATER) else [Key(words("🕒 Later"), Later(number, binding))]
    boxes = [Key(f"{box(item, ticks)} {place}", Tick(number, binding, item)) for place, item in checklist.items()]
    return [
        *(boxes[start : start + TICKS] for start in range(0, len(boxes), TICKS)),
        [Key(words("✅ Approve"), Approve(number, binding))],
        timed,
        [Key(words("✏️ Ask for changes"), AskChanges(number, binding)), *later],
        [Key(words("⛔ Reject"), Reject(number, binding))],
    ]


# The answers


async def approve_typed(talk: Talk, argument: str) -> None:
    """Approve what this person has seen as it is now; else show it with the question first."""
    number, _ = article_id(argument, text_id("/approve 12"))
    situation = await read(talk.desk, number)
    is_given = has_approved(situation.dossier.approvals, talk.me.id, situation.readiness.binding)
    if not is_given:
        check(talk.desk, situation, Act.APPROVE, ticked=situation.need.checklist)
    if is_given or situation.asked is None or not situation.readiness.missing:
        await cards.show_card(talk, situation)
        return
    ticks = await talk.tx.ticks(situation.asked.id, talk.me.id)
    is_ready = set(situation.need.checklist) <= set(ticks)
    if is_ready and not talk.in_group and await rounds.seen(talk, number) == rounds.seen_now(talk, situation):
        await approve(talk, number, situation.readiness.binding)
    else:
        await show_question(talk.to_everybody() if talk.in_group else talk, situation)


async def approve(talk: Talk, number: int, binding: str) -> None:
    situation = await review.approve(talk.desk, number, binding)
    if still := situation.readiness.missing:
        await talk.say("#{id}: your approval counts. Still missing: {n}.", id=number, n=still)
    else:
        await talk.say("#{id} is approved.", id=number)
    await _put_away(talk, situation)


async def approve_at(talk: Talk, number: int, binding: str, slot: datetime) -> None:
    """Approve it for the posting time that the button named; if that is gone meanwhile, ask again with the next one."""
    situation = await read(talk.desk, number)
    if await approving.is_free(talk, slot) or not await asked_now(talk, situation):
        await approving.at(talk, number, binding, slot)
        return
    gone = talk.words("Nothing is done: {when} is no longer free. Another time for #{id}?", id=number,
                      when=talk.when(slot))  # fmt: skip
    await show_question(talk, situation, redraw=True, before=[gone])


async def tick(talk: Talk, number: int, binding: str, item: str) -> None:
    """Tick a box on the question itself, where the platform can."""
    await show_question(talk, await review.tick(talk.desk, number, binding, item), redraw=True)


async def later(talk: Talk, number: int, binding: str) -> None:
    at = await review.ask_later(talk.desk, number, binding)
    await talk.say("I will ask you about #{id} again {when}.", id=number, when=talk.when(at))
    await _put_away(talk, await read(talk.desk, number))


async def ask_reason(talk: Talk, number: int, binding: str, verdict: Verdict) -> None:
    await review.check_may_decide(talk.desk, number, binding, verdict)
    if talk.in_group:
        await talk.show([talk.words(REPLY_WITH[verdict], id=number)], article=number)
        return
    await talk.wait_for(AskedReason(number, talk.message_id, binding=binding, verdict=verdict))
    await talk.say(ASK_REASON[verdict], id=number)


async def take_reason(talk: Talk, asked: AskedReason, text: str) -> None:
    """Take the message that answers the question why."""
    talk.require(Role.EDITOR)
    number, verdict = asked.article, asked.verdict
    situation = await review.decide(talk.desk, number, asked.binding, verdict, text)
    await talk.tx.end_dialogue(talk.person)
    await talk.say(DECIDED[verdict], id=number)
    await _put_away(talk, situation)


async def publish_alone(talk: Talk, argument: str) -> None:
    number, _ = article_id(argument, text_id("/urgent 12"))
    situation = await review.publish_alone(talk.desk, number)
    await talk.say("#{id} is going out now. The result will come here.", id=number)
    if situation.asked is not None:
        await talk.say("It goes out on your responsibility. Your colleagues have been told and will review it.")
    await cards.redraw(talk, situation)


async def look_back(talk: Talk, number: int, binding: str) -> None:
    await review.look_back(talk.desk, number, binding)
    await talk.say("Noted: you looked at #{id}.", id=number)
    await _put_away(talk, await read(talk.desk, number))


async def _put_away(talk: Talk, situation: Situation) -> None:
    """Turn the question that was answered into the article's card, where a message can be redrawn.

    In a group it stays a question to everybody as long as the desk waits for somebody.
    """
    to_all = talk.to_everybody()
    if talk.in_group and talk.message_id and await asked_now(to_all, situation):
        await show_question(to_all, situation, redraw=True)
    else:
        await cards.replace_question(talk, situation)


# What the others hear


async def tell_decided(talk: Talk, told: Decided) -> None:
    number = told.article
    said = talk.words(TOLD[told.verdict], person=told.name, id=number, reason=told.reason)
    to_author = talk.member is not None and talk.member.id in told.to
    if not to_author or len(said) > _BESIDE_A_CARD:
        await talk.show([said])
        said = ""
    if to_author:
        await cards.show(talk, number, said=said)


async def tell_approved(talk: Talk, told: Approved) -> None:
    said = talk.words("#{id} is approved by {person}.", id=told.article, person=told.name)
    await cards.show(talk, told.article, said=said)


async def tell_void(talk: Talk, told: ApprovalVoid) -> None:
    text = text_id("#{id} was changed, so its approval no longer counts. /submit {id} asks again.")
    if not told.approved:
        text = text_id(
            "#{id} was changed before it was approved, so the request is withdrawn. /submit {id} asks again."
        )
    number = told.article
    submit = Key(talk.words("📨 Submit for approval"), Submit(number))
    await talk.say(text, id=number, keys=[[submit]])


async def tell_cancelled(talk: Talk, told: Cancelled) -> None:
    await talk.say("✖️ {person} cancelled #{id}: it does not go out.", person=told.name, id=told.article)


async def tell_published_alone(talk: Talk, told: PublishedAlone) -> None:
    entry = await talk.desk.entry(told.article)
    text = talk.words("⚡ {person} is sending #{id} out without approval:", person=told.name, id=entry.id)
    await talk.show([text, bold(cards.short(entry.article.headline))])


async def tell_reviewed(talk: Talk, told: Reviewed) -> None:
    await talk.say("✅ {person} reviewed #{id} after it went out.", person=told.name, id=told.article)
