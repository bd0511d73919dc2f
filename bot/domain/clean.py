"""Makes pasted text safe: removes what nobody sees and what Telegram would change without telling us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from operator import attrgetter

from bot.domain.article import Run

#: Characters that break a line: vertical tab (Word's soft break), form feed, CR, NEL and Unicode's two separators.
_BREAKS = "\v\f\r\x85\u2028\u2029"
#: Spaces that hold a line together; figure space and narrow no-break space become NBSP.
_NO_BREAK = "\u00a0\u2007\u202f"
#: Invisible characters that are neither control nor format characters: the grapheme joiner and Hangul fillers.
_BLANK = "\u034f\u115f\u1160\u3164\uffa0"
#: Combining marks that Telegram removes (docs/platforms/telegram.md#cleaning); в̊ loses its ring, å keeps its own.
_LINES = "\u030a\u0333\u033f"
#: Characters of the name of a person or chat that are shown; apps let people type 64 for each of two names.
NAME_LIMIT = 128
_JOINERS = "\u200c\u200d"
#: A flag such as England's: a black flag, three to six tag characters and an end mark.
_TAG_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007e]{3,6}\U000e007f")
#: A word, with stress marks and digits; it ends at hyphens and apostrophes (also U+02BC).
_WORD = re.compile("(?:[^\\W\\d_\u02bc]|[0-9\u0300-\u036f])+")
_ADDRESS_SIGNS = ("://", "@", "www.")
#: All of a run but its text.
_LOOK = attrgetter(*(field.name for field in fields(Run) if field.name != "text"))
#: More signs in a row than a language stacks on one letter.
_STACKED = re.compile(r"[^\w\s]{32,}")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Cleaned text. `removed` counts the invisible characters taken out, not replaced spaces and line breaks."""

    runs: tuple[Run, ...]
    removed: int = 0


def clean(runs: Sequence[Run]) -> Cleaned:
    """The visible text of `runs`, composed (NFC), with `\\n` as its only control character.

    Cleaning it again changes nothing. Telegram stores the result as it is, apart from outer white space.
    """
    known, removed = tuple(runs), 0
    while True:
        settled, dropped = _pass(known)
        removed += dropped
        if settled == known:
            return Cleaned(settled, removed)
        known = settled


