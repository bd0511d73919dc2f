"""Keeps an article's own characters from acting as Viber's marks, codes or placeholders.

Viber has no escape character. A mark closes only before a space or the end of the text, and opens only before
something that is not a space (docs/platforms/viber.md#text-marks). An invisible WORD JOINER on both sides therefore
disarms a mark whatever an app takes the joiner for: if for a letter, the mark can't close; if for a space, it can't
open either. A mark between two letters can never close and stays bare, so that names@and_tags can still be copied.

An address must contain nothing invisible, or the link would break. In it only the last character can close a mark; it
is written in its percent form, which opens the same page.
"""

from __future__ import annotations

import re

#: U+2060 WORD JOINER, which has no width and no meaning and allows no line break.
JOINER = "\u2060"

#: An address as Viber links it, up to the next space.
URL = re.compile(r"https?://\S+", re.IGNORECASE)

_ARMED_MARK = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_BACKTICKS = re.compile(r"`(?=`)")
_EMOTICON = re.compile(r"\((?=[A-Za-z][A-Za-z0-9_]*\))")
_PLACEHOLDER = re.compile(r"(replace)_(?=me_with_)", re.IGNORECASE)
_LAST_MARKS = re.compile(r"[*_~]+$")
#: Control characters, which nobody sees, lone surrogates, which UTF-8 lacks, and joiners, which only we put in.
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2060\ud800-\udfff]")


def clean(text: str) -> str:
    """`text` without characters that can't be sent or seen, and with plain line breaks."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def guard(text: str) -> str:
    """Cleaned `text`, written so that a Viber message shows exactly its characters."""
    parts: list[str] = []
    end = 0
    for match in URL.finditer(text):
        parts += [_guard_words(text[end : match.start()]), guard_url(match[0])]
        end = match.end()
    parts.append(_guard_words(text[end:]))
    return "".join(parts)


def guard_url(url: str) -> str:
    """The address, written so that no mark closes in it and no placeholder is recognised."""
    url = unplaced_url(url).replace("``", "`%60")
    return _LAST_MARKS.sub(lambda marks: "".join(f"%{ord(mark):02X}" for mark in marks[0]), url)


def unplaced(text: str) -> str:
    """`text` with Viber's per-receiver placeholders invisibly broken, for places without marks."""
    return _PLACEHOLDER.sub(rf"\1{JOINER}_", text)


def unplaced_url(url: str) -> str:
    """The address, written so that no placeholder is recognised, for places without marks."""
    return _PLACEHOLDER.sub(r"\1%5F", url)


def bare(text: str) -> str:
    """Guarded text as a reader sees it."""
    return text.replace(JOINER, "")


def _guard_words(text: str) -> str:
    text = _ARMED_MARK.sub(rf"{JOINER}\g<0>{JOINER}", unplaced(text))
    text = _BACKTICKS.sub(rf"`{JOINER}", text)
    text = _EMOTICON.sub(rf"({JOINER}", text)
    return re.sub(f"{JOINER}+", JOINER, text)
