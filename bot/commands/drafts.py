"""The way from what an editor pastes, forwards or types step by step to a draft and its card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.commands import cards, checking, left_out, outcomes, pages, pictures
from bot.commands.queue import article_id
from bot.commands.talk import Line, Talk
from bot.domain import Article, AttachmentKind, Media, Run, Said, Source, Verification, plain
from bot.domain.dialogue import (
    AskedArticle,
    Collected,
    Collecting,
    Editing,
)
from bot.domain.difference import changed_fields
from bot.domain.entry import Entry, EntryState
from bot.domain.life import Act
from bot.domain.lookup import address_alone
from bot.domain.parse import Notice, Parsed, Pasted, apply_fields, join_parts, parse, without_prefix
from bot.domain.parse.changes import BAD_STATUS
from bot.domain.parse.taking_back import taken_back, with_left_out
from bot.domain.saying import saying_of
from bot.domain.times import parse_when
from bot.errors import Refused
from bot.ingest.page import Page
from bot.newsroom import writing
from bot.newsroom.card import editing
from bot.newsroom.readiness import read, read_for
from bot.newsroom.situation import Situation
from bot.texts import Words, text_id

_PRIVATE = "Forwarded from a person ({name}), who is not named as the source. Add a line “source: …”."
#: Characters of a left-out line by which it is recognised.
NAMED = 48
#: Names of what an article can't have, by its kind.
ATTACHMENTS = {
    AttachmentKind.FILE: text_id("the file"),
    AttachmentKind.ANIMATION: text_id("the GIF"),
    AttachmentKind.VOICE: text_id("the voice message"),
    AttachmentKind.AUDIO: text_id("the audio"),
    AttachmentKind.VIDEO_NOTE: text_id("the video message"),
    AttachmentKind.STICKER: text_id("the sticker"),
    AttachmentKind.POLL: text_id("the poll"),
    AttachmentKind.PLACE: text_id("the place"),
    AttachmentKind.CONTACT: text_id("the contact"),
    AttachmentKind.OTHER: text_id("the attachment"),
}

#: Parts of one paste arrive together: after this long without another the text is complete.
TOGETHER = timedelta(seconds=2)
#: Longest time between two parts of one text; what was said later is none of it, although both were read together.
APART = timedelta(seconds=30)


async def queue(talk: Talk, runs: Sequence[Run], media: Media | None) -> None:
    """Take the article that came with /queue, or ask for it."""
    if not plain(runs).strip():
        await talk.wait_for(AskedArticle(media=media))
        await talk.say(
            "Paste the whole article, or send just the headline and I will ask for the rest. A photo or video "
            "with a caption works too. Changed your mind? /cancel"
        )
        return
    if media is None and (address := address_alone(runs)):
        await pages.look_up(talk, address)
        return
    await take(talk, Pasted.of(runs), media)


async def from_page(talk: Talk, page: Page) -> None:
    """Begin a draft with a page that was fetched."""
    await _draft(talk, pages.parsed_of(talk, page), pages.taken(talk.words, page))


async def take(talk: Talk, pasted: Pasted, media: Media | None = None, *, edits: int | None = None) -> None:
    """Take a whole text. A long one waits a moment: its next part may be on the way."""
    if media is None and len(plain(pasted.said)) >= talk.traits.splits_at:
        await collect(talk, Collecting((pasted.said,), edits))
        return
    await finish(talk, pasted, media, edits)


async def collect(talk: Talk, collecting: Collecting) -> None:
    await talk.wait_for(replace(collecting, card=talk.message_id), due_at=talk.now + TOGETHER)


def is_of_another(talk: Talk, collected: Collecting) -> bool:
    """True if what is said now belongs to no text that is being collected: it was said much later."""
    return talk.saying is not None and talk.said.timestamp() - collected.said > APART.total_seconds()


async def finish_collected(talk: Talk, collected: Collecting, media: Media | None = None) -> None:
    """Take a text whose parts are all here."""
    await talk.tx.end_dialogue(talk.person)
    talk = when_collected(talk, collected)
    whole = join_parts(collected.parts)
    entry = await finish(talk, Pasted.of(whole), media, collected.edits)
    if entry is not None and not talk.in_group:  # its end may be on the way for longer
        await talk.wait_for(Collected(entry.id, entry.version, tuple(whole)))


def when_collected(talk: Talk, collected: Collecting) -> Talk:
    """Return the talk as it was when the parts of a text came."""
    said = datetime.fromtimestamp(collected.said, UTC) if collected.said else talk.now
    return replace(talk, message_id=collected.card, saying=saying_of(said, arrived=said, now=talk.now))


async def finish(talk: Talk, pasted: Pasted, media: Media | None, edits: int | None) -> Entry | None:
    """Take a whole text; return the draft that it became, None if it was a change."""
    if edits is not None:
        await change(talk, edits, pasted, media)
        return None
    if not talk.in_group:
        await talk.tx.end_dialogue(talk.person)
    return await _draft(talk, read_as_article(talk, pasted, media))


def read_as_article(talk: Talk, pasted: Pasted, media: Media | None, *, language: str = "") -> Parsed:
    """Read a text by the newsroom's own words, and by those that all pages share."""
    template = talk.newsroom.press.template
    parsed = parse(pasted, language=language or talk.words.language, media=media, template=template)
    return replace(parsed, article=with_left_out(parsed.article, parsed.dropped))


