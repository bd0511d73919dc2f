"""A newsroom's own words around its articles, which are read before any others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.domain.shapes.words import key_of


@dataclass(frozen=True)
class Template:
    """Lines as the newsroom's site writes them. `calls` and `footer` may end in `…`: they are beginnings of lines.

    `marks` stand before or behind a headline: `ЕКСКЛЮЗИВ`, `(ФОТО)`.
    """

    calls: tuple[str, ...] = ()
    rubrics: tuple[str, ...] = ()
    teaser_headings: tuple[str, ...] = ()
    footer: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()

    def is_call(self, text: str) -> bool:
        return _is_one(self._calls, text)

    def is_rubric(self, text: str) -> bool:
        return _is_one(self._rubrics, text)

    def is_heading(self, text: str) -> bool:
        return _is_one(self._headings, text)

    def is_footer(self, text: str) -> bool:
        return _is_one(self._footer, text)

    @cached_property
    def _calls(self) -> _Lines:
        return _lines(self.calls)

    @cached_property
    def _rubrics(self) -> _Lines:
        return _lines(self.rubrics)

    @cached_property
    def _headings(self) -> _Lines:
        return _lines(self.teaser_headings)

    @cached_property
    def _footer(self) -> _Lines:
        return _lines(self.footer)


#: Whole lines, and beginnings of lines.
_Lines = tuple[frozenset[str], tuple[str, ...]]


def _lines(words: tuple[str, ...]) -> _Lines:
    opens = [word for word in words if word.rstrip().endswith(("…", "..."))]
    whole = frozenset(key_of(word) for word in words if word not in opens)
    return whole - {""}, tuple(filter(None, (key_of(word) for word in opens)))


def _is_one(lines: _Lines, text: str) -> bool:
    whole, opens = lines
    if not whole and not opens:
        return False
    key = key_of(text)
    return bool(key) and (key in whole or key.startswith(opens) if opens else key in whole)


NO_TEMPLATE = Template()
