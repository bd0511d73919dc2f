"""The evidence that an article must name before it may go out: how far it is checked, and who says so."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from bot.domain.article import Article


class Evidence(StrEnum):
    STATUS = "status"
    SOURCE = "source"


def lacking(article: Article, required: Collection[Evidence]) -> tuple[Evidence, ...]:
    """The parts of `required` that the article does not name."""
    named = {
        Evidence.STATUS: article.status is not None,
        Evidence.SOURCE: any(source.own or source.name.strip() or source.link for source in article.sources),
    }
    return tuple(each for each in Evidence if each in required and not named[each])
