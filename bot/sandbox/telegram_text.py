"""Texts as Telegram keeps them: trimmed, with entities that nest, and cleaned (docs/platforms/telegram.md#cleaning)."""

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

JSON = dict[str, Any]

_REMOVED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_DETECTED = re.compile(
    r"(?P<url>(?:https?|ftp)://[^\s<>\"«»]+|(?<![\w@./])(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|ua|me|info)\b(?:/[^\s<>\"«»]*)?)"
    r"|(?P<bot_command>(?<![\w/])/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[a-z]\w{2,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})",
    re.IGNORECASE,
)
_OPAQUE = ("code", "pre")
_QUOTES = ("blockquote", "expandable_blockquote")
_STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")


@dataclass(frozen=True, slots=True)
class Entity:
    """One stretch of formatting, in code points."""

    kind: str
    start: int
    end: int
    url: str = ""
    extra: tuple[tuple[str, str], ...] = ()


def checked_link(link: str) -> str:
    """The link as Telegram keeps it, or "" for one that it drops without a word."""
    link = link.strip()
    if not link or any(character.isspace() for character in link):
        return ""
    if link.startswith(("tg://", "ton://", "tonsite://")):
        return link
    return "" if link_fault(link) else _normal(link)


def link_fault(link: str) -> str:
    """The fault of a link, in Telegram's words; "" for a good one."""
    scheme = re.match(r"([a-z][a-z0-9+.-]*)://", link, re.IGNORECASE)
    if scheme and scheme[1].lower() not in ("http", "https", "tg", "ton", "tonsite"):
        return "Unsupported URL protocol"
    if scheme and scheme[1].lower() not in ("http", "https"):
        return ""
    try:
        host = urlsplit(link if scheme else f"http://{link}").hostname or ""
    except ValueError:
        return "Wrong HTTP URL"
    if not host:
        return "URL host is empty"
    if "." not in host.strip(".") or re.search(r"[\s<>\"]", link):
        return "Wrong HTTP URL"
    return ""


def _normal(link: str) -> str:
    full = link if re.match(r"https?://", link, re.IGNORECASE) else f"http://{link}"
    scheme, rest = full.split("://", 1)
    end = re.search(r"[/?#]", rest)
    host, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    return f"{scheme.lower()}://{host.lower()}{tail if tail.startswith('/') else '/' + tail}"


def tidy(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Cleaned and trimmed text; entities moved along, nested as Telegram nests them, links found."""
    clean = _CONTROL.sub(" ", _REMOVED.sub("", text))
    entities = list(entities)
    if entities and len(clean) != len(text):
        gone = [0, *accumulate(1 if _REMOVED.match(character) else 0 for character in text)]
        entities = [replace(e, start=e.start - gone[e.start], end=e.end - gone[e.end]) for e in entities]
    head = len(clean) - len(clean.lstrip(" \n"))
    clean = clean.strip(" \n")
    moved = (
        replace(e, start=max(0, min(e.start - head, len(clean))), end=max(0, min(e.end - head, len(clean))))
        for e in entities
    )
    kept = nested(e for e in moved if e.end > e.start)
    return clean, sorted(kept + detected(clean, kept), key=lambda e: (e.start, -e.end))


def nested(entities: Iterable[Entity]) -> list[Entity]:
    """The entities without those that may not stand inside another one (docs/platforms/telegram.md#formatting)."""
    kept: list[Entity] = []
    # Entities come as they close: of two with the same range the later is the outer one.
    closing = enumerate(entities)
    for _, entity in sorted(closing, key=lambda item: (item[1].start, -item[1].end, -item[0])):
        around = [e for e in kept if e.start <= entity.start and entity.end <= e.end]
        if not any(_forbids(outer, entity) for outer in around):
            kept.append(entity)
    solid = [e for e in kept if e.kind in _OPAQUE]
    return [piece for e in kept for piece in (_cut(e, solid) if e.kind in _STYLES else [e])]


def _forbids(outer: Entity, inner: Entity) -> bool:
    if outer.kind in _OPAQUE or outer.kind == inner.kind:
        return True
    if outer.kind in _QUOTES:
        return inner.kind in _QUOTES
    return outer.kind not in _STYLES and inner.kind not in _STYLES


def _cut(entity: Entity, solid: list[Entity]) -> list[Entity]:
    """The pieces of a style that are left outside the stretches of code."""
    pieces, start = [], entity.start
    for hole in solid:
        if hole.start >= entity.end or hole.end <= start:
            continue
        if hole.start > start:
            pieces.append(replace(entity, start=start, end=hole.start))
        start = hole.end
    return [*pieces, replace(entity, start=start)] if start < entity.end else pieces


def detected(text: str, taken: list[Entity]) -> list[Entity]:
    """Links, commands, mentions and hashtags that Telegram finds by itself."""
    found = []
    for match in _DETECTED.finditer(text):
        kind = match.lastgroup or ""
        start, end = match.span()
        if kind == "url":
            end = start + len(match[0].rstrip(".,:;!?)'"))
        if end > start and not any(_in_the_way(e, start, end) for e in taken):
            url = text[start:end] if kind == "url" else ""
            found.append(Entity(kind, start, end, url=url))
    return found


def _in_the_way(entity: Entity, start: int, end: int) -> bool:
    return entity.kind not in _STYLES + _QUOTES and entity.start < end and start < entity.end


def to_wire(text: str, entities: Iterable[Entity]) -> list[JSON]:
    """Entities as the Bot API writes them, in UTF-16 units."""
    offsets = _utf16_offsets(text)
    return [_wire(e, offsets[e.start], offsets[e.end]) for e in entities]


def _wire(entity: Entity, start: int, end: int) -> JSON:
    wire: JSON = {"type": entity.kind, "offset": start, "length": end - start}
    if entity.kind == "text_link":
        wire["url"] = entity.url
    for name, value in entity.extra:
        if name == "user":
            wire["user"] = {"id": int(value), "is_bot": False, "first_name": value}
        elif entity.kind != "code":
            wire[name] = int(value) if name == "unix_time" else value
    return wire


def from_wire(text: str, wire: Iterable[JSON]) -> list[Entity]:
    """Entities as a client writes them; those outside the text are dropped, as Telegram does."""
    offsets = _utf16_offsets(text)
    return [entity for item in wire if (entity := _from_wire(offsets, item)) is not None]


def _from_wire(offsets: list[int], item: JSON) -> Entity | None:
    first, last = int(item["offset"]), int(item["offset"]) + int(item["length"])
    if first < 0 or last > offsets[-1] or last <= first:
        return None
    kind = str(item["type"])
    url = str(item.get("url", ""))
    if kind == "text_link" and not (url := checked_link(url)):
        return None
    extra = tuple((name, str(item[name])) for name in ("language", "custom_emoji_id") if item.get(name))
    if kind == "text_mention":
        extra = (("user", str(item["user"]["id"])),)
    return Entity(kind, bisect.bisect_left(offsets, first), bisect.bisect_left(offsets, last), url, extra)


def _utf16_offsets(text: str) -> list[int]:
    if text.isascii():
        return list(range(len(text) + 1))
    return [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]
