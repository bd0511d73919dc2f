"""Makes an article of a page: its text goes through the same grammar as what people paste."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from bot.domain import Article, Media, MediaKind, Related, Run, Source, plain
from bot.domain.parse import Notice, Parsed, Pasted, parse
from bot.domain.sheet import Value, day, picture_of, sheet_of
from bot.ingest.page import Page
from bot.ingest.story import by_https
from bot.ingest.whose import is_own
from bot.texts import text_id

_CUT = text_id("The page shows only the beginning of the text to those who do not pay.")
_LEFT_OUT = text_id("Left out: {lines}")
#: Teasers that are taken from a page at the most.
_TEASERS = 10
_GAP = (Run("\n\n"),)


def article_of(page: Page, *, homes: Sequence[str] = (), language: str = "uk") -> Parsed:
    """Return the article that a page makes. One of the newsroom's own `homes` is linked to; another's is its source.

    Raises `Refused` if there is no article in its text.
    """
    parsed = parse(Pasted.of(runs_of(page)), language=page.language or language, media=media_of(page))
    article = _with_origin(parsed.article, page, own=is_own(page.address, homes))
    return replace(parsed, article=article, notices=(*parsed.notices, *_notices(page)))


def runs_of(page: Page) -> tuple[Run, ...]:
    """Return a page's text as a person would paste it."""
    standfirst = ((Run(page.standfirst),),) if page.standfirst else ()
    paragraphs = ((Run(page.headline),), *standfirst, *page.lines)
    return tuple(run for paragraph in paragraphs for run in chain(paragraph, _GAP))


def _with_origin(article: Article, page: Page, *, own: bool) -> Article:
    return replace(
        article,
        link=page.address if own else "",
        sources=article.sources or (() if own else (Source(page.site, page.address),)),
        topics=article.topics or page.topics,
        related=_related(article, page),
    )


def sheet(page: Page, *, homes: Sequence[str] = (), language: str = "uk") -> dict[str, Value]:
    """Return what was taken of a page, with its own address as the link whoever publishes it."""
    parsed = article_of(page, homes=homes, language=language)
    parsed = replace(parsed, article=replace(parsed.article, link=page.address))
    taken = sheet_of(parsed)
    left_out = taken["dropped"]
    return {
        **taken,
        "dropped": [*page.dropped, *(left_out if isinstance(left_out, list) else [])],
        "photo": {} if page.video else picture_of(parsed.article),
        "video": page.video,
        "published": day(page.times.published),
        "author": page.author,
        "origins": {part: whence.value for part, whence in page.origins},
    }


def media_of(page: Page) -> Media | None:
    """Return the video of a page, else its picture; None if it has neither."""
    if page.video:
        return Media(MediaKind.VIDEO, page.video)
    if page.picture is None:
        return None
    picture = page.picture
    return Media(MediaKind.PHOTO, by_https(picture.url), caption=picture.caption, credit=picture.credit)


def _related(article: Article, page: Page) -> tuple[Related, ...]:
    known = {each.headline for each in article.related} | {plain(paragraph) for paragraph in article.body}
    others = {
        each.headline: Related(each.headline, link=each.link) for each in page.teasers if each.headline not in known
    }
    return (*article.related, *others.values())[:_TEASERS]


def _notices(page: Page) -> tuple[Notice, ...]:
    left_out = (Notice(_LEFT_OUT, {"lines": tuple(page.dropped)}),) if page.dropped else ()
    return (*left_out, Notice(_CUT, {})) if page.is_cut else left_out
