"""Reads a page's bytes as an article. No part of a page is believed alone: what readers see is weighed against what the
page tells machines, and each part remembers where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import dropwhile, islice, takewhile
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.domain.article import Paragraph, plain
from bot.ingest.charset import decoded
from bot.ingest.extractor import second_opinion
from bot.ingest.furniture import LEADS, is_junk
from bot.ingest.headline import Headline, headline_of
from bot.ingest.linked_data import LinkedData, linked_data
from bot.ingest.page import NoArticle, Page, Times, Unread, Whence
from bot.ingest.picture import picture_of, video_of
from bot.ingest.scripts import kept_text, text_lines
from bot.ingest.story import BLOCKS, Told, place_of, told, web_address
from bot.ingest.tree import Element, Tree, tree_of

#: Characters of text below which a page holds no article that we can read.
LEAST = 120
#: Characters of text below which another extractor is asked too.
UNSURE = 200
#: Text of a page's scripts or data counts where it has this many times what the page shows.
_TIMES = 1.6
#: Longest standfirst; what is longer is a paragraph.
_STANDFIRST = 900
_SHORTEST_STANDFIRST = 30
#: Parts of an element above which it is no standfirst.
_PARTS = 150
#: Elements between headline and text that are looked at.
_BETWEEN = 300
_HOLDERS = BLOCKS | {"span", "strong", "b", "em"}
#: Text of a page, in characters, below which it may have more elsewhere.
_SHORT = 1_200
#: Words in an address that say only by which way somebody came.
_TRACKING = re.compile(r"(?i)utm_\w+|fbclid|gclid|yclid|mc_[ce]id|_ga|ref|from|igshid")
_LOGIN = re.compile(r"(?i)\b(?:log ?in|sign ?in|увійти|вхід|авторизація|войти|авторизация)\b")
_TOPICS = 10


@dataclass(frozen=True, slots=True)
class _Source:
    """A page as it came: `base` is where its references start from."""

    text: str
    tree: Tree
    data: LinkedData
    address: str
    base: str


def read(content: bytes, address: str, charset: str = "") -> Page:
    """Return the article on the page at `address`. Raises `NoArticle`; takes its time, so call it beside the loop."""
    if content.startswith(b"%PDF"):
        raise NoArticle(Unread.PDF)
    text = decoded(content, charset)
    tree = tree_of(text)
    source = _Source(
        text, tree, linked_data(tree), address, web_address(address, tree.links.get("base", "")) or address
    )
    headline = headline_of(tree, source.data)
    story, around, whence = _story(source, headline)
    if headline is None or story.length < LEAST:
        raise NoArticle(Unread.LOGIN if _is_login(source) else Unread.NO_ARTICLE)
    return _page(source, headline, story, around, whence)


def _page(source: _Source, headline: Headline, story: Told, around: Element, whence: Whence) -> Page:
    tree, data = source.tree, source.data
    above = _before_the_first_sentence(story.lines)
    lines = _without(story.lines[len(above) :], headline.text)
    standfirst, from_where = (story.standfirst, whence)
    if not standfirst:
        standfirst, from_where = _standfirst(source, headline, around, lines)
    illustrated = _with_headline(around, headline)
    picture = picture_of(tree, data, illustrated, source.base)
    origins = {"headline": headline.origin, "text": whence}
    origins |= {"standfirst": from_where} if standfirst else {}
    origins |= {"picture": picture[1]} if picture else {}
    return Page(
        address=canonical(tree, data, source.address),
        headline=headline.text,
        standfirst=standfirst,
        lines=(*(_without(lines[:2], standfirst) if standfirst else lines[:2]), *lines[2:]),
        picture=picture[0] if picture else None,
        video=video_of(tree, illustrated, source.base),
        teasers=tuple(story.teasers),
        dropped=(*story.dropped, *above),
        topics=_topics(tree, data),
        times=Times(_published(tree, data)),
        author=_author(tree, data),
        site=site_of(tree, data, source.address),
        language=tree.language[:2].casefold(),
        is_cut=data.is_cut,
        origins=tuple(origins.items()),
    )


def _story(source: _Source, headline: Headline | None) -> tuple[Told, Element, Whence]:
    """Return the text that the page shows; where it shows hardly any, what it keeps for its scripts or for machines."""
    heading = headline.element if headline else None
    place = place_of(source.tree.body, heading)
    best, whence = told(place, source.base, heading), Whence.TEXT
    if best.length < _SHORT and not source.data.is_cut:
        for lines, standfirst, where in _kept(source):
            other = Told(lines, best.teasers, standfirst=standfirst)
            if other.length > _TIMES * max(best.length, LEAST):
                best, whence = other, where
    if best.length < UNSURE and not (source.data.is_cut or _is_login(source)):
        other = Told(second_opinion(source.text), best.teasers)
        if other.length > 2 * UNSURE:
            best, whence = other, Whence.EXTRACTOR
    return best, place, whence


def _kept(source: _Source) -> Iterator[tuple[list[Paragraph], str, Whence]]:
    """Return the texts, with their standfirsts, that the page keeps elsewhere."""
    kept = kept_text(source.tree, source.base)
    if kept is not None:
        yield kept.lines, kept.standfirst, Whence.SCRIPT
    yield text_lines(source.data.body, source.base), "", Whence.LINKED_DATA


def _with_headline(around: Element, headline: Headline) -> Element:
    """Return the smallest element that holds both the text and its headline: the main picture stands between them."""
    each: Element | None = around
    while each is not None and headline.element is not None and each.parent is not None:
        if headline.element.is_in(each):
            return each
        each = each.parent
    return around


def _before_the_first_sentence(lines: Sequence[Paragraph]) -> list[str]:
    """Return the short lines above the text that are no sentences: names, dates, counts."""
    first = next((at for at, line in enumerate(lines) if _is_sentence(plain(line))), 0)
    return [plain(line) for line in lines[:first]]


def _is_sentence(text: str) -> bool:
    return len(text) >= 60 or (len(text) >= 25 and text.rstrip('»”")').endswith((".", "!", "?", "…", ":")))


def _without(lines: Sequence[Paragraph], text: str) -> list[Paragraph]:
    return [line for line in lines if _bare(plain(line)) != _bare(text)]


def _bare(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


# The standfirst


def _standfirst(source: _Source, headline: Headline, around: Element, lines: Sequence[Paragraph]) -> tuple[str, Whence]:
    """Return what stands between headline and text, as readers see it; else what the page describes itself by, if it
    shows that somewhere.
    """
    body = _bare(" ".join(plain(line) for line in lines))
    before = [each for each in _between(source.tree.body, headline.element, around) if _bare(each[1]) not in body]
    for named in (True, False):
        for each, text in before:
            if _is_named(each) is named and _is_standfirst(each, text, headline.text, around, named=named):
                return text, Whence.TEXT
    shown = {_bare(text) for _, text in before}
    og = source.tree.meta("og:description", "description")
    described = ((source.data.description, Whence.LINKED_DATA), (og, Whence.OPEN_GRAPH))
    return next(((text, whence) for text, whence in described if text and _bare(text) in shown), ("", Whence.TEXT))


def _is_named(each: Element) -> bool:
    return bool(each.words & LEADS) or each.get("itemprop") in {"description", "alternativeHeadline"}


def _between(body: Element, heading: Element | None, around: Element) -> list[tuple[Element, str]]:
    """Return the first blocks after the heading and before the first line of the text, with their texts."""
    if heading is None:
        return []
    after = dropwhile(lambda each: each is not heading, body.all())
    before = takewhile(lambda each: each is not around, after)
    outside = (each for each in before if each.tag in _HOLDERS and not each.is_in(heading) and not around.is_in(each))
    return [(each, each.text(_PARTS)) for each in islice(outside, _BETWEEN)]


def _is_standfirst(each: Element, text: str, headline: str, around: Element, *, named: bool) -> bool:
    if not (_SHORTEST_STANDFIRST if named else 60) <= len(text) <= _STANDFIRST or _bare(text) == _bare(headline):
        return False
    above: Element | None = each
    while above is not None and above.tag not in {"body", "main"}:
        if is_junk(above) and not above.words & LEADS and not around.is_in(above):
            return False
        above = above.parent
    linked = sum(len(inner.text()) for inner in each.all() if inner.tag == "a")
    blocks = sum(1 for inner in each.all() if inner.tag in BLOCKS)
    return linked * 2 < len(text) and (named or (blocks <= 1 and text.rstrip('»”")').endswith((".", "!", "?", "…"))))


# What stands beside


def canonical(tree: Tree, data: LinkedData, address: str) -> str:
    """Return the page's lasting address, if it names one on its own site; else where it was found, without traces."""
    for said in (tree.links.get("canonical", ""), tree.meta("og:url"), data.address):
        url = web_address(address, said) if said else ""
        if (
            url
            and _host(url) == _host(address)
            and (urlsplit(url).path.strip("/") or not urlsplit(address).path.strip("/"))
        ):
            return untraced(url)
    return untraced(address)


