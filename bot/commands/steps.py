"""An article typed step by step, and whatever else somebody says in the middle of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.commands import cards, drafts, proposing
from bot.commands.talk import Key, Talk
from bot.domain import Article, Media, Run, Said, plain
from bot.domain.buttons import FinishDraft, SkipStep
from bot.domain.dialogue import (
    AskedArticle,
    AskedBody,
    AskedLead,
    AskedLink,
    AskedSource,
    Collecting,
    Dialogue,
    Drafting,
    Editing,
    Nothing,
    Runs,
)
from bot.domain.entry import Entry
from bot.domain.parse import HEADLINE_LIMIT, Pasted, apply_fields, join_parts
from bot.errors import Refused
from bot.newsroom import writing
from bot.texts import text_id

#: Questions after the headline, in this order, and the field line that each answer becomes.
STEPS: Mapping[type[Drafting], tuple[str, str]] = {
    AskedLead: (text_id("Now the lead: one paragraph that says what happened."), ""),
    AskedBody: (text_id("Now the text, in one message or several. Press Done when it is all here."), ""),
    AskedSource: (
        text_id("Who says so? Send the source: a name, a link, or both, or “own correspondent”."),
        text_id("source:"),
    ),
    AskedLink: (text_id("The link to the full text on the site?"), text_id("link:")),
}
ORDER = tuple(STEPS)
_OTHERS_LEFT_OUT = text_id("One picture per article: the first of the album is taken, the others are left out.")


async def go_on(talk: Talk, dialogue: Editing | Collecting | Drafting, said: Said) -> None:
    """Take the next message of a person who is in the middle of something."""
    match dialogue:
        case Editing():
            await drafts.edited(talk, dialogue, said)
        case Collecting():
            await _next_part(talk, dialogue, said)
        case AskedArticle():
            await _first_answer(talk, dialogue, said)
        case Drafting():
            await _take_step(talk, dialogue, said)


async def _next_part(talk: Talk, collecting: Collecting, said: Said) -> None:
    if said.text.strip():
        collecting = replace(collecting, parts=(*collecting.parts, said.runs))
    if said.media is not None:  # a picture is no part of a split text: it comes last
        await finish_collected(talk, collecting, said.media)
        return
    await drafts.collect(talk, collecting)


async def finish_collected(talk: Talk, collected: Collecting, media: Media | None = None) -> None:
    """Take a text whose parts are all here, for what it was begun for."""
    if collected.kind is None:
        await drafts.finish_collected(talk, collected, media)
    else:
        await proposing.finish_collected(talk, collected, media)


async def leave_out(talk: Talk, said: Said) -> None:
    """Say what of an album is left out, as an article has one picture; others may still be on the way."""
    if captions := " · ".join(f"“{cards.short(each.text)}”" for each in said.siblings if each.text.strip()):
        await talk.say(
            "One picture per article: the one with this text is taken. Left out with the others: {captions}",
            captions=captions,
        )
    elif said.siblings:
        await talk.say(_OTHERS_LEFT_OUT)
    dialogue = await talk.tx.dialogue(talk.person) or Nothing()
    await talk.wait_for(replace(dialogue, album=said.album, told=bool(said.siblings)))


async def rest_of_album(talk: Talk, dialogue: Dialogue) -> None:
    """Leave out the album's other pictures, as an article has one. It is said once, however many there are."""
    if not dialogue.told:
        await talk.wait_for(replace(dialogue, told=True))
        await talk.say(_OTHERS_LEFT_OUT)


async def _first_answer(talk: Talk, asked: AskedArticle, said: Said) -> None:
    media = said.media or asked.media
    if not said.text.strip():
        if media is None:
            raise Refused("Send the headline or the whole article as text.")
        await talk.wait_for(AskedArticle(media=media))
        await talk.say("Got the picture. Now the article or its headline.")
        return
    if said.forward is not None:
        await drafts.forwarded(talk, replace(said, media=media))
        return
    if "\n" in said.text.strip() or len(said.text) > HEADLINE_LIMIT:
        await drafts.take(talk, Pasted.of(said.runs), media)
        return
    await _ask(talk, AskedLead((said.runs,), media))