def merge(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The runs with neighbours of one formatting joined, without empty ones."""
    filled = (run for run in runs if run.text)
    return tuple(_joined(list(same)) for _, same in groupby(filled, key=_LOOK))


def _joined(same: Sequence[Run]) -> Run:
    return same[0] if len(same) == 1 else replace(same[0], text="".join(run.text for run in same))


def mixed_words(text: str) -> tuple[str, ...]:
    """The words that mix Latin and Cyrillic letters, each once: a slip in typing, or a forger's look-alike.

    `IT-компанія` and `Facebook'у` are fine, since hyphens and apostrophes end a word. Web addresses are skipped.
    """
    tokens = (token for token in text.split() if not any(sign in token for sign in _ADDRESS_SIGNS))
    words = dict.fromkeys(_WORD.findall(" ".join(tokens)))
    scripts = {char: script(char) for char in set(text)}
    return tuple(word for word in words if {"LATIN", "CYRILLIC"} <= {scripts[char] for char in word})


def one_line(name: str) -> str:
    """The name of a person or chat on one line, without controls and marks of direction, in `NAME_LIMIT` characters."""
    kept = (" " if char.isspace() else char for char in name if char.isspace() or _is_seen(char))
    return " ".join("".join(kept).split())[:NAME_LIMIT].rstrip()


def _is_seen(char: str) -> bool:
    return char not in _BLANK and unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def script(char: str) -> str:
    """The first word of a letter's Unicode name, such as `LATIN` or `CYRILLIC`; empty for other characters."""
    return unicodedata.name(char, "").split(" ")[0] if char.isalpha() else ""


def _pass(runs: Sequence[Run]) -> tuple[tuple[Run, ...], int]:
    """One round of cleaning. A dropped character may bring two others together, so there may be several rounds."""
    composed = _composed(merge(runs))
    text = "".join(run.text for run in composed)
    kept = _kept(text)
    become = {char: _replaced(char) for char in set(text)}
    result, start = [], 0
    for run in composed:
        end = start + len(run.text)
        chars = (become[text[at]] for at in range(start, end) if kept[at])
        result.append(replace(run, text="".join(chars)))
        start = end
    return merge(result), kept.count(False) - text.count("\r\n")


def _composed(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The runs in NFC. A mark at the start of a run joins the letter before it, so that bold can't split й."""
    result: list[tuple[Run, list[str]]] = []
    for run in runs:
        text = run.text
        marks = len(text) - len(_lstrip_marks(text)) if result else 0
        if marks:
            result[-1][1].append(text[:marks])
        if marks < len(text):
            result.append((run, [text[marks:]]))
    return merge(replace(run, text=_normal("".join(texts))) for run, texts in result)


def _normal(text: str) -> str:
    """The text in NFC. Marks that are stacked by the hundred are put in order before: Python would take the square."""
    return unicodedata.normalize("NFC", _STACKED.sub(lambda found: _in_order(found[0]), text))


def _in_order(signs: str) -> str:
    """The signs with the marks of each letter in Unicode's order, which is how they are normalised."""
    groups = groupby(signs, key=lambda sign: unicodedata.combining(sign) > 0)
    return "".join(
        "".join(sorted(same, key=unicodedata.combining) if are_marks else same) for are_marks, same in groups
    )


def _lstrip_marks(text: str) -> str:
    at = 0
    while at < len(text) and unicodedata.combining(text[at]):
        at += 1
    return text[at:]


def _replaced(char: str) -> str:
    if char in _BREAKS:
        return "\n"
    if char in _NO_BREAK:
        return "\u00a0"
    if char == "\t" or char == "\u2800" or unicodedata.category(char) == "Zs":
        return " "
    return char


def _kept(text: str) -> list[bool]:
    flags = {at for found in _TAG_FLAG.finditer(text) for at in range(*found.span())}
    # Most characters stay or go wherever they stand: of those each is looked at once.
    anywhere = {char: _stays_anywhere(char) for char in set(text) if not _depends(char)}
    return [at in flags or (anywhere[char] if char in anywhere else _stays(text, at)) for at, char in enumerate(text)]


def _depends(char: str) -> bool:
    """True if its neighbours decide whether a character stays."""
    return char == "\r" or char in _JOINERS or _is_selector(char)


def _stays_anywhere(char: str) -> bool:
    if char in _BREAKS or char in "\n\t":
        return True
    return char not in _BLANK and char not in _LINES and unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def _stays(text: str, at: int) -> bool:
    char = text[at]
    if char == "\r":
        return text[at + 1 : at + 2] != "\n"
    if char in _JOINERS:
        return _joins(text[at - 1 : at], text[at + 1 : at + 2])
    return _selects(text[at - 1 : at], char)


def _joins(before: str, after: str) -> bool:
    """True if a joiner belongs to an emoji (👨‍👩‍👧) or to a script without capitals (Persian, Hindi)."""
    if not before or not after:
        return False
    left, right = unicodedata.category(before), unicodedata.category(after)
    in_emoji = (left in {"So", "Sk"} or before == "\ufe0f") and right in {"So", "Sm"}
    return in_emoji or (left in {"Lo", "Mn", "Mc"} and not _is_selector(before) and right == "Lo")


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _selects(before: str, char: str) -> bool:
    """True if a variation selector varies something: a sign, a digit or an ideograph, and only one each."""
    if not before:
        return False
    category = unicodedata.category(before)
    if char > "\ufe0f":
        return category == "Lo"
    return category[0] in "SPN" or category == "Lo" or before == "\u2139"
