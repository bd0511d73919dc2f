"""Splits a pasted text into lines and paragraphs, and joins the messages that an app split a text into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import merge

#: Length at which Telegram's apps split a message, in UTF-16 units or code points (docs/platforms/telegram.md#limits).
MESSAGE_LIMIT = 4096
SENTENCE_ENDS = tuple('.!?…»”"')
#: Least length of a line in a hard-wrapped text (mail, terminal); items of a list are mostly shorter.
_WRAPPED = 40


def join_parts(parts: Sequence[Sequence[Run]]) -> tuple[Run, ...]:
    """The text that a Telegram app split into these messages."""
    joined: list[Run] = []
    for before, part in pairwise([(), *parts]):
        joined += [Run(_seam(plain(before), plain(part))), *part]
    return merge(joined)


def without_prefix(runs: Sequence[Run], length: int) -> tuple[Run, ...]:
    """`runs` less their first `length` characters."""
    rest: list[Run] = []
    for run in runs:
        cut = min(length, len(run.text))
        length -= cut
        if cut < len(run.text):
            rest.append(replace(run, text=run.text[cut:]))
    return tuple(rest)


def _seam(before: str, after: str) -> str:
    """Return the white space lost between two parts: the app trims it, and cuts at the limit if there is none."""
    if not before or not after or before[-1].isspace() or after[0].isspace():
        return ""
    full = MESSAGE_LIMIT in {len(before), len(before.encode("utf-16-le", "surrogatepass")) // 2}
    if full and before[-1].isalnum() and after[0].isalnum():
        return ""
    return "\n\n" if before.endswith(SENTENCE_ENDS) else " "


def lines_of(runs: Iterable[Run]) -> list[Paragraph]:
    """The lines of `runs` without outer white space; an empty line is an empty tuple."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines.extend([replace(run, text=text)] if text else [] for text in others)
    return [stripped(line) for line in lines]


def stripped(line: Sequence[Run]) -> Paragraph:
    """The line without white space at both ends."""
    runs = merge(line)
    filled = [at for at, run in enumerate(runs) if not run.text.isspace()]
    if not filled:
        return ()
    first, *between = runs[filled[0] : filled[-1] + 1]
    kept = [_with_text(first, first.text.lstrip()), *between]
    kept[-1] = _with_text(kept[-1], kept[-1].text.rstrip())
    return tuple(kept)


def _with_text(run: Run, text: str) -> Run:
    return run if text == run.text else replace(run, text=text)


def blocks_of(lines: Iterable[Paragraph]) -> list[list[Paragraph]]:
    """The lines in blocks, which empty lines separate."""
    return [list(block) for filled, block in groupby(lines, key=bool) if filled]


def paragraphs_of(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs: separated by empty lines, or single lines of a block unless they are one wrapped paragraph."""
    blocks = blocks_of(lines)
    if len(blocks) == 1:
        return blocks[0]
    return [paragraph for block in blocks for paragraph in _unwrapped(block)]


def _unwrapped(block: list[Paragraph]) -> list[Paragraph]:
    paragraphs = [list(block[0])]
    for previous, line in pairwise(block):
        text = plain(previous)
        if len(text) >= _WRAPPED and not text.endswith((*SENTENCE_ENDS, ":", ";")) and plain(line)[0].islower():
            paragraphs[-1] += [_between(previous[-1], line[0]), *line]
        else:
            paragraphs.append(list(line))
    return [merge(paragraph) for paragraph in paragraphs]


def _between(before: Run, after: Run) -> Run:
    """The space between two lines of one paragraph: a quote, a link or struck text goes on over the line's end."""
    return replace(before, text=" ") if replace(before, text="") == replace(after, text="") else Run(" ")


def link_of(line: Paragraph) -> str:
    return next((run.link for run in line if run.link), "")
