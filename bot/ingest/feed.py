"""Reads a feed, whatever its form: RSS, Atom, JSON Feed, or the posts of a WordPress."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from time import strftime
from typing import Any

from bot.domain.article import Paragraph, plain
from bot.ingest.charset import decoded
from bot.ingest.page import Item, NoFeed, Page, Picture, Reading, Seen, Times, Whence
from bot.ingest.reader import instant, untraced
from bot.ingest.scripts import text_lines
from bot.ingest.story import by_https, web_address

#: Items of one feed that are looked at, the first of them: a feed that holds its whole past is not read to its end.
MOST = 50
#: An ampersand that begins no entity: XML forbids it, and sites write it.
_BARE = re.compile(r"(<!\[CDATA\[.*?\]\]>)|&(?!#?\w{1,32};)", re.DOTALL)
#: Elements by which feeds say until when an item counts: Dublin Core's, PRISM's and an old one of RSS.
_EXPIRES = re.compile(r"<(?:\w{1,20}:)?(?:expirationDate|valid)[\s>]")
#: Characters of text from which an item is taken for the whole article; of others the page is fetched.
WHOLE = 500
_FILM = re.compile(r"(?i)^[^?#]{1,2000}\.mp4(?:[?#]|$)")
#: Longest summary that may stand above the text as its standfirst.
_STANDFIRST = 400
#: An item that says it is of a later time than this is of no time: clocks of sites are wrong.
AHEAD = timedelta(minutes=10)


def read_feed(content: bytes, url: str, charset: str = "", *, now: datetime) -> list[Item]:
    """Return the first items of a feed. Raises `NoFeed`; takes its time, so call it beside the loop."""
    return list(read_again(content, url, charset, now=now, before={}).items)


def read_again(content: bytes, url: str, charset: str = "", *, now: datetime, before: Seen) -> Reading:
    """Read what a feed holds beyond the answer `before`: most of a feed stays, and to read an item takes a millisecond.

    Raises `NoFeed`; takes its time, so call it beside the loop.
    """
    text = decoded(content, charset).lstrip("\ufeff \t\r\n")
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise NoFeed("it defines entities of its own")
    site, entries = _posts(text) if text.startswith(("[", "{")) else _entries(text)
    seen: dict[bytes, str] = {}
    items: dict[str, Item | None] = {}
    for entry in entries[:MOST]:
        digest = entry.digest
        item = None if digest in before else _item(entry, url, site, now)
        seen[digest] = before.get(digest, item.key if item is not None else "")
        # Of two with one address the first counts, whether it is new or not.
        items.setdefault(seen[digest], item)
    return Reading(tuple(item for item in items.values() if item is not None), seen)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An item as its feed has it; texts may be HTML."""

    id: str
    title: str
    link: str
    summary: str
    text: str
    published: str
    author: str
    picture: str
    video: str
    sections: tuple[str, ...]
    expires: str = ""

    @property
    def digest(self) -> bytes:
        """Return what tells it from every other item, and from itself as soon as a letter changes."""
        return hashlib.blake2b(repr(self).encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _item(entry: _Entry, base: str, site: str, now: datetime) -> Item | None:
    link = untraced(web_address(base, entry.link)) if entry.link else ""
    title = _line(entry.title)
    if not title or not (link or entry.id):
        return None
    lines = text_lines(entry.text, link or base)
    standfirst = _line(entry.summary)
    words = " ".join(plain(line) for line in lines)
    is_told_again = not lines or len(standfirst) > _STANDFIRST or standfirst.rstrip("…. []")[:60] in words
    page = Page(
        address=link,
        headline=title,
        standfirst="" if is_told_again else standfirst,
        lines=tuple(lines) or tuple(text_lines(entry.summary, link or base)),
        picture=Picture(picture) if (picture := web_address(base, entry.picture)) else None,
        video=by_https(web_address(base, entry.video)),
        topics=entry.sections,
        times=Times(_not_ahead(entry.published, now), instant(entry.expires)),
        author=entry.author,
        site=site,
        origins=(("headline", Whence.FEED), ("text", Whence.FEED)),
    )
    digest = hashlib.sha256(f"{title}\n{standfirst}\n{words}".encode()).hexdigest()
    return Item(link or entry.id, page, entry.sections, len(words) >= WHOLE, digest)


def _not_ahead(said: str, now: datetime) -> datetime | None:
    at = instant(said)
    return at if at is not None and at <= now + AHEAD else None


def _line(text: str) -> str:
    return " ".join(plain(line) for line in _lines(text))


def _lines(text: str) -> Sequence[Paragraph]:
    return text_lines(text)


# RSS and Atom


def _entries(text: str) -> tuple[str, list[_Entry]]:
    import fastfeedparser

    # Both libraries fetch what looks like an address, and one opens what looks like a file: a site must name neither.
    text = text[text.find("<") :] if "<" in text else ""
    if not text:
        raise NoFeed("it holds no items")
    try:
        feed = fastfeedparser.parse(_BARE.sub(lambda found: found[1] or "&amp;", text))
    except (ValueError, TypeError, KeyError, AttributeError):
        return _second_try(text)
    entries = [_of_feed(each) for each in feed.entries[:MOST]]
    return str(feed.feed.get("title") or ""), _expiring(entries, text) if _EXPIRES.search(text) else entries


def _expiring(entries: list[_Entry], text: str) -> list[_Entry]:
    """Return the items with the instants from which on they count no longer: the quick library does not tell them."""
    with suppress(NoFeed):
        ends = {(each.id, each.link): each.expires for each in _second_try(text)[1]}
        return [replace(each, expires=ends.get((each.id, each.link), "")) for each in entries]
    return entries


def _second_try(text: str) -> tuple[str, list[_Entry]]:
    """Ask the library that takes nearly anything for a feed."""
    import feedparser

    feed = feedparser.parse(BytesIO(text.encode("utf-8", "replace")))
    if not feed.entries:
        raise NoFeed("it holds no items")
    return str(feed.feed.get("title") or ""), [_of_feed(each) for each in feed.entries[:MOST]]


def _of_feed(entry: Any) -> _Entry:
    texts = [str(each.get("value") or "") for each in entry.get("content") or []]
    return _Entry(
        id=_text(entry.get("id")),
        title=_text(entry.get("title")),
        link=_text(entry.get("link")),
        summary=_text(entry.get("description") or entry.get("summary")),
        text=max(texts, key=len, default=""),
        published=_text(entry.get("published")),
        author=_text(entry.get("author")),
        picture=next(_pictures(entry), ""),
        video=next(_videos(entry), ""),
        sections=_sections(each.get("term") for each in entry.get("tags") or []),
        expires=_expiry(entry),
    )


def _videos(entry: Any) -> Iterator[str]:
    for url, kind in _attached(entry):
        if kind == "video/mp4" or (not kind.startswith("image") and _FILM.search(url)):
            yield url


def _attached(entry: Any) -> Iterator[tuple[str, str]]:
    """The addresses beside an item, each with the type that its feed gives it."""
    for each in (*(entry.get("media_content") or []), *(entry.get("enclosures") or [])):
        if url := _text(each.get("url") or each.get("href")):
            yield url, _text(each.get("type") or each.get("medium"))


def _pictures(entry: Any) -> Iterator[str]:
    yield from (_text(entry.get("image")) for _ in range(bool(_text(entry.get("image")))))
    for url, kind in _attached(entry):
        if kind.startswith("image") or re.search(r"(?i)\.(?:jpe?g|png|webp|gif)(?:\?|$)", url):
            yield url


def _expiry(entry: Any) -> str:
    if parsed := entry.get("expired_parsed"):
        return strftime("%Y-%m-%dT%H:%M:%SZ", parsed)
    period = re.search(r"\bend\s{0,3}=\s{0,3}([^;\s]{1,40})", _text(entry.get("validity")))
    return period[1] if period else _text(entry.get("prism_expirationdate"))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _sections(names: Any) -> tuple[str, ...]:
    said = (" ".join(name.split()).lstrip("#") for name in names if isinstance(name, str))
    return tuple({name.casefold(): name for name in said if 1 < len(name) <= 40}.values())[:10]


# JSON Feed and WordPress


def _posts(text: str) -> tuple[str, list[_Entry]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise NoFeed("it is not whole") from None
    if isinstance(data, dict) and isinstance(data.get("items"), list):
        return _text(data.get("title")), [_of_json(each) for each in data["items"][:MOST] if isinstance(each, dict)]
    if isinstance(data, list):
        return "", [_of_wordpress(each) for each in data[:MOST] if isinstance(each, dict)]
    raise NoFeed("it holds no items")


def _of_json(item: dict[str, Any]) -> _Entry:
    authors = item.get("authors") or [item.get("author")]
    first = authors[0] if isinstance(authors, list) and authors else None
    return _Entry(
        id=str(item.get("id") or ""),
        title=_text(item.get("title")),
        link=_text(item.get("url")),
        summary=_text(item.get("summary")),
        text=_text(item.get("content_html")) or _text(item.get("content_text")),
        published=_text(item.get("date_published")),
        author=_text(first.get("name")) if isinstance(first, dict) else "",
        picture=_text(item.get("image")) or _text(item.get("banner_image")),
        video=next((_text(each.get("url")) for each in _dicts(item.get("attachments")) if _is_film(each)), ""),
        sections=_sections(item["tags"] if isinstance(item.get("tags"), list) else []),
    )


def _of_wordpress(post: dict[str, Any]) -> _Entry:
    held = post.get("_embedded") if isinstance(post.get("_embedded"), dict) else {}
    assert isinstance(held, dict)
    published = _text(post.get("date_gmt"))
    return _Entry(
        id=str(post.get("id") or ""),
        title=_rendered(post.get("title")),
        link=_text(post.get("link")),
        summary=_rendered(post.get("excerpt")),
        text=_rendered(post.get("content")),
        published=f"{published}+00:00" if published else "",
        author=next((_text(each.get("name")) for each in _dicts(held.get("author"))), ""),
        picture=next((_text(each.get("source_url")) for each in _dicts(held.get("wp:featuredmedia"))), ""),
        video="",
        sections=_sections(term.get("name") for terms in held.get("wp:term") or [] for term in _dicts(terms)),
    )


def _is_film(attachment: dict[str, Any]) -> bool:
    return _text(attachment.get("mime_type")) == "video/mp4"


def _rendered(value: object) -> str:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _dicts(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
