"""Sentences by a hash of their words, by which a text is looked for without telling it to anybody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bot.domain.genuine import Text

#: Hexadecimal digits of a hash.
DIGITS = 16


def hashes_in(text: Text) -> list[str]:
    """Return the hashes of a text's sentences, each once."""
    return list(dict.fromkeys(map(hash_of, text.phrases())))


def hash_of(words: Iterable[str]) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:DIGITS]
