"""Sentences by a hash of their words: so a text is looked for without anybody being told it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bot.domain.genuine import Text

#: Hexadecimal digits of a hash, and words of the shortest sentence that is looked for.
DIGITS, WORDS = 16, 4


def hashes_in(text: Text) -> list[str]:
    """Return the hashes of a text's sentences, each once."""
    keys = (text.keys[first:last] for first, last in text.sentences() if last - first >= WORDS)
    return list(dict.fromkeys(map(hash_of, keys)))


def hash_of(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:DIGITS]
