"""Text as tokens that can be compared: what may differ without changing what is said is gone, and nothing else.

The rules are one table, which the verification page reads as JSON: both must see the same tokens in the same text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

#: Everything by which Python and JavaScript read alike. `{word}` stands for a letter or digit of any script.
RULES: dict[str, str] = {
    # Soft hyphens, joiners, directions, variation selectors, tags, and the stress over a vowel.
    "hidden": "\u00ad\u0301\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e007f\U000e0100-\U000e01ef",
    "spaces": " \u00a0\u2007\u2009\u202f",
    "apostrophes": "'’ʼ`´",
    "quotes": '«»“”„"',
    "dashes": "\u2010\u2011",
    "latin": "a-z",
    "cyrillic": "а-яіїєґўё",
    # Letters that look alike, in the same places of both.
    "as_latin": "aceopxyikmtbh",
    "as_cyrillic": "асеорхуікмтвн",
    "link": r"https?://\S+|(?:t\.me|invite\.viber\.com)/\S+",
    "number": r"(?<!{word})[-−–]?\d+(?:[{spaces}'’]\d{{3}}(?!\d)|[.,:/]\d+)*(?:[{spaces}]?[%‰])?",
    "word": r"{word}+(?:['’ʼ`´\-\u2010\u2011]{word}+)*",
    # What says how far something is checked stands before the words; it is compared as ? and ! are.
    "mark": r"[?!]+|[{quotes}]|✅|⚠|🔄|❌|💬|⛔|❗",
    "stop": r"[.,…]",
}


class Kind(StrEnum):
    LINK = "link"
    NUMBER = "number"
    WORD = "word"
    MARK = "mark"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text. `key` is what is compared; `plain` the word before letters of another script were put right.

    `start` and `end` count in the text that `visible` returns.
    """

    kind: Kind
    key: str
    start: int
    end: int
    plain: str = ""

    @property
    def has_foreign_letters(self) -> bool:
        """True for a word that was typed with letters that only look like its own."""
        return self.kind is Kind.WORD and self.key != self.plain


def visible(text: str) -> str:
    """Return the text composed (NFC) and without the characters that nobody sees."""
    return re.sub(f"[{RULES['hidden']}]", "", unicodedata.normalize("NFC", text))


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text in their order; links are among them and stand for no words."""
    seen = visible(text)
    is_cyrillic = _count("cyrillic", seen.lower()) > _count("latin", seen.lower())
    return [_token(Kind(found.lastgroup or ""), found, is_cyrillic) for found in _pattern().finditer(seen)]


def words(found: list[Token]) -> list[str]:
    """Return the keys of words and numbers."""
    return [token.key for token in found if token.kind in (Kind.WORD, Kind.NUMBER)]


def sentences(text: str) -> list[list[str]]:
    """Return the words of each line and sentence that has at least four."""
    parts = re.split(r"\n+|(?<=[.!?…])\s+", text)
    return [found for part in parts if len(found := words(tokens(part))) >= 4]


@lru_cache(1)
def _pattern() -> re.Pattern[str]:
    parts = (f"(?P<{kind}>{expression(kind)})" for kind in Kind)
    return re.compile("|".join(parts))


def expression(kind: Kind, word: str = r"[^\W_]") -> str:
    """Return the regular expression of a kind, with `word` for a letter or digit of any script."""
    if kind is Kind.LINK:
        return RULES[kind]
    return RULES[kind].format(word=word, spaces=RULES["spaces"], quotes=RULES["quotes"])


def _token(kind: Kind, found: re.Match[str], is_cyrillic: bool) -> Token:
    text = found.group()
    if kind is Kind.WORD:
        key, plain = _word(text, is_cyrillic)
    else:
        key = plain = _KEYS[kind](text)
    return Token(kind, key, found.start(), found.end(), plain)


def number(text: str) -> str:
    """Return a number as it is compared: sign, decimals and percent stay, the way of grouping goes."""
    text = re.sub("[−–]", "-", text)
    text = re.sub(f"[{RULES['spaces']}'’]", "", text)
    core = text.lstrip("-").rstrip("%‰")
    grouped = re.fullmatch(r"\d{1,3}([,.])\d{3}(?:\1\d{3})*", core)
    core = re.sub("[.,]", "", core) if grouped else core.replace(",", ".")
    return ("-" if text.startswith("-") else "") + core + (text[-1] if text[-1] in "%‰" else "")


def _mark(text: str) -> str:
    return '"' if text in RULES["quotes"] else text[0]


def _same(text: str) -> str:
    return text


_KEYS = {Kind.NUMBER: number, Kind.MARK: _mark, Kind.STOP: _same, Kind.LINK: _same}


@lru_cache(50_000)
def _word(text: str, is_cyrillic: bool) -> tuple[str, str]:
    """Return a word in one script, the one that it or else the text is mostly written in; and as it was typed."""
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(f"[{RULES['apostrophes']}]", "'", plain)
    plain = re.sub(f"[{RULES['dashes']}]", "-", plain)
    cyrillic, latin = _count("cyrillic", plain), _count("latin", plain)
    if cyrillic and latin and "-" not in plain:
        return _in_script(plain, cyrillic > latin or (cyrillic == latin and is_cyrillic)), plain
    if latin and is_cyrillic and set(plain) <= set(RULES["as_latin"]):
        return _in_script(plain, True), plain
    if cyrillic and not is_cyrillic and set(plain) <= set(RULES["as_cyrillic"]):
        return _in_script(plain, False), plain
    return plain, plain


def _in_script(word: str, cyrillic: bool) -> str:
    pair = (RULES["as_latin"], RULES["as_cyrillic"])
    return word.translate(str.maketrans(*(pair if cyrillic else pair[::-1])))


def _count(script: str, text: str) -> int:
    return len(re.findall(f"[{RULES[script]}]", text))
