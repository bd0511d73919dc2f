"""Writes an article's runs for Viber: links behind their words, struck text and code between Viber's marks. Pure.

Which marks take effect is in docs/platforms/viber.md#text-marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from bot.adapters.viber.keyboard import is_link
from bot.adapters.viber.marks import JOINER, URL, clean, guard
from bot.domain import Paragraph, Run
from bot.domain.clean import merge

STRUCK, CODE = "~", "```"

#: Characters that may directly follow an address: a space, and those that apps leave out of the link.
_AFTER_ADDRESS = " \n.,;:!?"
#: Signs that a mark may take in: it closes only before a space, and opens surely only after one.
_BEFORE = re.compile(r"(?:(?<=\s)|\A)[«“„\"'(\[]*\Z")
_BEHIND = re.compile(r"[.,;:!?…»”\"')\]]*(?=\s|\Z)")
#: Stands for a letter behind a mark that would close there.
_OTHER = "x"
_OPENS = re.compile(rf"(?<!\S)(~|```)(?=[^\s{JOINER}])")
_CLOSES = {mark: re.compile(rf"(?<=[^\s{JOINER}]){mark}(?!\S)") for mark in (STRUCK, CODE)}
_MARKED = re.compile(rf"(?<!\S)(~|```)(?=[^\s{JOINER}])(.*?)(?<=[^\s{JOINER}])\1(?!\S)")


@dataclass(frozen=True, slots=True)
class Written:
    """A guarded paragraph. `unmarked` are the stretches whose formatting has no form there."""

    text: str
    unmarked: tuple[str, ...] = ()


def written(runs: Paragraph) -> Written:
    """A mark takes in the signs beside it, and is left out where it would not take effect."""
    looks = merge(Run(run.text, link=run.link, struck=run.struck, code=run.code and not run.struck) for run in runs)
    pieces = linked(looks)
    text, unmarked = "", [run.text for run in runs if run.spoiler or run.quote or run.underline]
    for place, run in enumerate(looks):
        mark = STRUCK if run.struck else CODE if run.code else ""
        piece = pieces[place]
        if not mark or not piece.strip():
            text += guard(piece)
        elif framed := None if run.link else _framed(text, piece, _rest(looks, pieces, place)):
            before, behind = framed
            text = text.removesuffix(before) + _wrapped(f"{before}{piece}{behind}", mark)
            _take(pieces, place + 1, len(behind))
        else:
            unmarked.append(run.text)
            text += guard(piece)
    return Written(text.strip(), tuple(unmarked))


def _rest(looks: Sequence[Run], pieces: Sequence[str], place: int) -> str:
    """The text behind a run up to the next one with a mark of its own, whose first sign is not to be taken in."""
    rest = ""
    for run, piece in zip(looks[place + 1 :], pieces[place + 1 :], strict=False):
        if (run.struck or run.code) and piece:
            return rest + (" " if piece[0].isspace() else _OTHER)
        rest += piece
    return rest


def _framed(text: str, piece: str, rest: str) -> tuple[str, str] | None:
    """The signs right before and behind the piece; None if a mark around all of it would not take effect.

    That is so within a word, and where an address or a sign of the piece's own would stand at the mark.
    """
    before = "" if piece[0].isspace() else _signs(_BEFORE.search(text))
    behind = "" if piece[-1].isspace() else _signs(_BEHIND.match(rest))
    if before is None or behind is None:
        return None
    inner = guard(f"{before}{piece}{behind}").strip()
    return None if URL.search(inner) or JOINER in (inner[0], inner[-1]) else (before, behind)


def _signs(found: re.Match[str] | None) -> str | None:
    return None if found is None else found[0]


def _wrapped(piece: str, mark: str) -> str:
    """The piece between marks, within its own spaces."""
    text = guard(piece)
    inner = text.strip()
    return text.replace(inner, f"{mark}{inner}{mark}", 1)


def _take(pieces: list[str], place: int, length: int) -> None:
    """Take `length` characters out of the pieces from `place` on: they stand before already."""
    while length:
        taken = min(length, len(pieces[place]))
        pieces[place] = pieces[place][taken:]
        length, place = length - taken, place + 1


def without_marks(text: str) -> str:
    """The text without marks of ours: those that it holds itself stand between joiners."""
    return _MARKED.sub(r"\2", text)


def closed(text: str) -> str:
    """A text that was cut between words, with the mark that is still open closed."""
    line, at = text[text.rfind("\n") + 1 :], 0
    while opened := _OPENS.search(line, at):
        close = _CLOSES[opened[1]].search(line, opened.end())
        if close is None:
            return text + opened[1]
        at = close.end()
    return text


def linked(runs: Sequence[Run]) -> list[str]:
    """The text to show for each of `runs`. Viber has no links under words, so the address follows the words.

    Neighbours with the same link are one link in several looks; its address follows the last of them.
    """
    pieces: list[str] = []
    after_address = False
    for link, same in groupby(runs, key=lambda run: run.link):
        texts = [clean(run.text) for run in same]
        text = "".join(texts)
        if after_address and text and text[0] not in _AFTER_ADDRESS:
            texts[0] = f" {texts[0]}"
        named = is_link(link) and text.strip() != link
        if named:
            texts = _without_last_spaces(texts)
            texts[-1] += f": {link}" if text.strip() else link
        pieces += texts
        after_address = named or (after_address and not text)
    return pieces


def _without_last_spaces(texts: list[str]) -> list[str]:
    """The texts without white space at the end of them all, which may be spread over several; none is dropped."""
    shown = len("".join(texts).rstrip())
    starts = accumulate(map(len, texts), initial=0)
    return [text[: max(shown - start, 0)] for text, start in zip(texts, starts, strict=False)]
