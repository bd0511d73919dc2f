"""Reads what a page says of itself to machines: JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.ingest.page import Picture
from bot.ingest.tree import Tree

_ARTICLES = re.compile(
    r"(?:News|Blog|Report|Opinion|Analysis|Review|Liveblog|Scholarly|Tech)?\w{0,20}(?:Article|Posting)\b"
)
#: Objects of one page that are looked at.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class LinkedData:
    headline: str = ""
    description: str = ""
    body: str = ""
    picture: Picture | None = None
    topics: tuple[str, ...] = ()
    published: str = ""
    author: str = ""
    publisher: str = ""
    address: str = ""
    is_cut: bool = False


def linked_data(tree: Tree) -> LinkedData:
    """Return what the page's JSON-LD says of its article; empty if it has none."""
    found = [each for kind, text in tree.scripts if "ld+json" in kind for each in _objects(text)]
    articles = [each for each in found if _is_article(each)]
    if not articles:
        return LinkedData()
    article = max(articles, key=lambda each: bool(_text(each.get("headline"))) + len(_text(each.get("articleBody"))))
    return _told(
        article, {str(each["@id"]): each for each in found if isinstance(each.get("@id"), str) and len(each) > 1}
    )


def _told(article: dict[str, Any], known: dict[str, dict[str, Any]]) -> LinkedData:
    return LinkedData(
        headline=_text(article.get("headline") or article.get("name")),
        description=_text(article.get("description")),
        body=_body(article.get("articleBody")),
        picture=_picture(article.get("image"), known),
        topics=_topics(article.get("keywords")),
        published=_text(article.get("datePublished")),
        author=_name(article.get("author"), known),
        publisher=_name(article.get("publisher"), known),
        address=_text(article.get("url")) or _address(article.get("mainEntityOfPage")),
        is_cut=str(article.get("isAccessibleForFree")).casefold() == "false",
    )


def _objects(text: str) -> Iterator[dict[str, Any]]:
    waiting: list[Any] = [_read(text)]
    seen = 0
    while waiting and seen < _MOST:
        each = waiting.pop(0)
        seen += 1
        if isinstance(each, list):
            waiting.extend(each)
        elif isinstance(each, dict):
            yield each
            waiting.extend(value for value in each.values() if isinstance(value, dict | list))


def _read(text: str) -> Any:
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|/\*<!\[CDATA\[\*/)|(?:-->|//\]\]>|/\*\]\]>\*/)\s*$", "", text.strip())
    for strict in (True, False):
        try:  # line ends inside of texts are not JSON, and usual
            return json.loads(text.rstrip(" ;"), strict=strict)
        except (ValueError, RecursionError):
            continue
    return None


def _is_article(each: dict[str, Any]) -> bool:
    kinds = each.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and _ARTICLES.fullmatch(name) for name in names)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _body(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any, known: dict[str, dict[str, Any]]) -> str:
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(filter(None, (_name(each, known) for each in value))))
    if isinstance(value, dict):
        return _text(value.get("name")) or _name(known.get(str(value.get("@id")), {}).get("name", ""), {})
    text = _text(value)
    return "" if text.startswith("http") else text


def _address(value: Any) -> str:
    if isinstance(value, dict):
        return _text(value.get("@id") or value.get("url"))
    return _text(value)


def _topics(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.split(","))
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _picture(value: Any, known: dict[str, dict[str, Any]]) -> Picture | None:
    if isinstance(value, list):
        return next((found for each in value if (found := _picture(each, known))), None)
    if isinstance(value, dict):
        value = value if value.get("url") or value.get("contentUrl") else known.get(str(value.get("@id")), {})
        url = _text(value.get("url") or value.get("contentUrl"))
        credit = _name(value.get("creditText") or value.get("copyrightHolder") or value.get("creator"), known)
        return Picture(url, _text(value.get("caption")), credit or _name(value.get("author"), known)) if url else None
    return Picture(_text(value)) if _text(value) else None
