"""Lines of tags: `#library #city`, `Теги: ремонт доріг, ціни`."""

from __future__ import annotations

import re

from bot.domain.shapes.words import key_of, keys, spelled

_LABELS = keys(
    "теги|тег|теми|тема|мітки|ключові слова|позначки|хештеги|читайте більше про|більше про|більше на тему|"
    "більше за темою|теги статті|теги новини|теги публікації"
    "|метки|ключевые слова|темы|больше о|теги статьи|по теме",
    "tags|tag|tagged|topics|topic|keywords|filed under|more on|more about|related topics|key words|posted in|labels|"
    "tagged with|tagged in|read more about|explore more on|in this story",
)
#: Labels that are our own fields too, or that may begin a sentence: they want a colon.
_HASHTAG = re.compile(r"#(?P<tag>[^\W_][\w'’ʼ-]*)")
_LINE_OF_TAGS = re.compile(r"[\s,;·•|]*(?:#[^\W_][\w'’ʼ-]*[\s,;·•|]*)+")


def is_hashtags(text: str) -> bool:
    return len(text) <= 300 and bool(_LINE_OF_TAGS.fullmatch(text))


def hashtags_in(text: str) -> list[str]:
    """The tags of a line; `#ремонт_доріг` reads as two words."""
    return [found["tag"].replace("_", " ") for found in _HASHTAG.finditer(text)]


def is_label(text: str) -> bool:
    """True for the word above or before tags."""
    return len(text) <= 40 and key_of(text) in _LABELS


def labelled(text: str) -> list[str] | None:
    """Return the tags of `Теги: міський транспорт, ціни`; None if the line is none of tags."""
    label, colon, rest = spelled(text).partition(":")
    if not colon or len(text) > 300 or key_of(label) not in _LABELS:
        return None
    tags = hashtags_in(rest) if "#" in rest else [part.strip(" .#") for part in re.split(r"[,;|·•/]", rest)]
    tags = [tag for tag in tags if tag]
    return tags if all(len(tag.split()) <= 5 for tag in tags) else None


def is_tag(text: str) -> bool:
    """True for a line under the word *Tags* that can be one: a few words without a stop."""
    return len(text) <= 50 and len(text.split()) <= 4 and not text.rstrip().endswith((".", "!", "?", ":", "…"))
