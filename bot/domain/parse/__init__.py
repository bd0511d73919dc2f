"""Turns what an editor pasted into an article: headline, lead, body, fields and teasers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.article import Article, Media, plain
from bot.domain.clean import mixed_words
from bot.domain.parse.changes import ONE_MEDIA, changed
from bot.domain.parse.fields import Field, expiry, without_fields
from bot.domain.parse.lines import join_parts, paragraphs_of, without_prefix
from bot.domain.parse.notices import Notice, losses
from bot.domain.parse.pasted import Pasted
from bot.domain.parse.story import HEADLINE_LIMIT, language_of, story_of
from bot.domain.parse.teasers import without_calls, without_teasers
from bot.errors import Refused

__all__ = [
    "HEADLINE_LIMIT",
    "Notice",
    "Parsed",
    "Pasted",
    "apply_fields",
    "join_parts",
    "parse",
    "without_prefix",
]

_INVISIBLE = "Invisible characters removed: {count}."
_MIXED = "Please check: Latin and Cyrillic letters are mixed in {words}."
_REPEATED = "The repeated headline was left out: “{line}”"
_CALL = "A call to subscribe was left out: “{line}”"
#: Said when the line may have been meant as a sentence of the text; other fields refuse sentences.
_NOTE_TAKEN = (
    "Taken as a note for the desk, not as text: “{line}” To show it to readers, write a dash instead of the colon."
)
_SOURCE_TAKEN = "Taken as a source, not as text: “{line}” To keep it in the text, write a dash instead of the colon."
_EMPTY = "Empty fields were left out: {lines}"
_LEFT = "Left in the text because it stands in the middle of it: “{line}”. Fields go at the beginning or the end."


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing. `expires`: the last moment as it was typed; "" clears it, None means nothing was said."""

    article: Article
    notices: tuple[Notice, ...] = ()
    expires: str | None = None


def parse(pasted: Pasted, *, language: str = "uk", media: Media | None = None) -> Parsed:
    """The article in `pasted`; `media` is what came attached. Raises `Refused` with what to type instead.

    `language` applies if the text neither names nor shows its own. Every visible character stays, apart from fields, a
    repeated headline, calls to subscribe and *Video* marks.
    """
    lines, calls = without_calls(list(pasted.lines))
    whole = without_fields(lines)
    lines, related = without_teasers(whole.lines)
    # Fields may also stand at the end of the story, before the teasers.
    story = without_fields(lines)
    fields = [*story.fields, *whole.fields]
    if media and any(field.name in {"photo", "video"} for field in fields):
        raise Refused(ONE_MEDIA)
    article, repeats = story_of(paragraphs_of(story.lines))
    seen = language_of(article) or language
    article = changed(replace(article, language=seen, media=media, related=related), fields)
    notices = [
        *_invisible(pasted.removed),
        *(Notice(_REPEATED, {"line": line}) for line in repeats),
        *(Notice(_CALL, {"line": line}) for line in calls),
        *_taken([*story.doubtful, *whole.doubtful], [*story.empty, *whole.empty]),
        *(Notice(_LEFT, {"line": line}) for line in story.left),
        *losses(pasted, article, [*repeats, *calls]),
        *_mixed(article),
    ]
    return Parsed(article, tuple(notices), expiry(fields))


def apply_fields(article: Article, pasted: Pasted) -> Parsed | None:
    """`article` with only the fields in `pasted` changed; None if any line there is not a field.

    An empty value or `-` clears. Raises `Refused` for a field that is not understood or can't be empty.
    """
    if pasted.fields is None:
        return None
    article = changed(article, pasted.fields)
    notices = (*_invisible(pasted.removed), *losses(pasted, article), *_mixed(article))
    return Parsed(article, notices, expiry(pasted.fields))


def _invisible(removed: int) -> tuple[Notice, ...]:
    return (Notice(_INVISIBLE, {"count": removed}),) if removed else ()


def _taken(doubtful: Sequence[Field], empty: Sequence[Field]) -> list[Notice]:
    notices = [
        Notice(_NOTE_TAKEN if field.name == "note" else _SOURCE_TAKEN, {"line": field.line})
        for field in doubtful
        if field.name in {"note", "source"}
    ]
    return [*notices, Notice(_EMPTY, {"lines": ", ".join(field.line for field in empty)})] if empty else notices


def _mixed(article: Article) -> tuple[Notice, ...]:
    texts = (article.headline, article.lead, *map(plain, article.body), *(item.headline for item in article.related))
    words = mixed_words("\n".join(texts))
    return (Notice(_MIXED, {"words": ", ".join(words)}),) if words else ()
