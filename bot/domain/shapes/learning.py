"""Learns a newsroom's own words from a few of its articles, as they are copied from its site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.domain.shapes.calls import is_call, is_doubtful
from bot.domain.shapes.footers import is_footer
from bot.domain.shapes.headings import is_heading
from bot.domain.shapes.shape import Shape, shape_of
from bot.domain.shapes.template import Template
from bot.domain.shapes.words import LINE_LIMIT, is_sentence, key_of

#: Lines above the headline that may be rubrics.
_ABOVE = 3
#: Words of the longest rubric or heading.
_SHORT = 4


def learned(texts: Sequence[str]) -> Template:
    """Return the words that several of the texts share, or that are known for what they are."""
    pages = [[line.strip() for line in text.splitlines() if line.strip()] for text in texts]
    common = _common(pages)
    calls = [line for line in common if is_call(line) or is_doubtful(line)]
    headings = [line for line in common if line not in calls and _is_heading(line, pages)]
    rubrics = [line for line in common if line not in (*calls, *headings) and _is_above(line, pages)]
    rubrics = [line for line in rubrics if shape_of(line) in {None, Shape.RUBRIC, Shape.NAME} and not is_sentence(line)]
    taken = {*calls, *headings, *rubrics}
    footer = [line for line in common if line not in taken and (is_footer(line) or _is_below(line, pages))]
    return Template(tuple(calls), tuple(rubrics), tuple(headings), tuple(footer))


def _common(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of more than one page, as the first of them writes them; of a single page those that are known."""
    counted = Counter(key for page in pages for key in {key_of(line) for line in page})
    firsts = {key_of(line): line for page in reversed(pages) for line in page if len(line) <= LINE_LIMIT}
    return [
        line
        for key, line in firsts.items()
        if key and (counted[key] > 1 or (len(pages) == 1 and (is_call(line) or is_footer(line) or is_heading(line))))
    ]


def _is_heading(line: str, pages: Sequence[Sequence[str]]) -> bool:
    """True for a few words in the lower half of pages with a headline, not a sentence, below them."""
    if is_heading(line):
        return True
    if len(line.split()) > _SHORT or is_sentence(line):
        return False
    places = [(page, page.index(line)) for page in pages if line in page]
    return all(
        at > len(page) // 3
        and at + 2 < len(page)
        and len(page[at + 1].split()) > _SHORT
        and not is_sentence(page[at + 1])
        for page, at in places
    )


def _is_above(line: str, pages: Sequence[Sequence[str]]) -> bool:
    return len(line.split()) <= _SHORT and all(page.index(line) < _ABOVE for page in pages if line in page)


def _is_below(line: str, pages: Sequence[Sequence[str]]) -> bool:
    return all(page.index(line) > len(page) // 2 for page in pages if line in page)
