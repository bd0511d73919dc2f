"""Codes by which people open a version of ours: Crockford's base 32 of a number, and a letter that checks it.

A code stands for an entry of the record, or for an article: that is known before anybody approves it, and so stands
under its posts. A code is a door, not a proof: anybody can copy it under another text.
"""

from __future__ import annotations

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters that people read for another one.
_MISREAD = str.maketrans("OILU", "011V", "- ")
#: Digits before the checking one, at least and at most.
LEAST, MOST = 5, 7
#: The first digit of an article's code: an entry's begins with it only if it has the fewest digits that there are.
ARTICLE = "0"


def code_of(index: int) -> str:
    """Return the code of an entry. Raises `ValueError` for an index that no code of seven digits has."""
    return _checked(_digits(index))


def article_code(number: int) -> str:
    """Return the code of an article. Raises `ValueError` for a number that no code of seven digits has."""
    return _checked(ARTICLE + _digits(number))


def index_of(code: str) -> int | None:
    """Return the index of a code as somebody typed it; None if it is no entry's, or a letter of it is wrong."""
    digits = _read(code)
    return _number(digits) if digits and not _is_article(digits) else None


def article_of(code: str) -> int | None:
    """Return the article of a code as somebody typed it; None if it is no article's, or a letter of it is wrong."""
    digits = _read(code)
    return _number(digits) or None if _is_article(digits) else None


def _is_article(digits: str) -> bool:
    return len(digits) > LEAST and digits.startswith(ARTICLE)


def _digits(number: int) -> str:
    digits, rest = "", number
    while rest or len(digits) < LEAST:
        rest, digit = divmod(rest, 32)
        digits = LETTERS[digit] + digits
    return digits


def _checked(digits: str) -> str:
    if len(digits) > MOST:
        raise ValueError(f"no code has the digits {digits}")
    return digits + _check(digits)


def _read(code: str) -> str:
    """Return the digits of a code; none if it is no code."""
    text = code.strip().upper().translate(_MISREAD)
    digits, check = text[:-1], text[-1:]
    is_code = LEAST <= len(digits) <= MOST and set(text) <= set(LETTERS) and _check(digits) == check
    return digits if is_code else ""


def _number(digits: str) -> int:
    number = 0
    for letter in digits:
        number = number * 32 + LETTERS.index(letter)
    return number


def _check(digits: str) -> str:
    """Return the letter that finds each wrong letter, and each swap of neighbours: their weights differ."""
    # 31 is a prime: a wrong letter of another value is always found, but for 0 and Z, which nobody mistakes.
    return LETTERS[sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(digits)) % 31]
