"""Cuts text to a platform's limit without breaking words, and tells web addresses from other text. Pure.

All lengths are code points.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from bot.domain import Paragraph, Run, plain
from bot.domain.clean import merge

ELLIPSIS = "…"

#: Longest link, in characters: some apps refuse longer addresses, and no article has one.
LONGEST_LINK = 2048

#: A link's host. Both platforms ask for a dot in it.
_HOST = re.compile(r"[^\W_]([\w-]*[^\W_])?(\.[^\W_]([\w-]*[^\W_])?)+")
#: Characters at which the platforms end a link or refuse it.
_NOT_IN_A_LINK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff<>\"\\^`{|}]")


def is_web_link(link: str) -> bool:
    """True if both platforms take it as an http(s) address: a host with a dot, no user name, no odd characters."""
    if not link or len(link) > LONGEST_LINK or _NOT_IN_A_LINK.search(link):
        return False
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        return False
    named = "@" not in parts.netloc and _HOST.fullmatch(parts.hostname or "") is not None
    return parts.scheme in ("http", "https") and named and port != 0


def part(runs: Iterable[Run], start: int, end: int) -> Paragraph:
    """The characters from `start` to `end` with their formatting."""
    taken, at = [], 0
    for run in runs:
        piece = run.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            taken.append(replace(run, text=piece))
        at += len(run.text)
    return tuple(taken)


def stripped(runs: Sequence[Run]) -> Paragraph:
    """The runs without white space at both ends."""
    text = plain(runs)
    return part(runs, len(text) - len(text.lstrip()), len(text.rstrip()))


def cut(text: str, limit: int) -> str:
    """At most `limit` characters of `text`, cut between words and ended by "…" if anything is missing.

    A single word that is longer than the limit is broken: something must be shown.
    """
    return plain(cut_runs((Run(text),), limit, hard=True))


def cut_runs(runs: Sequence[Run], limit: int, *, hard: bool = False) -> Paragraph:
    """As `cut`, but breaks a word or a link only if `hard`; otherwise empty if not even one word fits."""
    text = plain(runs)
    if len(text) <= limit:
        return tuple(runs)
    if limit < 1:
        return ()
    end = _last_boundary(runs, text, limit - 1)
    if not end and hard:
        end = whole_letters(text, limit - 1)
    if not end and not hard:
        return ()
    shown = stripped(part(runs, 0, end))
    return merge((*shown, _ellipsis_after(shown)))


def fit(paragraphs: Sequence[Paragraph], limit: int, *, gap: int = 2) -> tuple[tuple[Paragraph, ...], bool]:
    """The paragraphs that fit with `gap` characters between them, and whether those are all.

    The last one shown may be cut between words; "…" always marks that something is missing.
    """
    if sum(len(plain(p)) for p in paragraphs) + gap * max(len(paragraphs) - 1, 0) <= limit:
        return tuple(paragraphs), True
    kept: list[Paragraph] = []
    room = limit
    for paragraph in paragraphs:
        start = gap if kept else 0
        if start + len(plain(paragraph)) + len(f" {ELLIPSIS}") > room:
            return _ended(kept, cut_shorter(paragraph, room - start)), False
        kept.append(paragraph)
        room -= start + len(plain(paragraph))
    return _ended(kept, ()), False


def cut_shorter(runs: Sequence[Run], limit: int) -> Paragraph:
    """As `cut_runs`, but more text was left out after `runs`: "…" is added even if they fit."""
    length = len(plain(runs))
    if length + 2 <= limit:
        return (*runs, Run(f" {ELLIPSIS}"))
    return cut_runs(runs, min(limit, length - 1))


def split(runs: Sequence[Run], limit: int) -> list[Paragraph]:
    """The whole text in parts of at most `limit` characters, broken at a line's end or else between words."""
    rest, parts = stripped(runs), []
    while len(plain(rest)) > limit:
        end = _break(rest, plain(rest), limit)
        parts.append(stripped(part(rest, 0, end)))
        rest = stripped(part(rest, end, len(plain(rest))))
    if rest:
        parts.append(rest)
    return parts


def whole_letters(text: str, end: int) -> int:
    """The last place up to `end` where a cut separates no accent, joiner or variation selector from its letter."""
    while 0 < end < len(text) and (_joins(text[end]) or text[end - 1] == "\u200d"):
        end -= 1
    return end


def _joins(letter: str) -> bool:
    return unicodedata.combining(letter) != 0 or letter == "\u200d" or unicodedata.category(letter) in ("Mn", "Me")


def _last_boundary(runs: Sequence[Run], text: str, end: int) -> int:
    """The last place up to `end` that lies between two words and outside of links; 0 if there is none."""
    links = _links(runs)
    for at in range(min(end, len(text) - 1), 0, -1):
        between_words = text[at].isspace() or text[at - 1].isspace()
        if between_words and text[:at].strip() and not any(start < at < stop for start, stop in links):
            return at
    return 0


def _break(runs: Sequence[Run], text: str, limit: int) -> int:
    line = text.rfind("\n", 0, limit + 1)
    # A line's end in the first half would leave a nearly empty message behind.
    if line > limit // 2:
        return line
    return _last_boundary(runs, text, limit) or whole_letters(text, limit) or limit


def _links(runs: Iterable[Run]) -> list[tuple[int, int]]:
    spans, at = [], 0
    for run in runs:
        if run.link:
            spans.append((at, at + len(run.text)))
        at += len(run.text)
    return spans


def _ellipsis_after(shown: Sequence[Run]) -> Run:
    """An ellipsis formatted like the last run shown, but outside of its link."""
    return replace(shown[-1], text=ELLIPSIS, link="") if shown else Run(ELLIPSIS)


def _ended(kept: list[Paragraph], last: Paragraph) -> tuple[Paragraph, ...]:
    if last:
        return (*kept, last)
    if kept:
        return (*kept[:-1], (*kept[-1], Run(f" {ELLIPSIS}")))
    return ((Run(ELLIPSIS),),)
