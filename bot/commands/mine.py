"""/mine and /show: what waits for the person who asks, and an article with the question that they may answer."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import cards, proposals, queue, review
from bot.commands.talk import Key, Line, Talk, bold
from bot.domain.buttons import SeeQuestion, ShowArticle
from bot.newsroom import cases, waiting
from bot.newsroom.readiness import read
from bot.newsroom.situation import Situation
from bot.texts import text_id

#: Articles of each kind that are listed: with their buttons they fill one screen.
MOST = 6
#: Characters of a headline on a button.
LABEL = 34


async def mine(talk: Talk, _argument: str) -> None:
    """List what waits for this person's answer, and what of their own waits in the house."""
    asked = await waiting.asked_of(talk.desk, talk.me, MOST)
    numbers = {each.entry.id for each in asked}
    own = [each for each in await waiting.own(talk.desk, talk.me, MOST) if each.entry.id not in numbers]
    changes = await cases.waiting(talk.desk, talk.me, MOST)
    for each in changes:
        await proposals.show_question(talk, each)
    if not asked and not own:
        if changes:
            return
        await talk.say("Nothing is waiting for you. A new article: /queue. All that waits: /list")
        return
    listed = [
        *_listed(talk, text_id("Waiting for your answer:"), asked),
        *_listed(talk, text_id("Your own articles:"), own),
    ]
    await talk.show(listed, [*_keys(asked, SeeQuestion), *_keys(own, ShowArticle)])


def _listed(talk: Talk, title: str, found: Sequence[Situation]) -> list[Line]:
    return [bold(talk.words(title)), *(cards.list_line(talk, each) for each in found)] if found else []


def _keys(found: Sequence[Situation], press: type[SeeQuestion | ShowArticle]) -> list[list[Key]]:
    return [[Key(_label(each), press(each.entry.id))] for each in found]


def _label(situation: Situation) -> str:
    entry = situation.entry
    return f"#{entry.id} {cards.short(entry.article.headline, LABEL)}"


async def show(talk: Talk, argument: str) -> None:
    """Show the article; a person who may answer the question about it gets that, with its buttons."""
    number, _ = queue.article_id(argument, text_id("/show 12"))
    situation = await read(talk.desk, number)
    if talk.member is not None and waiting.waits_for(situation, talk.me):
        await _show_note(talk, situation)
        await review.see_question(talk, number)
    elif (proposal := await proposals.asked_about(talk, situation)) is not None:
        await proposals.show_question(talk, proposal)
    else:
        await cards.show_card(talk, situation, under=True, whole=True)


async def _show_note(talk: Talk, situation: Situation) -> None:
    """Show all of a note to the desk that the question would cut."""
    entry = situation.entry
    if len(entry.article.note) > review.NOTE:
        title = talk.words("More about #{id}:", id=entry.id)
        await talk.show([title, *cards.note(talk.words, entry.article, len(entry.article.note))])
