"""Fitting lines to one screen of a phone: the least important are left out, and counted."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum

from bot.commands.talk import Line

#: Rows that a phone shows at once, and the characters of one of them.
ROWS = 20
WIDTH = 45


class Weight(IntEnum):
    """The weight of a line. The last of these are left out of a screen first."""

    #: Things that a person who approves must know; they are never left out.
    NEEDED = 0
    #: The article's standing with the desk.
    STANDING = 1
    #: Things that readers never see, or that tell the article from others.
    OURS = 2
    #: Things that stand in the post too.
    SEEN = 3


#: A line, and how much it matters.
Part = tuple[Weight, Line]


def weighed(weight: Weight, lines: Iterable[Line]) -> list[Part]:
    return [(weight, line) for line in lines]


def rows(lines: Iterable[Line]) -> int:
    """Return how many rows these lines take on a phone."""
    return sum(len(_wrapped(row)) or 1 for line in lines for row in _plain(line).split("\n"))


def clip(text: str, most: int) -> str:
    """Cut `text` to `most` rows, with an ellipsis for the rest."""
    wrapped = _wrapped(text)
    if len(wrapped) <= most:
        return text
    kept = " ".join(wrapped[:most])
    while len(_wrapped(kept + "…")) > most:
        kept = kept[:-1]
    return kept.rstrip(" ,;:—–-.") + "…"


def fitted(parts: Sequence[Part], more: Callable[[int], Line], room: int = ROWS) -> tuple[list[Line], list[Line]]:
    """Return the lines that fit, in their order, followed by `more(n)` if n were left out; and those left out."""
    kept, out = list(enumerate(parts)), list[tuple[int, Part]]()
    while any(weight for _, (weight, _) in kept) and rows(_lines(kept)) + (rows([more(len(out))]) if out else 0) > room:
        last = max(kept, key=lambda part: (part[1][0], part[0]))
        kept.remove(last)
        out.append(last)
    return [*_lines(kept), *([more(len(out))] if out else [])], _lines(sorted(out))


def _lines(parts: Iterable[tuple[int, Part]]) -> list[Line]:
    return [line for _, (_, line) in parts]


def _plain(line: Line) -> str:
    return line if isinstance(line, str) else "".join(run.text for run in line)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_on_hyphens=False)
