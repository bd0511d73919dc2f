"""Takes the teasers of other articles out of a copied page: under headings, behind labels, at a paragraph's end."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from bot.domain.article import Paragraph, Related, plain
from bot.domain.parse.lines import blocks_of, link_of, without_prefix
from bot.domain.parse.page import Page
from bot.domain.parse.story import HEADLINE_LIMIT, is_repeat, unmarked
from bot.domain.shapes import Shape
from bot.domain.shapes.footers import is_rights
from bot.domain.shapes.headings import AT_PARAGRAPH_END, after_label
from bot.domain.shapes.words import is_sentence, reports, sentences_of, spelled

#: Words of the longest sub-head that is given back to the story after teasers.
_SUBHEAD_WORDS = 4
#: Words of the shortest sentence of a story below teasers.
_STORY_WORDS = 4
#: Longest teaser that ends with a stop, in characters; a longer one is a sentence of the story.
_STOPPED = 120
_CLOCK = re.compile(r"(?:\d{1,2}[:.]\d\d|\d{1,2}\.\d{1,2}(?:\.\d{2,4})?)\s+(?=\S)")
_AMONG = frozenset(
    (Shape.DATE, Shape.NUMBER, Shape.COUNT, Shape.RUBRIC, Shape.BYLINE, Shape.WEAK, Shape.BUTTON, Shape.META,
     Shape.CREDIT, Shape.AD, Shape.CALL, Shape.TAGS)
)  # fmt: skip


def without_teasers(page: Page, headline: int) -> tuple[Related, ...]:
    """Take the teasers out of the page, and return them. What is a sentence of the story stays in it."""
    related: list[Related] = []
    places = list(page.filled(headline + 1))
    for at in places:
        if not page.lines[at] or page.fields[at]:
            continue
        if page.shapes[at] is Shape.HEADING:
            related += _section(page, at)
        elif skip := after_label(page.texts[at]):
            related += _labelled(page, at, skip)
        else:
            related += _at_paragraph_end(page, at)
    return tuple(related)


def _labelled(page: Page, at: int, skip: int) -> list[Related]:
    """The teaser behind `Читайте також:`; a sentence of reporting behind it stays."""
    rest = page.texts[at][skip:]
    if rest.casefold().startswith(("http://", "https://")):
        page.shapes[at] = Shape.ADDRESS
        page.keep(at, without_prefix(page.lines[at], skip))
        return []
    if not _is_teaser(rest):
        page.asked.append(at)
        return []
    teaser = _teaser(page.lines[at], skip=skip)
    page.take(at)
    return [teaser]


def _is_teaser(text: str) -> bool:
    """True for a headline; with a stop it must be one short sentence that quotes nobody."""
    if len(text) > HEADLINE_LIMIT:
        return False
    if not text.rstrip().endswith((".", "…")):
        return True
    return len(text) <= _STOPPED and not reports(text) and len(sentences_of(text)) == 1


def _at_paragraph_end(page: Page, at: int) -> list[Related]:
    text = spelled(page.texts[at])
    found = AT_PARAGRAPH_END.search(text)
    if found is None or not found["label"][0].isupper():
        return []
    rest = text[found.end() :]
    if not _is_teaser(rest) or len(sentences_of(rest)) > 1:
        page.asked.append(at)
        return []
    line = page.lines[at]
    teaser = _teaser(without_prefix(line, found.end()))
    page.cut(at, found.start(), Shape.HEADING)
    page.left_out.pop()
    return [teaser]


def _section(page: Page, heading: int) -> list[Related]:
    """The teasers under a heading, down to the first line that is the story's again."""
    items: list[int] = []
    dropped: list[int] = []
    end = len(page.lines)
    for at in page.filled(heading + 1):
        shape = page.shapes[at]
        if shape is Shape.HEADING or page.fields[at] or (shape is Shape.FOOTER and is_rights(page.texts[at])):
            end = at
            break
        if shape in _AMONG:
            dropped.append(at)
        elif shape is Shape.FOOTER or _is_story(page, at, items):
            end = at
            break
        else:
            items.append(at)
    is_followed = (
        end < len(page.lines) and page.shapes[end] not in {Shape.HEADING, Shape.FOOTER} and not page.fields[end]
    )
    if is_followed:
        items = _without_subheads(page, heading, items)
    if items or not is_followed:
        for at in dropped:
            if not items or at < items[-1] or not is_followed:
                page.drop(at)
    if items:
        page.take(heading)
    else:
        page.drop(heading)
    return _taken(page, items, heading, end)


