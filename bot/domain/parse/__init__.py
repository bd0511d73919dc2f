"""Turns what an editor pasted into an article: headline, lead, body, fields and teasers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.article import Article, Media, Origin, Run, plain
from bot.domain.clean import mixed_words
from bot.domain.parse.changes import changed, leniently
from bot.domain.parse.fields import Field, expiry
from bot.domain.parse.lines import join_parts, without_prefix
from bot.domain.parse.markup import without_markup
from bot.domain.parse.notices import Notice, losses
from bot.domain.parse.page import Dropped, Page
from bot.domain.parse.pasted import Pasted
from bot.domain.parse.reading import check_address, read_page
from bot.domain.parse.story import HEADLINE_LIMIT, language_of
from bot.domain.shapes import NO_TEMPLATE, Shape, Template
from bot.domain.shapes.bylines import author_of, is_name
from bot.domain.shapes.credit import holder_of
from bot.domain.shapes.dates import is_date
from bot.domain.shapes.shape import parts_of

__all__ = [
    "HEADLINE_LIMIT",
    "Dropped",
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
_LEFT_OUT = "Left out: {lines}"
_MARKUP = "Markup was read, not shown: {lines}"
_PROPOSED = "The text has no headline. This one is proposed: “{line}”"
_ASKED = "Left in the text, though it may not belong there: {lines}"
#: Said when the line may have been meant as a sentence of the text; other fields refuse sentences.
_NOTE_TAKEN = (
    "Taken as a note for the desk, not as text: “{line}” To show it to readers, write a dash instead of the colon."
)
_SOURCE_TAKEN = "Taken as a source, not as text: “{line}” To keep it in the text, write a dash instead of the colon."
_EMPTY = "Empty fields were left out: {lines}"
_LEFT = "Left in the text because it stands in the middle of it: “{line}”. Fields go at the beginning or the end."


@dataclass(frozen=True, slots=True)
class Parsed:
    """The result of parsing. `expires`: the last moment as it was typed; "" clears it, None means nothing was said.

    `dropped` are the lines that were left out; `marks` are signs that were read and not shown, such as `<p>`.
    """

    article: Article
    notices: tuple[Notice, ...] = ()
    expires: str | None = None
    dropped: tuple[Dropped, ...] = ()
    marks: tuple[str, ...] = ()


def parse(
    pasted: Pasted, *, language: str = "uk", media: Media | None = None, template: Template = NO_TEMPLATE
) -> Parsed:
    """The article in `pasted`; `media` is what came attached. Raises `Refused` if there is no article in it.

    `language` applies if the text neither names nor shows its own. Every visible character stays, apart from fields,
    what is named in `dropped` and `marks`, and the hyphens of words that the line's end of a printed page parted.
    """
    lines, marks = without_markup(pasted.lines)
    check_address([plain(line) for line in lines if line])
    page = Page(lines, template)
    read = read_page(page)
    article = replace(
        read.story.article,
        language=language_of(read.story.article, language),
        media=media,
        related=read.related,
        topics=read.topics,
        link=read.link,
        origin=_origin(page),
    )
    changes = leniently(article, read.fields)
    article = _credited(changes.article, page)
    for line in changes.untaken:
        page.left_out.append((len(page.lines), (Run(line),), Shape.FIELD))
    dropped = page.dropped(read.story.firsts)
    notices = [
        *_invisible(pasted.removed),
        *([Notice(_PROPOSED, {"line": article.headline})] if read.story.proposed else []),
        *_left_out(dropped),
        *([Notice(_MARKUP, {"lines": " ".join(marks)})] if marks else []),
        *_asked(page),
        *_taken(read.doubtful, read.empty),
        *(Notice(_LEFT, {"line": line}) for line in read.left),
        *changes.notices,
        *losses(pasted, article, [each.text for each in dropped]),
        *_mixed(article),
    ]
    return Parsed(article, tuple(notices), expiry(read.fields), dropped, marks)


def apply_fields(article: Article, pasted: Pasted) -> Parsed | None:
    """`article` with only the fields in `pasted` changed; None if any line there is not a field.

    An empty value or `-` clears. Raises `Refused` for a field that is not understood or can't be empty.
    """
    if pasted.fields is None:
        return None
    article = changed(article, pasted.fields)
    notices = (*_invisible(pasted.removed), *losses(pasted, article), *_mixed(article))
    return Parsed(article, notices, expiry(pasted.fields))


def _origin(page: Page) -> Origin | None:
    """The author and the date that the page named, for the desk."""
    author = date = ""
    for _, line, shape in sorted(page.left_out, key=lambda each: each[0]):
        for part in parts_of(plain(line)) if shape is Shape.META else [plain(line)]:
            if shape in {Shape.BYLINE, Shape.META} and not author:
                author = author_of(part) or (part.strip() if is_name(part) else "")
            if shape in {Shape.DATE, Shape.META} and not date and is_date(part):
                date = part.strip()
    return Origin(author, date) if author or date else None


def _credited(article: Article, page: Page) -> Article:
    """Give the attached picture the credit that stood in the text."""
    media = article.media
    credit = next((plain(line) for _, line, shape in page.left_out if shape is Shape.CREDIT), "")
    if media is None or media.credit or not credit:
        return article
    return replace(article, media=replace(media, credit=holder_of(credit)))


def _left_out(dropped: Sequence[Dropped]) -> list[Notice]:
    """Repeats and calls are named one by one, as today; everything else in one notice."""
    repeats = [Notice(_REPEATED, {"line": each.text}) for each in dropped if each.shape is Shape.REPEAT]
    calls = [Notice(_CALL, {"line": each.text}) for each in dropped if each.shape is Shape.CALL]
    notices = [*repeats, *calls]
    others = [each.text for each in dropped if each.shape not in {Shape.REPEAT, Shape.CALL, Shape.FIELD}]
    return [*notices, Notice(_LEFT_OUT, {"lines": tuple(others)})] if others else notices


def _asked(page: Page) -> list[Notice]:
    lines = [page.texts[at] for at in sorted(set(page.asked)) if page.lines[at]]
    return [Notice(_ASKED, {"lines": tuple(lines)})] if lines else []


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