async def _ask(talk: Talk, asked: Drafting) -> None:
    await talk.wait_for(asked)
    words = talk.words
    keys = [Key(words("Skip"), SkipStep(asked.code)), Key(words("Done"), FinishDraft(asked.code))]
    await talk.say(STEPS[type(asked)][0], keys=[keys])


async def _take_step(talk: Talk, asked: Drafting, said: Said) -> None:
    """Take an answer; a button's word that is typed instead of pressed means the button."""
    typed = said.text.strip(" .!").casefold()
    if typed == talk.words("Skip").casefold():
        await _step_on(talk, asked)
    elif typed == talk.words("Done").casefold():
        await press_step(talk, asked.code, finish=not isinstance(asked, AskedBody))
    else:
        await _answer(talk, asked, said)


async def _answer(talk: Talk, asked: Drafting, said: Said) -> None:
    parts = asked.parts
    if said.text.strip():
        parts = _with_answer(parts, talk.words(STEPS[type(asked)][1]), said.runs, talk.traits.splits_at)
    asked = replace(asked, parts=parts, media=said.media or asked.media)
    if isinstance(asked, AskedBody):
        await talk.wait_for(asked)
        keys = [Key(talk.words("Done"), SkipStep(asked.code))]
        await talk.say("Got it. More text, or Done?", keys=[keys])
        return
    await _step_on(talk, asked)


def _with_answer(parts: tuple[Runs, ...], prefix: str, runs: Runs, long: int) -> tuple[Runs, ...]:
    """Add an answer. A field's becomes its line, and a wrong one is refused now; text that the app split is joined."""
    if prefix:
        line = tuple([replace(run, text=run.text.replace("\n", " ")) for run in runs])
        if apply_fields(Article("-"), Pasted.of(line)) is None:  # nobody who typed "link: …" needs a second one
            line = (Run(f"{prefix} "), *line)
        apply_fields(Article("-"), Pasted.of(line))
        return (*parts, line)
    if len(parts) > 1 and len(plain(parts[-1])) >= long:
        return (*parts[:-1], join_parts([parts[-1], runs]))
    return (*parts, runs)


async def _step_on(talk: Talk, answered: Drafting) -> None:
    following = ORDER[ORDER.index(type(answered)) + 1 :]
    if following:
        await _ask(talk, following[0](answered.parts, answered.media, album=answered.album, told=answered.told))
    else:
        await _complete(talk, answered)


async def _complete(talk: Talk, answered: Drafting) -> None:
    await drafts.finish(talk, _joined(answered.parts), answered.media, None)


def _joined(parts: Sequence[Runs]) -> Pasted:
    runs: list[Run] = []
    for part in parts:
        runs += [Run("\n\n")] if runs else []
        runs += part
    return Pasted.of(runs)


async def keep(talk: Talk, typed: Drafting) -> Entry | None:
    """Make a draft of what was typed when its dialogue ends; None if that was not even a headline."""
    if not typed.parts:
        return None
    parsed = drafts.read_as_article(talk, _joined(typed.parts), typed.media)
    return (await writing.draft(talk.desk, parsed.article)).entry


def with_answer(talk: Talk, asked: Drafting, said: Said) -> Pasted:
    """Return all that was typed, with `said` as the answer to the last question."""
    prefix = talk.words(STEPS[type(asked)][1])
    return _joined(_with_answer(asked.parts, prefix, said.runs, talk.traits.splits_at))


async def press_step(talk: Talk, step: str, *, finish: bool) -> None:
    """Do what Skip or Done under a question says. Raises `Refused` if that question is answered."""
    asked = await talk.tx.dialogue(talk.person)
    if not isinstance(asked, Drafting) or asked.code != step:
        raise Refused("That question has already been answered. /queue starts a new article.")
    if finish:
        await _complete(talk, asked)
    else:
        await _step_on(talk, asked)
