"""Reads a copied page from top to bottom: furniture, fields and teasers are taken out, and the story remains."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.article import Related, Run, plain
from bot.domain.parse import furniture
from bot.domain.parse.fields import KEYS, Field, Split, field_of, without_fields
from bot.domain.parse.lines import paragraphs_of
from bot.domain.parse.page import Page
from bot.domain.parse.story import NO_HEADLINE, Story, story_of, without_own_marks
from bot.domain.parse.teasers import without_teasers
from bot.domain.shapes import Shape
from bot.domain.shapes.tags import hashtags_in
from bot.errors import Refused

_ONLY_ADDRESS = "An address alone is no article: paste the article's text."
_ADDRESS = re.compile(r"[^\w]*(?:https?://|www\.)\S+[^\w]*", re.IGNORECASE)
#: Words of a page for its tags; `topics:` is a field of ours.
_TAGS = frozenset(("tags", "теги", "метки"))


@dataclass(frozen=True, slots=True)
class Read:
    """All that a page holds. `doubtful`, `empty` and `left` are as in `Split`."""

    story: Story
    fields: tuple[Field, ...]
    doubtful: tuple[Field, ...]
    empty: tuple[Field, ...]
    left: tuple[str, ...]
    related: tuple[Related, ...]
    topics: tuple[str, ...]
    link: str


def check_address(lines: Sequence[str]) -> None:
    """Raise `Refused` if there is nothing but an address."""
    if lines and all(_ADDRESS.fullmatch(line) for line in lines):
        raise Refused(_ONLY_ADDRESS)


def read_page(page: Page) -> Read:
    """Take the page apart. Raises `Refused` if it has no headline."""
    apart = _is_apart(page)
    _join_sources(page)
    furniture.without_heads(page)
    furniture.without_buttons(page)
    tags = furniture.below_tags(page)
    furniture.above(page)
    whole = _fields(page)
    headline = next(page.filled(), None)
    if headline is None:
        raise Refused(NO_HEADLINE)
    related = without_teasers(page, headline)
    link = furniture.at_end(page, headline) or _address_above(page)
    # Fields may also stand at the end of the story, before the teasers.
    story = _fields(page)
    furniture.below(page, headline)
    furniture.amid(page, headline)
    tags += [tag for _, line, shape in page.left_out if shape is Shape.TAGS for tag in hashtags_in(plain(line))]
    read = without_own_marks(story_of(paragraphs_of(page.lines, apart=apart)), page.template.marks)
    if read.marks:
        page.left_out.append((read.firsts[0], (Run(read.marks),), Shape.MARK))
    return Read(
        story=read,
        fields=(*story.fields, *whole.fields),
        doubtful=(*story.doubtful, *whole.doubtful),
        empty=(*story.empty, *whole.empty),
        left=tuple(story.left),
        related=related,
        topics=tuple({tag.casefold(): tag for tag in reversed(tags)}.values())[::-1],
        link=link,
    )


def _is_apart(page: Page) -> bool:
    """True if empty lines part the text; otherwise each line is a paragraph."""
    places = list(page.filled())
    return bool(places) and len(places) <= places[-1] - places[0]


def _join_sources(page: Page) -> None:
    """Take an address right under `Джерело: ДСНС` for that source's; alone it would be the article's own."""
    for at in page.filled():
        field = field_of(page.lines[at - 1], KEYS) if at and page.shapes[at] is Shape.ADDRESS else None
        if field and field.name == "source" and not field.link and "://" not in field.value:
            page.keep(at - 1, (*page.lines[at - 1], Run(" "), *page.lines[at]))
            page.take(at)


def _fields(page: Page) -> Split:
    """Take the fields out of the page."""
    split = without_fields(page.lines)
    page.asked.extend(split.amid)
    for at, line in enumerate(split.lines):
        if page.lines[at] and not line:
            if page.texts[at].partition(":")[0].strip(" *_").casefold() in _TAGS:
                page.left_out.append((at, page.lines[at], Shape.TAGS))
            page.take(at)
    return split


def _address_above(page: Page) -> str:
    found = (plain(line).lstrip("👉🔗 ") for _, line, shape in page.left_out if shape is Shape.ADDRESS)
    return next(found, "")
