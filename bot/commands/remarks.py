"""A reply to an article's card: a change of the article, or only what colleagues say to each other."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import cards, drafts, review
from bot.commands.talk import Key, Line, Talk
from bot.domain import Said
from bot.domain.buttons import LeaveReply, ReturnReply, TakeReply
from bot.domain.life import Act
from bot.domain.parse import Pasted
from bot.domain.review import Verdict
from bot.errors import Refused
from bot.newsroom import review as rules
from bot.newsroom.card import EDITED_WITHIN
from bot.newsroom.readiness import read_for
from bot.newsroom.situation import Situation
from bot.texts import Words, text_id

ANSWERS = {Verdict.CHANGES: text_id("✏️ Ask for changes"), Verdict.REJECT: text_id("⛔ Reject")}


async def in_group(talk: Talk, said: Said) -> None:
    """Take field lines as a change at once. Ask about other words of a person who may change the article."""
    number = await talk.tx.article_shown(talk.chat, said.reply_to)
    if not number or (said.album and not said.text):
        return
    talk = talk.about_article(number)
    pasted = Pasted.of(said.runs)
    if pasted.is_change:
        await drafts.change(talk, number, pasted, said.media)
    elif (situation := await _changeable(talk, number)) is not None:
        await ask(talk, situation, said, pasted)


async def in_private(talk: Talk, number: int, said: Said) -> None:
    """Take the text as /edit does. A single line is no whole article, and a person who is asked may mean an answer."""
    situation = await read_for(talk.desk, number, Act.EDIT)
    is_asked = await review.asked_now(talk, situation)
    pasted = Pasted.of(said.runs)
    is_whole = said.media is not None or ("\n" in said.text.strip() and not is_asked)
    if is_whole or pasted.is_change:
        await drafts.take(talk, pasted, said.media, edits=number)
    else:
        await ask(talk, situation, said, pasted)


async def _changeable(talk: Talk, number: int) -> Situation | None:
    """Return the article's situation; None if this person may not change it, which they are not told."""
    try:
        return await read_for(talk.desk, number, Act.EDIT)
    except Refused:
        return None


async def ask(talk: Talk, situation: Situation, said: Said, pasted: Pasted) -> None:
    """Ask the person who said it what was meant; nothing is changed until they press."""
    words, text, entry, asked = talk.words, said.text.strip(), situation.entry, situation.asked
    if len(text) >= talk.traits.splits_at:
        raise Refused(
            "A text this long may arrive in several parts: send it in our private chat, after /edit {id}.", id=entry.id
        )
    lines: list[Line] = [
        words("Is this a change to #{id} or just a remark? Nothing has been changed yet.", id=entry.id)
    ]
    lines += would_change(words, said, pasted)
    change = TakeReply(entry.id, entry.version, said.runs, said.media)
    keys = [
        Key(words("📝 Change #{id}", id=entry.id), change, own=True, life=EDITED_WITHIN),
        Key(words("💬 Just a remark"), LeaveReply(entry.id), own=True, life=EDITED_WITHIN),
    ]
    answer: list[Key] = []
    if text and asked is not None and await review.asked_now(talk, situation):
        answer = [
            Key(
                words(label),
                ReturnReply(entry.id, asked.binding, verdict, text),
                own=True,
                life=EDITED_WITHIN,
            )
            for verdict, label in ANSWERS.items()
        ]
    await talk.show(lines, [keys, answer])


def would_change(words: Words, said: Said, pasted: Pasted) -> list[str]:
    """Return what a change by these words would do."""
    text = said.text.strip()
    if not text:
        return []
    if pasted.fields is not None:
        return [words("A change would set: {lines}", lines=cards.short("; ".join(text.split("\n"))))]
    headline = cards.short(text.split("\n")[0])
    return [words("A change would replace the whole text. The headline would be “{headline}”.", headline=headline)]


async def take(talk: Talk, reply: TakeReply) -> None:
    """The reply was meant as a change; it is none of what somebody else has changed meanwhile."""
    number = reply.article
    situation = await read_for(talk.desk, number, Act.EDIT)
    if situation.entry.version != reply.version:
        await cards.show_card(talk, situation, redraw=True, said=drafts.meanwhile(talk.words, number))
        return
    if await drafts.change(replace(talk, message_id=0), number, Pasted.of(reply.runs), reply.media):
        await talk.show([talk.words("📝 #{id} is changed.", id=number)], redraw=True)


async def leave(talk: Talk, reply: LeaveReply) -> None:
    await talk.show([talk.words("💬 A remark: #{id} stays as it is.", id=reply.article)], redraw=True)


async def send_back(talk: Talk, reply: ReturnReply) -> None:
    """The reply was the answer to the question for approval: what should change, or why it does not go out."""
    number, verdict = reply.article, reply.verdict
    await rules.decide(talk.desk, number, reply.binding, verdict, reply.reason)
    await talk.show([talk.words(review.DECIDED[verdict], id=number)], redraw=True)
