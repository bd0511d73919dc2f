"""A text as words that may be compared: what may differ without changing what is said is gone, nothing else is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

#: Characters of a text that are compared, and words of it.
LONGEST, MOST_WORDS = 20_000, 4_000
#: Trailing lines of the newsroom's own that are taken off, at most.
MOST_FURNITURE = 60
#: Words of the shortest sentence by which a text is found.
PHRASE = 4

_SPACE = " \u00a0\u202f\u2009\u2007"
#: Invisible characters; those that turn the order of what is read round are no such.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u0300\u0301\u061c\u115f\u1160\u180e\u200b-\u200f\u202a\u202c\u2060-\u2066\u2068\u2069\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef]"
)
#: Signs after which letters are read in another order than they stand.
_TURNING = "\u202b\u202d\u202e\u2067"
_BREAKS = str.maketrans(dict.fromkeys("\v\f\r\x85\u2028\u2029", "\n"))
#: The marks of the five statuses (bot/commands/cards.py), without variation selectors.
_STATUS = "✅⚠🔄❗💬"
_IN_LINK = r"[^\s<>«»“”\"]*[^\s<>«»“”\".,;:!?…)\]]"
_TOKEN = re.compile(
    rf"(?P<link>(?:https?://|www\.|t\.me/|telegram\.me/|invite\.viber\.com/){_IN_LINK}|(?<![\w.@/])@[a-z]\w{{3,31}})"
    rf"|(?P<number>(?<!\w)[-−–]?\d+(?:[{_SPACE}'’]\d{{3}}(?!\d)|[.,:/]\d+)*(?:[{_SPACE}]?[%‰])?)"
    r"|(?P<word>[^\W_]+(?:['’ʼ`´\-‑‐][^\W_]+)*)"
    r"|(?P<sign>[$€£¥₴₽₿+±×÷=<>°%‰§&])"
    r"|(?P<pause>\.{2,}|…)"
    rf"|(?P<mark>[?!]+|[«»“”„‟\"]|[.,]|[{_STATUS}{_TURNING}])",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}([,.])\d{3}(?:\1\d{3})*")
_QUOTES = dict.fromkeys('«»“”„‟"', '"')
_APOSTROPHES = re.compile("[’ʼ`´]")
_HYPHENS = re.compile("[‑‐]")
_CYRILLIC, _LATIN = re.compile("[\u0400-\u052f]"), re.compile("[a-z]")
_LATIN_ALIKE, _CYRILLIC_ALIKE = "aceopxyikmtbhjs", "асеорхуікмтвнјѕ"
_TO_CYRILLIC = str.maketrans(_LATIN_ALIKE + "αεικνορτυχ", _CYRILLIC_ALIKE + "аеікуортух")
_TO_LATIN = str.maketrans(_CYRILLIC_ALIKE + "αεικνορτυχ", _LATIN_ALIKE + "aeikvoptyx")
_GREEK = re.compile("[\u0370-\u03ff]")
_ENDS = re.compile(r"\n|[.!?…][^\w\s]*\s")


class Word(NamedTuple):
    """A word, number or sign. `key` is what is compared; `plain` is that with the letters that were typed.

    `start` and `end` count in the text that it is a word of.
    """

    key: str
    plain: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A text made comparable. `gaps` are the marks before the first word, between words, and after the last one.

    `links` are the addresses that stand in it. `whole`: nothing was cut off because it was too long.
    """

    text: str
    words: tuple[Word, ...]
    gaps: tuple[str, ...]
    links: tuple[str, ...] = ()
    whole: bool = True

    @property
    def keys(self) -> list[str]:
        return [word.key for word in self.words]

    def part(self, first: int, last: int) -> str:
        """Return the characters from word `first` up to and without word `last`."""
        words = self.words[max(first, 0) : last]
        return self.text[words[0].start : words[-1].end] if words else ""

    def between(self, at: int) -> str:
        """Return the characters before word `at` and after the one before it."""
        start = self.words[at - 1].end if at else 0
        return self.text[start : self.words[at].start if at < len(self.words) else len(self.text)]

    def sentences(self) -> list[tuple[int, int]]:
        """Return where each sentence or line begins and ends, in words."""
        inner = range(1, len(self.words))
        ends = [0, *(at for at in inner if _ENDS.search(self.between(at))), len(self.words)]
        return [(first, last) for first, last in pairwise(ends) if first < last]

    def phrases(self) -> list[list[str]]:
        """Return the keys of each sentence that is long enough to find a text by."""
        keys = self.keys
        return [keys[first:last] for first, last in self.sentences() if last - first >= PHRASE]

    def without_tail(self, lines: Iterable[Sequence[str]]) -> Text:
        """Return the text without the `lines` at its end, which are given by the keys of their words."""
        keys, tails = self.keys, [list(line) for line in lines if line]
        for _ in range(MOST_FURNITURE):
            size = next((len(tail) for tail in tails if keys[-len(tail) :] == tail), 0)
            if not size:
                break
            del keys[-size:]
        return replace(self, words=self.words[: len(keys)], gaps=self.gaps[: len(keys) + 1])

    def without_begun(self, lines: Iterable[Sequence[str]]) -> Text:
        """Return the text without the beginning of one of the `lines` at its end, as a text that is cut has it."""
        keys = self.keys
        sizes = (size for line in lines for size in range(len(line), 0, -1) if keys[-size:] == list(line[:size]))
        left = len(keys) - max(sizes, default=0)
        return replace(self, words=self.words[:left], gaps=self.gaps[: left + 1])


