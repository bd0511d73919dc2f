"""A text as a person reads it: without marks, invisible signs and look-alike letters that a rule would stumble over.

Nothing of it is ever shown to readers; they see what was typed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Latin letters and digits that look like Cyrillic ones, and the Cyrillic ones.
_LATIN = "aAcCeEiIoOpPxXyYBHKkMmTtïÏëËjJsS03αΑΒεΕιΙκΚνοΟρΡτΤχΧυΥΗΜ"
_CYRILLIC = "аАсСеЕіІоОрРхХуУВНКкМмТтїЇёЁјЈѕЅозаАВеЕіІкКвоОрРтТхХуУНМ"
_TO_CYRILLIC = dict(zip(map(ord, _LATIN), _CYRILLIC, strict=True))
#: The other way round; of several Latin letters for one the first.
_TO_LATIN = {
    **dict(zip(map(ord, "аАсСеЕіІоОрРхХуУВНКкМмТтјЈѕЅ"), "aAcCeEiIoOpPxXyYBHKkMmTtjJsS", strict=True)),
    **dict(zip(map(ord, "αΑΒεΕιΙκΚνοΟρΡτΤχΧυΥΗΜ"), "aABeEiIkKvoOpPtTxXyYHM", strict=True)),
}
_LETTERS = {"latin": "A-Za-z\u00c0-\u024f", "cyrillic": "\u0400-\u052f", "greek": "\u0370-\u03ff"}
_IS_CYRILLIC = re.compile(f"[{_LETTERS['cyrillic']}]")
_IS_LATIN = re.compile(f"[{_LETTERS['latin']}]")
_WORD = re.compile(f"[{''.join(_LETTERS.values())}03]+")
#: Two letters of different alphabets side by side, or a digit between letters: the sign of a look-alike.
_BESIDE = re.compile(
    "|".join(f"[{one}][{other}]" for one in _LETTERS.values() for other in _LETTERS.values() if one != other)
    + f"|[{_LETTERS['cyrillic']}][03]+[{_LETTERS['cyrillic']}]"
)
_APOSTROPHES = re.compile("[\u2019\u02bc`\u00b4\u2018\u02bb\u2032]")
_HYPHENS = re.compile("[\u2010\u2011\u00ac]")
#: A word that goes on after a hyphen at a line's end; joined lines have a space there.
_BROKEN = re.compile(r"(?<=[^\W\d_])-[-\s]*(?<=\s)(?=[^\W\d_])")
#: Signs by which people and apps mark words; Telegram's and Viber's apps, Markdown.
_MARKS = re.compile(r"[*_~`|]+(?=[^\W_])|(?<=[^\W_])[*_~|]+|```")
_INNER_MARK = re.compile(r"(?<=[^\W_])[*_~|]+(?=[^\W_])")
#: Categories of characters without a width of their own: controls, format characters, accents.
_UNSEEN = frozenset({"Cf", "Mn", "Me", "Cs", "Co", "Cn"})
#: Combining marks that are part of a letter: those of й and ї.
_PART_OF_LETTER = frozenset("\u0306\u0308")


def readings(text: str) -> tuple[str, ...]:
    """The ways in which a person may read `text`: a hyphen or a mark within a word may part it or not."""
    seen = _visible(text)
    apart = _legible(_INNER_MARK.sub(" ", seen))
    joined = _legible(seen)
    ways = (joined, apart, _BROKEN.sub("", joined), _BROKEN.sub("", apart))
    return tuple(dict.fromkeys(ways))


def looks_latin(word: str) -> bool:
    """True if all letters of the word look like Latin ones, though at least one is not."""
    letters = [char for char in word if char.isalpha()]
    return any(not char.isascii() for char in letters) and all(
        char.isascii() or ord(char) in _TO_LATIN or char in "ӏԁԛԝһ" for char in letters
    )


def legible(text: str) -> str:
    """The text without marks, stress and invisible signs, each word in the letters of one alphabet."""
    return _legible(_visible(text))


@lru_cache(maxsize=512)
def _visible(text: str) -> str:
    if text.isascii():
        return text
    normal = unicodedata.normalize("NFKD", text)
    # A text has a few dozen different characters, and their categories are all that is asked.
    unseen = {char for char in set(normal) - _PART_OF_LETTER if unicodedata.category(char) in _UNSEEN}
    kept = "".join(char for char in normal if char not in unseen) if unseen else normal
    return unicodedata.normalize("NFC", kept)


@lru_cache(maxsize=512)
def _legible(text: str) -> str:
    text = _HYPHENS.sub("-", _MARKS.sub("", text))
    text = _APOSTROPHES.sub("'", text)
    return _WORD.sub(lambda word: _of_one_alphabet(word[0]), text) if _BESIDE.search(text) else text


def _of_one_alphabet(word: str) -> str:
    """The word in the alphabet that most of its letters are of; in doubt in that of the letters only one has."""
    cyrillic, latin = _IS_CYRILLIC.findall(word), _IS_LATIN.findall(word)
    if not _BESIDE.search(word):
        return word
    only_cyrillic = sum(ord(letter) not in _TO_LATIN for letter in cyrillic)
    only_latin = sum(ord(letter) not in _TO_CYRILLIC for letter in latin)
    if (len(cyrillic), only_cyrillic) >= (len(latin), only_latin):
        return word.translate(_TO_CYRILLIC)
    return word.translate(_TO_LATIN)