def untraced(address: str) -> str:
    """Return an address without what only tells by which way somebody came."""
    parts = urlsplit(address)
    query = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    kept = parts.query if len(query) == len(parse_qsl(parts.query, keep_blank_values=True)) else urlencode(query)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, kept, ""))


def _host(address: str) -> str:
    return re.sub(r"^(?:www|m|amp|mobile)\.", "", urlsplit(address).hostname or "")


def site_of(tree: Tree, data: LinkedData, address: str) -> str:
    return tree.meta("og:site_name") or data.publisher or _host(address)


def _topics(tree: Tree, data: LinkedData) -> tuple[str, ...]:
    tags = [each.text() for each in tree.body.all() if each.tag == "a" and "tag" in each.get("rel").split()]
    shown = tags or [
        inner.text()
        for each in tree.body.all()
        if each.words & {"tags", "taglist"} and each.tag not in {"body", "main", "article"}
        for inner in each.all()
        if inner.tag == "a"
    ]
    said = shown or list(data.topics) or tree.metas.get("article:tag", [])
    said = said or tree.meta("news_keywords", "keywords").split(",")
    unique: dict[str, str] = {}
    for topic in said:
        bare = " ".join(topic.strip(" #,.;").split())
        if 1 < len(bare) <= 40 and len(bare.split()) <= 4:
            unique.setdefault(bare.casefold(), bare)
    return tuple(unique.values())[:_TOPICS]


def _published(tree: Tree, data: LinkedData) -> datetime | None:
    times = (each.get("datetime") for each in tree.body.all() if each.tag == "time")
    said = (data.published, tree.meta("article:published_time", "datepublished", "pubdate", "date"), *times)
    return next((at for text in said if text and (at := instant(text)) is not None), None)


def instant(text: str) -> datetime | None:
    """Return the instant that a machine's date names; None without a zone or for none at all."""
    text = re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.strip())
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo is not None else None


def _is_login(source: _Source) -> bool:
    asks = re.search(r"(?i)type\s{0,3}=\s{0,3}[\"']?password", source.text) is not None
    return asks or (bool(_LOGIN.search(source.tree.title)) and len(source.tree.body.text()) < _SHORT)


def _author(tree: Tree, data: LinkedData) -> str:
    named = tree.meta("author", "article:author")
    return data.author or ("" if named.startswith("http") else named)