async def _draft(talk: Talk, parsed: Parsed, *remarks: str) -> Entry:
    situation = await writing.draft(talk.desk, parsed.article)
    talk = talk.about_article(situation.entry.id)
    situation = await _with_expiry(talk, situation, parsed)
    notices = await notices_of(talk, parsed, situation.entry.article)
    await cards.show_card(talk, situation, [*remarks, *notices], under=True, asks_status=_asks_status(parsed))
    return situation.entry


async def forwarded(talk: Talk, said: Said) -> None:
    """Begin a draft with a forwarded post. Its origin is its source until somebody says otherwise."""
    parsed = read_as_article(talk, Pasted.of(said.runs), said.media)
    article = parsed.article
    origin = said.forward
    if not article.sources and origin is not None and origin.name:
        if origin.private:  # whoever wrote to one person has not agreed to be quoted
            parsed = replace(parsed, notices=(*parsed.notices, Notice(_PRIVATE, {"name": origin.name})))
        else:
            article = replace(article, sources=(Source(origin.name, origin.link),))
    remarks = await checking.ours(talk, said)
    await talk.tx.end_dialogue(talk.person)
    await _draft(talk, replace(parsed, article=article), *remarks)


async def edit(talk: Talk, argument: Sequence[Run], media: Media | None) -> None:
    """Ask what changes, or change it at once if the text came with /edit."""
    number, rest = article_id(plain(argument), text_id("/edit 12"))
    if not rest and media is None:
        await ask_edit(talk, number)
        return
    await take(talk, Pasted.of(without_prefix(argument, plain(argument).rindex(rest))), media, edits=number)


async def ask_edit(talk: Talk, number: int) -> None:
    situation = await read_for(talk.desk, number, Act.EDIT)
    warned: list[Line] = []
    if others := ", ".join(person.title for person in await editing(talk.desk, situation, talk.reader)):
        warned = [talk.words("⚠️ #{id} is being edited right now by {names}.", id=number, names=others)]
    if talk.in_group:
        text = talk.words(
            "Reply to this with what to change in #{id}, one line each: “headline: …”, “lead: …”, “source: …”, "
            "“link: …”; or with the whole new text.",
            id=number,
        )
        await talk.show([*warned, text], article=number)
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
    await talk.show([*warned, *lines])


async def edited(talk: Talk, editing: Editing, said: Said) -> None:
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
    try:
        parsed = reworded(talk, before, pasted, media)
    except Refused as refused:
        if refused.text != BAD_STATUS:
            raise
        await talk.show([talk.words(refused.text, **refused.values)], cards.status_keys(talk.words, number))
        return False
    article = parsed.article
    if await _writes_over(talk, situation.entry, article):
        await _show_meanwhile(talk, situation)
        return False
    if parsed.expires is None or article != before:
        situation = await writing.rewrite(talk.desk, situation, article)
    situation = await _with_expiry(talk, situation, parsed)
    await _end_edit(talk, number)
    await cards.redraw(talk, situation)
    notices = await notices_of(talk, parsed, situation.entry.article)
    await cards.show_card(talk, situation, notices, under=True, asks_status=_asks_status(parsed))
    return True


def _asks_status(parsed: Parsed) -> bool:
    """True if a status was typed that is none."""
    return any(notice.text == BAD_STATUS for notice in parsed.notices)


def reworded(talk: Talk, before: Article, pasted: Pasted, media: Media | None) -> Parsed:
    """Return an article with what field lines change, or with another text that keeps what it does not mention."""
    if pasted.is_empty:
        parsed = Parsed(before)
    else:
        parsed = apply_fields(before, pasted) or _keeping(
            before, read_as_article(talk, pasted, media, language=before.language)
        )
    return replace(parsed, article=_with_media(parsed.article, media))


