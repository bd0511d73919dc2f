"""From what an editor pastes, forwards or types step by step to a draft and its card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.commands import cards, outcomes
from bot.commands.queue import article_id
from bot.commands.talk import Key, Talk
from bot.domain import Article, Media, Run, Said, Source, Verification, plain
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
from bot.domain.difference import changed_fields
from bot.domain.entry import Entry
from bot.domain.life import Act
from bot.domain.parse import HEADLINE_LIMIT, Parsed, Pasted, apply_fields, join_parts, parse, without_prefix
from bot.domain.times import parse_when
from bot.errors import Refused
from bot.newsroom import writing
from bot.newsroom.card import editing
from bot.newsroom.readiness import read_for
from bot.newsroom.situation import Situation
from bot.texts import text_id

#: Parts of one paste arrive together: after this long without another the text is complete.
TOGETHER = timedelta(seconds=2)
#: What is asked after the headline, in this order, and the field line that the answer becomes.
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


async def queue(talk: Talk, runs: Sequence[Run], media: Media | None) -> None:
    """Take the article that came with /queue, or ask for it."""
    if not plain(runs).strip():
        await talk.wait_for(AskedArticle(media=media))
        await talk.say(
            "Paste the whole article, or send just the headline and I will ask for the rest. A photo or video "
            "with a caption works too. Changed your mind? /cancel"
        )
        return
    await take(talk, Pasted.of(runs), media)


async def take(talk: Talk, pasted: Pasted, media: Media | None = None, *, edits: int | None = None) -> None:
    """Take a whole text. A long one waits a moment: its next part may be on the way."""
    if media is None and len(plain(pasted.said)) >= talk.traits.splits_at:
        await _collect(talk, [pasted.said], edits)
        return
    await _finish(talk, pasted, media, edits)


async def _collect(talk: Talk, parts: Sequence[Runs], edits: int | None) -> None:
    await talk.wait_for(Collecting(tuple(parts), edits, talk.message_id), due_at=talk.now + TOGETHER)


async def finish_collected(talk: Talk, collected: Collecting, media: Media | None = None) -> None:
    """Take a text whose parts are all here."""
    await talk.tx.end_dialogue(talk.person)
    talk = replace(talk, message_id=collected.card)
    await _finish(talk, Pasted.of(join_parts(collected.parts)), media, collected.edits)


async def _finish(talk: Talk, pasted: Pasted, media: Media | None, edits: int | None) -> None:
    if edits is not None:
        await change(talk, edits, pasted, media)
        return
    if not talk.in_group:
        await talk.tx.end_dialogue(talk.person)
    await _draft(talk, parse(pasted, language=talk.words.language, media=media))


async def _draft(talk: Talk, parsed: Parsed) -> None:
    situation = await writing.draft(talk.desk, parsed.article)
    talk = talk.about_article(situation.entry.id)
    situation = await _with_expiry(talk, situation, parsed)
    await cards.show_previews(talk, situation.entry)
    await cards.show_card(talk, situation, _notices(talk, parsed, parsed.article))


async def forwarded(talk: Talk, said: Said) -> None:
    """Begin a draft with a forwarded post. Its origin is its source until somebody says otherwise."""
    parsed = parse(Pasted.of(said.runs), language=talk.words.language, media=said.media)
    article = parsed.article
    if not article.sources and said.forward is not None and said.forward.name:
        article = replace(article, sources=(Source(said.forward.name, said.forward.link),))
    await talk.tx.end_dialogue(talk.person)
    await _draft(talk, replace(parsed, article=article))


async def edit(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    """Ask what changes, or change it at once if the text came with /edit."""
    number, rest = article_id(plain(argument), text_id("/edit 12"))
    if not rest and media is None:
        await ask_edit(talk, number)
        return
    await take(talk, Pasted.of(without_prefix(argument, len(plain(argument)) - len(rest))), media, edits=number)


async def ask_edit(talk: Talk, number: int) -> None:
    situation = await read_for(talk.desk, number, Act.EDIT)
    if others := ", ".join(person.title for person in await editing(talk.desk, situation, talk.reader)):
        await talk.say("⚠️ #{id} is being edited right now by {names}.", id=number, names=others)
    if talk.in_group:
        text = talk.words(
            "Reply to this with what to change in #{id}, one line each: “headline: …”, “lead: …”, “source: …”, "
            "“link: …”; or with the whole new text.",
            id=number,
        )
        await talk.show([text], article=number)
        return
    await talk.wait_for(Editing(number, talk.message_id, situation.entry.version))
    lines = [
        talk.words(
            "Send the new text of #{id}, or only what changes, one line each: “headline: …”, “lead: …”, "
            "“source: …”, “link: …”. A photo replaces the photo. Changed your mind? /cancel",
            id=number,
        )
    ]
    if talk.traits.has_replies:
        lines.append(talk.words("Replying to the card does the same right away."))
    await talk.show(lines)


async def _edited(talk: Talk, editing: Editing, said: Said) -> None:
    """Take the new text, unless somebody else changed the article since this person saw it."""
    situation = await read_for(talk.desk, editing.article, Act.EDIT)
    entry = situation.entry
    if editing.version in (entry.version, None):
        await take(talk, Pasted.of(said.runs), said.media, edits=entry.id)
        return
    await talk.wait_for(replace(editing, version=entry.version))
    await _show_meanwhile(talk, situation)


async def change(talk: Talk, number: int, pasted: Pasted, media: Media | None) -> bool:
    """Change the fields of field lines; a whole text replaces the text and keeps what it does not mention.

    Return False if it would overwrite a change that this person has not seen; that change is shown instead.
    """
    situation = await read_for(talk.desk, number, Act.EDIT)
    before = situation.entry.article
    if pasted.is_empty:
        parsed = Parsed(before)
    else:
        parsed = apply_fields(before, pasted) or _keeping(before, parse(pasted, language=before.language, media=media))
    article = _with_media(parsed.article, media)
    if await _writes_over(talk, situation.entry, article):
        await _show_meanwhile(talk, situation)
        return False
    if parsed.expires is None or article != before:
        situation = await writing.rewrite(talk.desk, situation, article)
    situation = await _with_expiry(talk, situation, parsed)
    await _end_edit(talk, number)
    await cards.redraw(talk, situation)
    await cards.show_previews(talk, situation.entry)
    await cards.show_card(talk, situation, _notices(talk, parsed, article))
    return True


async def _writes_over(talk: Talk, entry: Entry, article: Article) -> bool:
    """True if `article` changes what others changed since this person saw it last, on any of their phones."""
    seen = await talk.tx.version_seen([talk.chat, *talk.me.addresses], entry.id)
    if seen == entry.version:
        return False
    unseen = changed_fields(await talk.tx.content(entry.id, seen), entry.article)
    return bool(unseen & changed_fields(entry.article, article))


async def _show_meanwhile(talk: Talk, situation: Situation) -> None:
    number = situation.entry.id
    await cards.show_card(talk, situation)
    await talk.say(
        "Someone changed #{id} in the meantime, see above. If your text still holds, send it again.", id=number
    )


async def _end_edit(talk: Talk, number: int) -> None:
    """End the dialogue; after a change in a group only one about this article, as another may go on in private."""
    dialogue = await talk.tx.dialogue(talk.person) if talk.in_group else None
    is_about_it = isinstance(dialogue, Editing) and dialogue.article == number
    if is_about_it or not talk.in_group:
        await talk.tx.end_dialogue(talk.person)


async def set_status(talk: Talk, number: int, status: Verification) -> None:
    """Set the status by a button on the card, which makes a new version."""
    await _amend(talk, number, lambda article: replace(article, status=status))


async def name_own_correspondent(talk: Talk, number: int) -> None:
    await _amend(talk, number, lambda article: replace(article, sources=(*article.sources, Source("", own=True))))


async def _amend(talk: Talk, number: int, change: Callable[[Article], Article]) -> None:
    """Change the article and draw its card again. When nothing is missing, what readers will see is shown too."""
    situation = await read_for(talk.desk, number, Act.EDIT)
    situation = await writing.rewrite(talk.desk, situation, change(situation.entry.article))
    if situation.readiness.lacking:
        await cards.show_card(talk, situation, redraw=True)
        return
    await cards.redraw(talk, situation)
    await cards.show_previews(talk, situation.entry)
    await cards.show_card(talk, situation)


async def _with_expiry(talk: Talk, situation: Situation, parsed: Parsed) -> Situation:
    if parsed.expires is None:
        return situation
    zone = talk.newsroom.timetable.zone
    at = parse_when(parsed.expires, now=talk.said, zone=zone) if parsed.expires else None
    return await writing.expire(talk.desk, situation, at)


def _keeping(before: Article, parsed: Parsed) -> Parsed:
    new = parsed.article
    return replace(
        parsed,
        article=replace(
            new,
            media=new.media or before.media,
            sources=new.sources or before.sources,
            link=new.link or before.link,
            topics=new.topics or before.topics,
            urgent=new.urgent or before.urgent,
            status=new.status or before.status,
            note=new.note or before.note,
            related=new.related or before.related,
        ),
    )


def _notices(talk: Talk, parsed: Parsed, article: Article) -> list[str]:
    notices = [talk.words(notice.text, **_shortened(notice.values)) for notice in parsed.notices]
    newsroom, media = talk.newsroom, article.media
    for platform in newsroom.platforms:
        name = outcomes.PLATFORM_NAMES[platform]
        fit = newsroom.fit(article, platform)
        if not fit.text:
            notices.append(talk.words("On {platform} the text is too long: its end will be cut off.", platform=name))
        if fit.unmarked:
            texts = cards.short(", ".join(fit.unmarked))
            notices.append(talk.words("On {platform} the formatting is lost: “{texts}”", platform=name, texts=texts))
        if media is not None and not (fit.picture and newsroom.press.reaches(media, platform)):
            notices.append(
                talk.words(
                    "On {platform} the post goes out without the picture: there it needs a web address ending "
                    "in .jpg. Add a line “photo: https://….jpg”.",
                    platform=name,
                )
            )
    return notices


def _shortened(values: Mapping[str, str | int]) -> dict[str, str | int]:
    """Cut what was left out to what it takes to recognise it."""
    return {name: cards.short(value) if isinstance(value, str) else value for name, value in values.items()}


# Step by step


async def go_on(talk: Talk, dialogue: Editing | Collecting | Drafting, said: Said) -> None:
    """Take the next message of a person who is in the middle of something."""
    match dialogue:
        case Editing():
            await _edited(talk, dialogue, said)
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
    await _collect(talk, collecting.parts, collecting.edits)


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
        await forwarded(talk, replace(said, media=media))
        return
    if "\n" in said.text.strip() or len(said.text) > HEADLINE_LIMIT:
        await take(talk, Pasted.of(said.runs), media)
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
        parse(Pasted.of((Run("-\n\n"), *line)))
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
    runs: list[Run] = []
    for part in answered.parts:
        runs += [Run("\n\n")] if runs else []
        runs += part
    await _finish(talk, Pasted.of(runs), answered.media, None)


async def press_step(talk: Talk, step: str, *, finish: bool) -> None:
    """Do what Skip or Done under a question says. Raises `Refused` if that question is answered."""
    asked = await talk.tx.dialogue(talk.person)
    if not isinstance(asked, Drafting) or asked.code != step:
        raise Refused("That question has already been answered. /queue starts a new article.")
    if finish:
        await _complete(talk, asked)
    else:
        await _step_on(talk, asked)


def _with_media(article: Article, media: Media | None) -> Article:
    if media is None:
        return article
    words = article.media or media
    return replace(article, media=replace(media, caption=words.caption, credit=words.credit))
