"""A code by which people open a version of ours: Crockford's base 32 of the entry's index, and a letter that checks it.

A code is a door, not a proof: anybody can copy it under another text.
"""

from __future__ import annotations

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Letters that people read for another one.
_MISREAD = str.maketrans("OILU", "011V", "- ")
#: Digits before the checking one, at least and at most.
LEAST, MOST = 5, 7


def code_of(index: int) -> str:
    """Return the code of an entry. Raises `ValueError` for an index that no code of seven digits has."""
    digits = ""
    rest = index
    while rest or len(digits) < LEAST:
        rest, digit = divmod(rest, 32)
        digits = LETTERS[digit] + digits
    if len(digits) > MOST:
        raise ValueError(f"no code for {index}")
    return digits + _check(digits)


def index_of(code: str) -> int | None:
    """Return the index of a code as somebody typed it; None if it is none, or a letter of it is wrong."""
    text = code.strip().upper().translate(_MISREAD)
    digits, check = text[:-1], text[-1:]
    if not LEAST <= len(digits) <= MOST or not set(text) <= set(LETTERS) or _check(digits) != check:
        return None
    index = 0
    for letter in digits:
        index = index * 32 + LETTERS.index(letter)
    return index


def _check(digits: str) -> str:
    """Return the letter that finds each wrong letter, and each swap of neighbours: their weights differ."""
    # 31 is a prime: a wrong letter of another value is always found, but for 0 and Z, which nobody mistakes.
    return LETTERS[sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(digits)) % 31]
