"""Takes a line that was left out of a copied page back into the article, where it stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.article import Article, LeftOut, Origin, Paragraph, plain
from bot.domain.parse.page import Dropped
from bot.domain.shapes import Shape

#: These went elsewhere: into a field that was typed, or into a mark of the headline.
_ELSEWHERE = frozenset({Shape.FIELD, Shape.MARK})


def with_left_out(article: Article, dropped: Sequence[Dropped]) -> Article:
    """Return the article with the lines that somebody may want back, in the order of the page."""
    lines = [LeftOut(each.line, each.after) for each in dropped if each.shape not in _ELSEWHERE and each.text]
    return leaving_out(article, lines) if lines else article


def leaving_out(article: Article, lines: Sequence[LeftOut]) -> Article:
    """Return the article with these lines as those that were left out."""
    origin = replace(article.origin or Origin(), left_out=tuple(lines))
    return replace(article, origin=origin if origin != Origin() else None)


def taken_back(article: Article, text: str) -> Article:
    """Return the article with the left-out line that reads `text` as a paragraph; the same one if there is none.

    Above the headline it can't stand, so it becomes the first paragraph below it.
    """
    place = next((at for at, each in enumerate(article.left_out) if each.text == text), None)
    if place is None:
        return article
    back = article.left_out[place]
    paragraphs = [*((article.opening,) if article.lead else ()), *article.body]
    paragraphs.insert(min(max(back.after, 1) - 1, len(paragraphs)), back.line)
    later = [replace(each, after=max(each.after, 1) + 1) for each in article.left_out[place + 1 :]]
    written = _written(article, paragraphs, has_lead=bool(article.lead or not article.body))
    return leaving_out(written, [*article.left_out[:place], *later])


def _written(article: Article, paragraphs: Sequence[Paragraph], *, has_lead: bool) -> Article:
    if not has_lead:
        return replace(article, body=tuple(paragraphs))
    return replace(article, lead=plain(paragraphs[0]), marked_lead=paragraphs[0], body=tuple(paragraphs[1:]))
