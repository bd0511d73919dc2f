"""A copied page while it is read: its lines, what each looks like, and which are left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.article import Paragraph, plain
from bot.domain.parse.fields import is_field
from bot.domain.parse.lines import first_of, stripped, without_prefix
from bot.domain.shapes import NO_TEMPLATE, Shape, Template, shape_of


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line, or a part of one, that was left out. `after`: the paragraphs before it, the headline among them."""

    line: Paragraph
    shape: Shape
    after: int = 0

    @property
    def text(self) -> str:
        return plain(self.line)


class Page:
    """The lines of a text. A line that is left out or taken elsewhere becomes empty, so that each keeps its place."""

    def __init__(self, lines: Sequence[Paragraph], template: Template = NO_TEMPLATE) -> None:
        self.lines = list(lines)
        self.texts = [plain(line) for line in lines]
        self.template = template
        self.fields = [is_field(line) for line in lines]
        known = {text: shape_of(text, template) for text in dict.fromkeys(self.texts)}
        self.shapes = [
            None if is_one or _is_quote(line) else known[text]
            for text, line, is_one in zip(self.texts, self.lines, self.fields, strict=True)
        ]
        self.left_out: list[tuple[int, Paragraph, Shape]] = []
        self.out: set[int] = set()
        self.asked: list[int] = []

    def drop(self, at: int, shape: Shape | None = None) -> None:
        """Leave the line out."""
        self.left_out.append((at, self.lines[at], shape or self.shapes[at] or Shape.BUTTON))
        self.out.add(at)
        self.take(at)

    def take(self, at: int) -> None:
        """Take the line out of the text; it goes elsewhere."""
        self.lines[at] = ()
        self.texts[at] = ""

    def cut(self, at: int, length: int, shape: Shape, *, skip: int = 0) -> None:
        """Keep the first `length` characters of the line; the rest, less `skip`, is left out."""
        rest = without_prefix(self.lines[at], skip or length)
        self.left_out.append((at, rest, shape))
        self.keep(at, first_of(self.lines[at], length))

    def cut_off(self, at: int, length: int, shape: Shape) -> None:
        """Leave out the first `length` characters of the line."""
        self.left_out.append((at, first_of(self.lines[at], length), shape))
        self.keep(at, stripped(without_prefix(self.lines[at], length)))
        self.shapes[at] = shape_of(self.texts[at], self.template)

    def keep(self, at: int, line: Paragraph) -> None:
        """Put another line in the place of this one."""
        self.lines[at] = line
        self.texts[at] = plain(line)

    def restore(self, at: int) -> None:
        """Take back what was left out at this place, as if it were text."""
        found = next((each for each in self.left_out if each[0] == at), None)
        if found is not None:
            self.left_out.remove(found)
            self.out.discard(at)
            self.keep(at, found[1])
            self.shapes[at] = None

    def filled(self, start: int = 0) -> Iterator[int]:
        """The places of the lines that are still there, from `start` on."""
        return (at for at in range(start, len(self.lines)) if self.lines[at])

    def following(self, at: int) -> int | None:
        return next(self.filled(at + 1), None)

    def is_beside(self, at: int) -> bool:
        """True if the line above or below, empty ones aside, was left out."""
        return any(self._nearest(at, step) in self.out for step in (-1, 1))

    def is_above_furniture(self, at: int) -> bool:
        """True if the next line, empty ones aside, was left out."""
        return self._nearest(at, 1) in self.out

    def _nearest(self, at: int, step: int) -> int:
        at += step
        while 0 <= at < len(self.lines) and not self.lines[at] and at not in self.out:
            at += step
        return at

    def dropped(self, firsts: Sequence[int]) -> tuple[Dropped, ...]:
        """All that was left out, in the text's order; `firsts` are the places where the article's paragraphs begin."""
        in_order = sorted(self.left_out, key=lambda each: each[0])
        return tuple(Dropped(line, shape, sum(first <= at for first in firsts)) for at, line, shape in in_order)


def _is_quote(line: Paragraph) -> bool:
    return bool(line) and all(run.quote for run in line)