async def _writes_over(talk: Talk, entry: Entry, article: Article) -> bool:
    """True if `article` changes what others changed since this person saw it last, on any of their phones."""
    said = None if talk.saying is None else talk.said
    seen = await talk.tx.version_seen([talk.chat, *talk.me.addresses], entry.id, said)
    if seen == entry.version:
        return False
    unseen = changed_fields(await talk.tx.content(entry.id, seen), entry.article)
    return bool(unseen & changed_fields(entry.article, article))


async def _show_meanwhile(talk: Talk, situation: Situation) -> None:
    await cards.show_card(talk, situation, said=meanwhile(talk.words, situation.entry.id))


def meanwhile(words: Words, number: int) -> str:
    """Return what is said above the card when a change is not made because somebody else made another one."""
    return words(
        "Someone changed #{id} in the meantime; this is how it stands now. If your text still holds, send it again.",
        id=number,
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


async def show_left_out(talk: Talk, number: int) -> None:
    """Show what was left out of a draft; its card if nothing is."""
    situation = await read(talk.desk, number)
    if situation.entry.article.left_out and situation.entry.state is EntryState.DRAFT:
        await left_out.show(talk, situation.entry)
    else:
        await cards.show_card(talk, situation)


async def take_back(talk: Talk, number: int, text: str) -> None:
    """Take a left-out line back into the article, unless it is there."""
    entry = (await read(talk.desk, number)).entry
    if all(each.text != text for each in entry.article.left_out):
        await cards.show(talk, number, redraw=True)
        return
    await _amend(talk, number, lambda article: taken_back(article, text))


async def drop_picture(talk: Talk, number: int) -> None:
    await _amend(talk, number, lambda article: replace(article, media=None))


async def _amend(talk: Talk, number: int, change: Callable[[Article], Article]) -> None:
    """Change the article and draw its card again, the very one where that can be."""
    situation = await read_for(talk.desk, number, Act.EDIT)
    situation = await writing.rewrite(talk.desk, situation, change(situation.entry.article))
    await cards.show_card(talk, situation, redraw=True, under=await cards.is_under_post(talk, number))


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
            about=new.about or before.about,
            related=new.related or before.related,
        ),
    )


async def notices_of(talk: Talk, parsed: Parsed, article: Article) -> list[str]:
    """Say what was left out of an article, and what of it does not fit where it goes."""
    notices = [talk.words(notice.text, **_shortened(talk.words, notice.values)) for notice in parsed.notices]
    newsroom, media = talk.newsroom, article.media
    notices += untaken(talk)
    if article.language not in newsroom.languages:
        notices.append(
            talk.words(
                "The text is in a language that is none of the newsroom's ({language}): it goes nowhere by itself. "
                "If that is wrong, add a line like this: lang: {own}",
                language=article.language,
                own=newsroom.languages[0],
            )
        )
    notices += await pictures.notices(talk, media)
    for platform in newsroom.platforms:
        name = outcomes.PLATFORM_NAMES[platform]
        fit = newsroom.fit(article, platform)
        if not fit.text:
            notices.append(talk.words("On {platform} the text is too long: its end will be cut off.", platform=name))
        if fit.unmarked:
            texts = cards.short(", ".join(fit.unmarked))
            notices.append(talk.words("On {platform} the formatting is lost: “{texts}”", platform=name, texts=texts))
        if media is not None and not media.is_loose and not (fit.picture and newsroom.press.reaches(media, platform)):
            notices.append(pictures.without(talk, media, name))
        elif not fit.moves:
            notices.append(pictures.does_not_move(talk, name))
    return notices


def untaken(talk: Talk) -> list[str]:
    """Name what came attached and is not taken."""
    attachment = talk.untaken
    if attachment is None:
        return []
    name = cards.short(attachment.name)
    if attachment.kind is AttachmentKind.PICTURE_FILE:
        name = name or "🖼"
        return [talk.words("The picture {name} came as a file and is not taken: send it as a photo.", name=name)]
    what = name or talk.words(ATTACHMENTS[attachment.kind])
    return [talk.words("Not taken: {name}. An article has a photo or a video.", name=what)]


def _shortened(words: Words, values: Mapping[str, str | int | tuple[str, ...]]) -> dict[str, str | int]:
    """Cut what was left out to what it takes to recognise it, each line for itself."""
    return {name: cards.short(each) if isinstance(each, str) else _listed(words, each) for name, each in values.items()}


def _listed(words: Words, value: int | tuple[str, ...]) -> str | int:
    if isinstance(value, int):
        return value
    return ", ".join(words("“{line}”", line=cards.short(line, NAMED)) for line in value)


def _with_media(article: Article, media: Media | None) -> Article:
    if media is None:
        return article
    words = article.media or media
    return replace(article, media=replace(media, caption=words.caption, credit=words.credit))
