"""The shape of one line of a copied page, by itself; its place decides whether it is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from bot.domain.shapes import (
    bylines,
    calls,
    counts,
    credit,
    dates,
    footers,
    forwards,
    headings,
    mail,
    page,
    rubrics,
    tags,
)
from bot.domain.shapes.template import NO_TEMPLATE, Template
from bot.domain.shapes.words import LINE_LIMIT

_ADDRESS = re.compile(r"[^\w]{0,8}https?://\S+", re.IGNORECASE)
#: A line of a list is what it says: `– Facebook`, `1. Новини`; `— Реклама —` is none.
_ITEM = re.compile(r"(?:[–—•*·▪◦-]\s|\d{1,2}[.)]\s(?!\w+\s(?:19|20)\d\d)).*[^\s–—-]\s*")
#: Between facts also stand gaps, and the pictogram that begins the next: `09:40  👁 318`.
_META = re.compile(r"""\s*[|•·●]\s*|\s+[/–—]\s+|\s{2,}|\t|\s+(?=[^\w\s#@$€₴£%+.,:;()\[\]«»“”"'–—-])""")
#: Longest line of facts that nothing separates, in words.
_WORDS = 12


class Shape(StrEnum):
    """A kind of line that is no reporting, or may be none."""

    TEMPLATE = "template"
    FORWARD = "forward"
    MAIL = "mail"
    AD = "ad"
    BUTTON = "button"
    WEAK = "weak"
    COUNT = "count"
    NUMBER = "number"
    CALL = "call"
    DATE = "date"
    BYLINE = "byline"
    NAME = "name"
    META = "meta"
    CREDIT = "credit"
    CAPTION = "caption"
    RUBRIC = "rubric"
    BREADCRUMB = "breadcrumb"
    TAGS = "tags"
    HEADING = "heading"
    FOOTER = "footer"
    ADDRESS = "address"
    REPEAT = "repeat"
    MARK = "mark"
    MARKUP = "markup"
    FIELD = "field"


#: In this order: the first that fits is the line's shape.
_SHAPES: Mapping[Shape, Callable[[str], bool]] = {
    Shape.FORWARD: forwards.is_forward,
    Shape.MAIL: mail.is_mail,
    Shape.HEADING: headings.is_heading,
    Shape.ADDRESS: lambda text: bool(_ADDRESS.fullmatch(text)),
    Shape.DATE: lambda text: dates.is_date(text) or dates.is_stamp(text),
    Shape.COUNT: counts.is_count,
    Shape.NUMBER: counts.is_number,
    Shape.WEAK: page.is_weak,
    Shape.AD: page.is_ad,
    Shape.TAGS: tags.is_hashtags,
    Shape.RUBRIC: rubrics.is_rubric,
    Shape.BUTTON: page.is_button,
    Shape.CREDIT: credit.is_credit,
    Shape.BYLINE: bylines.is_byline,
    Shape.BREADCRUMB: rubrics.is_breadcrumb,
    Shape.CALL: calls.is_call,
    Shape.FOOTER: footers.is_footer,
    Shape.META: lambda text: _is_meta(text),
    Shape.CAPTION: credit.is_caption,
    Shape.NAME: bylines.is_name,
}
_IN_META = (Shape.COUNT, Shape.NUMBER, Shape.DATE, Shape.RUBRIC, Shape.BYLINE, Shape.NAME, Shape.WEAK, Shape.BUTTON)


def shape_of(text: str, template: Template = NO_TEMPLATE) -> Shape | None:
    """Return what the line looks like; None for text. The newsroom's own words come first."""
    if not text or len(text) > LINE_LIMIT:
        return None
    if template.is_call(text) or template.is_footer(text):
        return Shape.TEMPLATE
    if template.is_heading(text):
        return Shape.HEADING
    if template.is_rubric(text):
        return Shape.RUBRIC
    if _ITEM.fullmatch(text):
        return None
    return next((shape for shape, is_one in _SHAPES.items() if is_one(text)), None)


def shapes_of(texts: Iterable[str], template: Template = NO_TEMPLATE) -> list[Shape | None]:
    return [shape_of(text, template) for text in texts]


def parts_of(text: str) -> list[str]:
    """The parts of a line of several facts: `12 квітня · 318 переглядів`, `Олена Приклад, 12 квітня 2027`."""
    parts = [part for part in _META.split(text) if part.strip()]
    if len(parts) > 1:
        return parts
    if halves := _halves(text):
        return halves
    head, comma, rest = text.partition(", ")
    return [head, rest] if comma and dates.is_date(rest) else parts


def _halves(text: str) -> list[str]:
    """Return two facts with nothing between them: `12 квітня 2027 318 переглядів`, `Олена Приклад 12.04.2027 09:40`."""
    words = text.split()
    if len(words) > _WORDS or not any(char.isdigit() for char in text):
        return []
    halves = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words)))
    return next((list(pair) for pair in halves if _are_facts(*pair)), [])


def _are_facts(one: str, other: str) -> bool:
    if dates.is_date(one) or dates.is_date(other):
        rest = other if dates.is_date(one) else one
        exact = dates.is_exact(one) or dates.is_exact(other)
        return counts.is_count(rest) or bylines.is_byline(rest) or (exact and bylines.is_name(rest))
    return counts.is_count(one) and counts.is_count(other)


def _is_meta(text: str) -> bool:
    """True if each part of the line is a fact about the page, and one of them more than a name or a rubric."""
    if len(text) > 160:
        return False
    parts = parts_of(text)
    shapes = [_in_meta(part.strip()) for part in parts]
    sure = {Shape.COUNT, Shape.DATE, Shape.BYLINE}
    return len(parts) > 1 and None not in shapes and bool(sure & set(shapes))


def _in_meta(part: str) -> Shape | None:
    found = next((shape for shape in _IN_META if _SHAPES[shape](part)), None)
    if found is None and len(part.split()) == 1 and part[:1].isupper() and part.isalpha():
        return Shape.RUBRIC  # a town before a date
    return found