def _is_story(page: Page, at: int, items: list[int]) -> bool:
    """True for a sentence, unless it is the lead below a teaser's headline."""
    text = page.texts[at]
    if len(text) > HEADLINE_LIMIT:
        return True
    if not is_sentence(text) or text.rstrip().endswith(("?", "!")) or len(text.split()) < _STORY_WORDS:
        return text.rstrip().endswith(":") and not after_label(text)
    if len(items) > 1 and is_repeat(page.texts[items[-2]], page.texts[items[-1]]):
        return False
    is_second = bool(items) and items[-1] == at - 1 and (len(items) < 2 or items[-2] < at - 2)
    is_last_of_block = at + 1 >= len(page.lines) or not page.lines[at + 1]
    further = page.following(at)
    return not (is_second and is_last_of_block and (further is None or _is_pair(page, further)))


def _is_pair(page: Page, at: int) -> bool:
    """True if two lines stand here by themselves, as a teaser and its lead do."""
    return (
        page.shapes[at] in {Shape.HEADING, Shape.FOOTER}
        or page.fields[at]
        or (not is_sentence(page.texts[at]) and at + 1 < len(page.lines) and bool(page.lines[at + 1]))
    )


def _without_subheads(page: Page, heading: int, items: list[int]) -> list[int]:
    """Give back the last lines above the story's next paragraph that are a sub-head, not a headline."""
    if len(items) > 1 and _is_apart(page, items[-1]) and len(page.texts[items[-1]].split()) <= _SUBHEAD_WORDS:
        return items[:-1]
    return items


def _is_apart(page: Page, at: int) -> bool:
    """True if an empty line stands above, with nothing left out between."""
    return at > 0 and not page.lines[at - 1] and not page.texts[at - 1]


def _taken(page: Page, items: list[int], heading: int, end: int) -> list[Related]:
    if not items:
        return []
    kept = set(items)
    section = [_without_clock(page, at) if at in kept else () for at in range(heading + 1, min(end, items[-1] + 1))]
    for at in items:
        page.take(at)
    return _teasers(section)


def _without_clock(page: Page, at: int) -> Paragraph:
    found = _CLOCK.match(page.texts[at])
    return without_prefix(page.lines[at], found.end()) if found else page.lines[at]


def _teasers(section: list[Paragraph]) -> list[Related]:
    """The items: headline, headline again and lead; or without repeats blocks of two lines, or single lines."""
    lines = [line for line in section if line]
    if any(is_repeat(plain(one), plain(other)) for one, other in pairwise(lines)):
        return _repeating_teasers(lines)
    blocks = blocks_of(section)
    if len(blocks) > 1 and all(len(block) <= 2 for block in blocks):
        return [_teaser(block[0], lead=plain(block[1]) if block[1:] else "") for block in blocks]
    return [_teaser(line) for line in lines]


def _repeating_teasers(lines: list[Paragraph]) -> list[Related]:
    items, texts, at = [], [plain(line) for line in lines], 0
    while at < len(lines):
        repeated = is_repeat(*texts[at : at + 2]) if at + 1 < len(lines) else False
        item = _teaser(lines[at])
        at += 1
        if repeated:
            again = _teaser(lines[at])
            item = replace(item, link=item.link or again.link, video=item.video or again.video)
            at += 1
            starts_next = at + 1 < len(lines) and is_repeat(*texts[at : at + 2])
            if at < len(lines) and not starts_next:
                item = replace(item, lead=texts[at], link=item.link or link_of(lines[at]))
                at += 1
        items.append(item)
    return items


def _teaser(line: Paragraph, *, lead: str = "", skip: int = 0) -> Related:
    headline, video = unmarked(plain(line)[skip:].strip(" •·–—-→👉▪"))
    return Related(headline, lead, link_of(line), video)