def read(text: str) -> Text:
    """Make a text comparable. Of a longer one than `LONGEST` the beginning."""
    shown = _HIDDEN.sub("", unicodedata.normalize("NFC", text[:LONGEST].translate(_BREAKS)))
    lowered = shown.casefold()
    is_cyrillic = len(_CYRILLIC.findall(lowered)) > len(_LATIN.findall(lowered))
    words: list[Word] = []
    gaps, links = [""], []
    for found in _TOKEN.finditer(shown):
        kind, said = found.lastgroup, found[0]
        if kind == "link":
            links.append(said)
        elif kind == "mark":
            gaps[-1] += _mark(said)
        elif kind != "pause":
            key, plain = _number(said) if kind == "number" else _word(said, is_cyrillic)
            words.append(Word(key, plain, found.start(), found.end()))
            gaps.append("")
    whole = len(text) <= LONGEST and len(words) <= MOST_WORDS
    return Text(shown, tuple(words[:MOST_WORDS]), tuple(gaps[: MOST_WORDS + 1]), tuple(links), whole)


def _mark(said: str) -> str:
    if said[0] in "?!":
        return "?" if "?" in said else "!"
    return _QUOTES.get(said, said)


def _number(said: str) -> tuple[str, str]:
    """Return a number as it is compared: without the signs that group its digits, with its own sign and percent."""
    bare = re.sub(f"[{_SPACE}'’]", "", said.replace("−", "-").replace("–", "-"))
    sign, core = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
    core, percent = (core[:-1], core[-1]) if core[-1] in "%‰" else (core, "")
    core = re.sub("[.,]", "", core) if _GROUPED.fullmatch(core) else core.replace(",", ".")
    return (key := sign + core + percent), key


@lru_cache(100_000)
def _word(said: str, is_cyrillic: bool) -> tuple[str, str]:
    plain = _HYPHENS.sub("-", _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", said).casefold()))
    return "-".join(_of_one_alphabet(part, is_cyrillic) for part in plain.split("-")), plain


def _of_one_alphabet(part: str, is_cyrillic: bool) -> str:
    """Return the word in the alphabet that most of its letters are of; one of look-alikes only in the text's."""
    cyrillic, latin = len(_CYRILLIC.findall(part)), len(_LATIN.findall(part))
    greek = len(_GREEK.findall(part))
    if (cyrillic and latin) or greek:
        to_cyrillic = cyrillic > latin or (cyrillic == latin and is_cyrillic)
        return part.translate(_TO_CYRILLIC if to_cyrillic else _TO_LATIN)
    if latin and is_cyrillic and set(part) <= set(_LATIN_ALIKE):
        return part.translate(_TO_CYRILLIC)
    if cyrillic and not is_cyrillic and set(part) <= set(_CYRILLIC_ALIKE):
        return part.translate(_TO_LATIN)
    return part


def reading_rules() -> dict[str, object]:
    """Return the rules by which `read` works."""
    patterns = {
        "token": _TOKEN,
        "hidden": _HIDDEN,
        "ends": _ENDS,
        "apostrophes": _APOSTROPHES,
        "hyphens": _HYPHENS,
        "cyrillic": _CYRILLIC,
        "latin": _LATIN,
        "greek": _GREEK,
        "breaks": re.compile("[\\v\\f\\r\\x85\\u2028\\u2029]"),
        "spaces": re.compile(f"[{_SPACE}'’]"),
    }
    alike = {"latin": _LATIN_ALIKE, "cyrillic": _CYRILLIC_ALIKE, "greek": "αεικνορτυχ"}
    return {
        "patterns": {name: _in_javascript(pattern.pattern) for name, pattern in patterns.items()},
        "alike": {**alike, "greek_as_cyrillic": "аеікуортух", "greek_as_latin": "aeikvoptyx"},
        "quotes": "".join(_QUOTES),
        "longest": LONGEST,
        "most_words": MOST_WORDS,
        "furniture": MOST_FURNITURE,
        "phrase": PHRASE,
    }


def _in_javascript(pattern: str) -> str:
    """Return a pattern of ours in JavaScript's spelling, with its flags `iu`."""
    letter = r"\p{L}\p{N}"
    for ours, theirs in (
        ("(?P<", "(?<"),
        (r"[^\W_]", f"[{letter}]"),
        (r"[\w", f"[{letter}_"),
        (r"[^\w", f"[^{letter}_"),
        (r"\w", f"[{letter}_]"),
        (r"\d", r"\p{Nd}"),
        (r"\"", '"'),
    ):
        pattern = pattern.replace(ours, theirs)
    return pattern
