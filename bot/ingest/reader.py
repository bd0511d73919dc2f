"""Reads a page's bytes as an article. No part of a page is believed alone: what readers see is weighed against what the
page tells machines, and each part remembers where it came from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.domain.article import Paragraph, plain
from bot.ingest.charset import decoded
from bot.ingest.extractor import second_opinion
from bot.ingest.furniture import LEADS, is_junk
from bot.ingest.headline import Headline, headline_of
from bot.ingest.linked_data import LinkedData, linked_data
from bot.ingest.page import NoArticle, Page, Unread, Whence
from bot.ingest.picture import picture_of
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
#: Words in an address that say only by which way somebody came.
_TRACKING = re.compile(r"(?i)utm_\w+|fbclid|gclid|yclid|mc_[ce]id|_ga|ref|from|igshid")
_LOGIN = re.compile(r"(?i)\b(?:log ?in|sign ?in|увійти|вхід|авторизація|войти|авторизация)\b")
_TOPICS = 10


def read(content: bytes, address: str, charset: str = "") -> Page:
    """Return the article on the page at `address`. Raises `NoArticle`; takes its time, so call it beside the loop."""
    if content.startswith(b"%PDF"):
        raise NoArticle(Unread.PDF)
    text = decoded(content, charset)
    tree = tree_of(text)
    data = linked_data(tree)
    base = web_address(address, tree.links.get("base", "")) or address
    headline = headline_of(tree, data)
    story, around, origin = _story(tree, data, headline, base)
    if headline is not None and story.length < UNSURE and not (data.is_cut or _is_login(content, tree)):
        other = Told(second_opinion(text), story.teasers)
        story, origin = (other, Whence.EXTRACTOR) if other.length > 2 * UNSURE else (story, origin)
    if headline is None or story.length < LEAST:
        raise NoArticle(Unread.LOGIN if _is_login(content, tree) else Unread.NO_ARTICLE)
    dropped = [*story.dropped, *_before_the_first_sentence(story.lines)]
    lines = _without(story.lines[len(dropped) - len(story.dropped) :], headline.text)
    standfirst, from_where = _standfirst(tree, data, headline, around, lines)
    if story.standfirst:
        standfirst, from_where = story.standfirst, origin
    if standfirst:
        lines = _without(lines[:2], standfirst) + lines[2:]
    picture = picture_of(tree, data, _with_headline(around, headline), base)
    found = {"headline": headline.origin, "text": origin}
    found |= {"standfirst": from_where} if standfirst else {}
    found |= {"picture": picture[1]} if picture else {}
    return Page(
        address=canonical(tree, data, address),
        headline=headline.text,
        standfirst=standfirst,
        lines=tuple(lines),
        picture=picture[0] if picture else None,
        teasers=tuple(story.teasers),
        dropped=tuple(dropped),
        topics=_topics(tree, data, base),
        published=_published(tree, data),
        author=data.author or tree.meta("author", "article:author") * (not tree.meta("author").startswith("http")),
        site=site_of(tree, data, address),
        language=tree.language[:2].casefold(),
        is_cut=data.is_cut,
        origins=tuple(found.items()),
    )


def _story(tree: Tree, data: LinkedData, headline: Headline | None, base: str) -> tuple[Told, Element, Whence]:
    """Return the text that the page shows; where it shows hardly any, what it keeps for its scripts or for machines."""
    place = place_of(tree.body, headline.element if headline else None)
    shown = told(place, base, headline.element if headline else None)
    best, origin = shown, Whence.TEXT
    if shown.length < 1_200 and not data.is_cut:
        kept = kept_text(tree, base)
        body = text_lines(data.body, base)
        from_script = Told(kept.lines, shown.teasers, standfirst=kept.standfirst) if kept else Told()
        for other, where in ((from_script, Whence.SCRIPT), (Told(body, shown.teasers), Whence.LINKED_DATA)):
            if other.length > _TIMES * max(best.length, LEAST):
                best, origin = other, where
    return best, place, origin


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


def _standfirst(
    tree: Tree, data: LinkedData, headline: Headline, around: Element, lines: Sequence[Paragraph]
) -> tuple[str, Whence]:
    """Return what stands between headline and text, as readers see it; else what the page describes itself by, if it
    shows that somewhere.
    """
    before = _between(tree.body, headline.element, around)
    body = _bare(" ".join(plain(line) for line in lines))
    for named in (True, False):
        for each, text in before:
            fits = _is_named(each) is named and _is_standfirst(each, text, headline.text, around, named=named)
            if fits and _bare(text) not in body:
                return text, Whence.TEXT
    described = (data.description, Whence.LINKED_DATA), (tree.meta("og:description", "description"), Whence.OPEN_GRAPH)
    shown = {_bare(text) for _, text in before}
    return next(
        ((text, origin) for text, origin in described if text and _bare(text) in shown and _bare(text) not in body),
        ("", Whence.TEXT),
    )


def _is_named(each: Element) -> bool:
    return bool(each.words & LEADS) or each.get("itemprop") in {"description", "alternativeHeadline"}


def _between(body: Element, heading: Element | None, around: Element) -> list[tuple[Element, str]]:
    """Return the blocks after the heading and before the first line of the text, with their texts."""
    if heading is None:
        return []
    found: list[tuple[Element, str]] = []
    is_after = False
    for each in body.all():
        if each is heading:
            is_after = True
        elif each is around and is_after:
            break
        elif (
            is_after
            and not each.is_in(heading)
            and not around.is_in(each)
            and each.tag in BLOCKS | {"span", "strong", "b", "em"}
        ):
            found.append((each, each.text(_PARTS)))
        if len(found) > 300:
            break
    return found


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


def _topics(tree: Tree, data: LinkedData, base: str) -> tuple[str, ...]:
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


def _is_login(content: bytes, tree: Tree) -> bool:
    asks = re.search(rb"(?i)type\s{0,3}=\s{0,3}[\"']?password", content) is not None
    return asks or (bool(_LOGIN.search(tree.title)) and len(tree.body.text()) < 2_000)
