"""The values that cross from the reading of pages to the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.article import Paragraph


class Whence(StrEnum):
    """The place of a page that a part of an article came from."""

    HEADING = "heading"
    LINKED_DATA = "linked_data"
    OPEN_GRAPH = "open_graph"
    TITLE = "title"
    TEXT = "text"
    SCRIPT = "script"
    EXTRACTOR = "extractor"
    FEED = "feed"


class Unread(StrEnum):
    """The reason why a page gives no article."""

    LOGIN = "login"
    NO_ARTICLE = "no_article"
    PDF = "pdf"


class NoArticle(Exception):
    """The page holds no article that we can read; `reason` says why."""

    def __init__(self, reason: Unread) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    url: str
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Teaser:
    headline: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """The times of an article: when it came out, and from when on its publisher shows it no longer."""

    published: datetime | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The article on a page. `address` is its canonical one; `site` who publishes it.

    `standfirst` is what stands between the headline and the text; `lines` are the paragraphs. `dropped` are lines
    around the headline that belong to the page. `is_cut`: the page shows only the beginning. `origins`: where each part
    came from, by its name.
    """

    address: str
    headline: str
    standfirst: str
    lines: tuple[Paragraph, ...]
    picture: Picture | None = None
    #: The https address of an MP4 that stands before any picture of the article.
    video: str = ""
    teasers: tuple[Teaser, ...] = ()
    dropped: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    times: Times = Times()
    author: str = ""
    site: str = ""
    language: str = ""
    is_cut: bool = False
    origins: tuple[tuple[str, Whence], ...] = ()


class NoFeed(Exception):
    """The answer is no feed that we can read."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article in a feed. `key` tells it from others: its address, since ids may change with each answer.

    `is_whole`: its whole text is in the feed; `digest` changes whenever its words do.
    """

    key: str
    page: Page
    sections: tuple[str, ...]
    is_whole: bool
    digest: str


#: The key of each item that a feed held, by the digest of all that the feed said of it; empty: it was no article.
Seen = Mapping[bytes, str]


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, read. `items`: those that the answer before did not hold word for word; `seen`: all that it holds."""

    items: tuple[Item, ...]
    seen: Seen
