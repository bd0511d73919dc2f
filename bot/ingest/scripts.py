"""Text that a page holds only in its scripts, as many sites do that draw themselves in the browser."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from bot.domain.article import Paragraph, Run, plain
from bot.ingest.story import told
from bot.ingest.tree import Tree, tree_of

#: Keys under which sites keep the text of an article.
_BODIES = re.compile(
    r"(?i)article_?body|body(?:_?html|_?text)?|(?:full_?|main_?)?(?:content|text|html)(?:_?html|_?raw|_?rendered)?|rendered"
    r"|blocks|paragraphs|fulltext|story|nodes|children|components|markup|detail_?text"
)
#: Keys of the words in a block of an editor's own form.
_WORDS = ("text", "html", "content", "value", "body", "data", "children", "items", "insert")
_STANDFIRSTS = (
    "standfirst",
    "lead",
    "subtitle",
    "subTitle",
    "excerpt",
    "announce",
    "anons",
    "summary",
    "dek",
    "lid",
    "intro",
    "description",
)
_TITLES = ("title", "headline", "name", "heading")
_ASSIGNED = re.compile(
    r"(?:window|self|globalThis)\s{0,3}(?:\.\s{0,3}\w{2,60}|\[\s{0,3}[\"']\w{2,60}[\"']\s{0,3}\])\s{0,3}=\s{0,3}(?=[{\[])"
)
_FLIGHT = re.compile(r"__next_f\s{0,3}\.push\(\s{0,3}(\[.{0,2000000})\)\s{0,3};?\s{0,9}$", re.DOTALL)
_LEAST = 200
_MOST = 50_000
_DEEPEST = 40


class Kept:
    """The text of an article that a script holds: its paragraphs, and the words beside it."""

    def __init__(self, lines: list[Paragraph], beside: dict[str, Any]) -> None:
        self.lines = lines
        self.length = sum(len(plain(line)) for line in lines)
        self.title = _first(beside, _TITLES)
        self.standfirst = _first(beside, _STANDFIRSTS)


def kept_text(tree: Tree, base: str) -> Kept | None:
    """Return the longest text of an article in the page's scripts; None if none holds one."""
    best: Kept | None = None
    for data in _data(tree):
        for beside, value in _bodies(data):
            kept = Kept(_lines(value, base), beside)
            if kept.length >= _LEAST and (best is None or _rank(kept) > _rank(best)):
                best = kept
    return best


def _rank(kept: Kept) -> tuple[bool, int]:
    return bool(kept.title), kept.length


def text_lines(text: str, base: str = "") -> list[Paragraph]:
    """Return the paragraphs of a text that may be HTML."""
    if re.search(r"<(?:p|br|div|h\d|ul|li|b|strong|a|em|i|span|blockquote)\b", text, re.IGNORECASE):
        return told(tree_of(f"<body><div>{text}</div></body>").body, base).lines
    lines = (" ".join(line.split()) for line in html.unescape(text).splitlines())
    return [(Run(line),) for line in lines if line]


def _first(beside: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = beside.get(name)
        value = value.get("rendered") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return " ".join(" ".join(plain(line) for line in text_lines(value)).split())
    return ""


def _data(tree: Tree) -> Iterator[Any]:
    flight: list[str] = []
    for kind, text in tree.scripts:
        if "ld+json" in kind:
            continue
        if "json" in kind:
            yield _read(text)
        elif found := _FLIGHT.search(text.strip()):
            pushed = _read(found[1])
            flight += [pushed[1]] if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str) else []
        else:
            yield from (_read(text[place.end() :]) for place in _ASSIGNED.finditer(text))
    for row in "".join(flight).split("\n"):
        yield _read(row.partition(":")[2])


def _read(text: str) -> Any:
    """Return the JSON at the beginning of `text`; None if it is none."""
    text = text.lstrip()
    if not text.startswith(("{", "[")):
        return None
    try:
        data = json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        return None
    return _resolved(data) if isinstance(data, list) and _is_indexed(data) else data


def _is_indexed(data: list[Any]) -> bool:
    """True for a list whose objects name their values by their places in it, as Nuxt writes them."""
    objects = [each for each in data[:50] if isinstance(each, dict) and each]
    numbers = [value for each in objects for value in each.values()]
    return len(data) > 5 and bool(numbers) and all(type(value) is int for value in numbers)


def _resolved(data: list[Any]) -> list[Any]:
    """Return the objects of such a list with their texts and lists of texts in their places."""

    def value(at: Any, depth: int = 0) -> Any:
        held = data[at] if type(at) is int and 0 <= at < len(data) else None
        if depth > 6 or held is None or isinstance(held, str | int | float):
            return held
        if isinstance(held, list):
            return [value(each, depth + 1) for each in held[:2_000]]
        return {name: value(each, depth + 1) for name, each in held.items()}

    return [{name: value(each) for name, each in held.items()} for held in data if isinstance(held, dict)]


def _bodies(data: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Return what stands under names of texts, each with the object that it stands in."""
    waiting: list[tuple[Any, int]] = [(data, 0)]
    seen = 0
    while waiting and seen < _MOST:
        each, depth = waiting.pop()
        seen += 1
        if depth > _DEEPEST:
            continue
        if isinstance(each, list):
            waiting.extend((value, depth + 1) for value in each if isinstance(value, dict | list))
        elif isinstance(each, dict):
            yield from ((each, value) for name, value in each.items() if _BODIES.fullmatch(name) and value)
            waiting.extend((value, depth + 1) for value in each.values() if isinstance(value, dict | list))


def _lines(value: Any, base: str) -> list[Paragraph]:
    if isinstance(value, str):
        return text_lines(value, base) if len(value) >= _LEAST else []
    if isinstance(value, dict):
        return next(
            (_lines(value[name], base) for name in ("blocks", "content", "nodes", "rendered") if value.get(name)), []
        )
    if not isinstance(value, list) or not all(isinstance(each, dict | str) for each in value):
        return []
    return [line for each in value[:2_000] for line in text_lines(_words(each, 0), base)]


def _words(block: Any, depth: int) -> str:
    """Return the text of one block, whatever its editor calls the parts."""
    if isinstance(block, str):
        return block
    if depth > 8 or not isinstance(block, dict | list):
        return ""
    if isinstance(block, list):
        parts = [_words(each, depth + 1) for each in block]
        return "".join(parts) if all(_is_inline(each) for each in block) else "\n".join(filter(None, parts))
    return next((text for name in _WORDS if (text := _words(block.get(name), depth + 1))), "")


def _is_inline(each: Any) -> bool:
    return (
        isinstance(each, str)
        or (isinstance(each, dict) and isinstance(each.get("text"), str) and "type" not in each)
        or (isinstance(each, dict) and each.get("type") == "text")
        or (isinstance(each, dict) and each.get("_type") == "span")
    )
