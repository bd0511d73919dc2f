"""Weaker rules in the chat: what newsroom.toml or OWNERS asks less for, and the owners' yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.commands.fit import clip
from bot.commands.talk import Key, Line, Talk
from bot.domain.buttons import ApproveRules, KeepRules
from bot.domain.news import RulesAccepted, RulesKept, RulesWait
from bot.domain.rulebook import Question
from bot.domain.safeguards import Guard, Weakening
from bot.newsroom import rulebook
from bot.newsroom.rulebook import AGAIN, Approved
from bot.texts import text_id

#: Changes of which it is told how they were decided, and the characters of each. A question shows everything.
MOST, WIDE = 10, 200
#: How long an answer may be pressed: the question is put again each day.
LIFE = 2 * AGAIN
CHANGES = {
    Guard.APPROVALS: text_id("Approvals for every article: {before} → {after}"),
    Guard.APPROVE_AFTER: text_id("A newcomer waits before approving: {before} → {after}"),
    Guard.UNDO: text_id("Time to stop an article after “publish”: {before} → {after}"),
    Guard.SLACK: text_id("An approved article may be moved without asking again by: {before} → {after}"),
    Guard.EVIDENCE: text_id("An article no longer has to name its {before}"),
    Guard.HEAD: text_id("The end of the log is no longer told each day"),
    Guard.GROUP: text_id("A new desk group gives commands: {after}"),
    Guard.OWNER_COMES: text_id("A new owner: {after}"),
    Guard.OWNER_GOES: text_id("No longer an owner: {before}"),
    Guard.RISK_GONE: text_id("The risk rule “{name}” is gone"),
    Guard.RISK_WEAKER: text_id("The risk rule “{name}” asks for less: {before} → {after}"),
    Guard.CHANNEL_NEW: text_id("A new channel, {name}: {after}"),
    Guard.CHANNEL_MOVED: text_id("The channel {name} is another one: {before} → {after}"),
    Guard.CHANNEL_WIDER: text_id("The channel {name} takes more articles: {before} → {after}"),
}
EVIDENCE = {"status": text_id("status"), "source": text_id("source")}


async def ask(talk: Talk, told: RulesWait) -> None:
    """Put the question to an owner, unless it was answered meanwhile, also by this one."""
    question = await rulebook.open_question(talk.tx, told.asked)
    if question is not None and talk.me.id not in question.approved:
        await _show(talk, question)


async def _show(talk: Talk, question: Question) -> None:
    words = talk.words
    lines: list[Line] = [
        words("⚠️ newsroom.toml or OWNERS now asks for less. It doesn't count yet, the earlier rules apply:"),
        *(f"• {' '.join(_change(talk, each).split())}" for each in question.weakening),
    ]
    if question.needed > 1:
        lines.append(words("Two owners must approve it. If you don't know why it was changed, keep the earlier rules."))
    else:
        lines.append(words("If you don't know why it was changed, keep the earlier rules."))
    yes = Key(words("✅ Approve the change"), ApproveRules(question.id), life=LIFE)
    no = Key(words("✋ Keep the earlier rules"), KeepRules(question.id), life=LIFE)
    await talk.show(lines, [[yes], [no]])


def _lines(talk: Talk, weakening: Sequence[Weakening]) -> list[Line]:
    lines: list[Line] = [f"• {clip(_change(talk, each), WIDE)}" for each in weakening[:MOST]]
    if len(weakening) > MOST:
        lines.append(f"… +{len(weakening) - MOST}")
    return lines


def _change(talk: Talk, change: Weakening) -> str:
    before, after = change.before, change.after
    if change.guard in (Guard.UNDO, Guard.APPROVE_AFTER, Guard.SLACK):
        before, after = _span(talk, before), _span(talk, after)
    if change.guard is Guard.EVIDENCE:
        before = talk.words(EVIDENCE[before])
    return talk.words(CHANGES[change.guard], before=before, after=after, name=change.name)


def _span(talk: Talk, seconds: str) -> str:
    return talk.words.duration(timedelta(seconds=float(seconds))) if float(seconds) else talk.words("none")


async def approve(talk: Talk, asked: str) -> None:
    if await rulebook.approve(talk.desk, asked) is Approved.COUNTS:
        await talk.say("The new rules count: Visnyk starts again with them in a moment.")
        return
    await talk.say(
        "Noted. Another owner must approve it too. If no one says no, it counts on your word alone after {time}.",
        time=talk.words.duration(rulebook.alone_after(talk.newsroom.rules)),
    )


async def keep(talk: Talk, asked: str) -> None:
    await rulebook.keep(talk.desk, asked)
    await talk.say(
        "The earlier rules stay. Put them back in newsroom.toml and OWNERS too, or ask whoever runs Visnyk to do that."
    )


async def show_present(talk: Talk, asked: str) -> None:
    """Show the question again while it is open."""
    question = await rulebook.open_question(talk.tx, asked)
    if question is not None:
        await _show(talk, question)
    else:
        await talk.say("That change of the rules no longer waits for an answer.")


async def tell_kept(talk: Talk, told: RulesKept) -> None:
    lines: list[Line] = [talk.words("{person} kept the earlier rules. This does not count:", person=told.name)]
    await talk.show([*lines, *_lines(talk, told.weakening)])


async def tell_accepted(talk: Talk, told: RulesAccepted) -> None:
    if told.names:
        people = ", ".join(told.names)
        title = talk.words("⚠️ The newsroom's rules ask for less now, approved by {people}:", people=people)
    else:
        title = talk.words("⚠️ No owner has answered for a week, so the new OWNERS count:")
    await talk.show([title, *_lines(talk, told.weakening)])
