"""The fingerprints of a text by which it is found again: sentences, and runs of words.

Any six words in a row that two texts share give them one fingerprint in common; an unchanged sentence another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b

from bot.domain.genuine.tokens import Text

#: Words of a run, and neighbours of which one is kept.
RUN, WINDOW = 3, 4
#: Sentences and runs of a question that are looked up.
SENTENCES, RUNS = 60, 400
#: Articles with one fingerprint from which on it finds none of them: it is a signature's or a daily template's.
COMMON = 64


def _hash(text: str) -> int:
    """Return 64 bits of a text, with a sign, as a column holds them."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def _phrase(keys: Sequence[str]) -> int:
    return _hash("|" + " ".join(keys))


def link_gram(address: str) -> int:
    """Return the fingerprint of an address of ours, as it is compared."""
    return _hash("@" + address)


def _runs(keys: Sequence[str]) -> list[int]:
    return [_hash(" ".join(keys[at : at + RUN])) for at in range(max(1, len(keys) - RUN + 1))]


def _winnowed(hashes: Sequence[int]) -> set[int]:
    """Return the least of each few neighbours."""
    if len(hashes) <= WINDOW:
        return {min(hashes)} if hashes else set()
    return {min(hashes[at : at + WINDOW]) for at in range(len(hashes) - WINDOW + 1)}


def grams_of(texts: Iterable[Text], links: Iterable[str] = ()) -> frozenset[int]:
    """Return the fingerprints under which published texts, all of one article, are kept; `links` are its own."""
    found = {link_gram(link) for link in links}
    for text in texts:
        found |= _winnowed(_runs(text.keys)) | {_phrase(keys) for keys in text.phrases()}
    return frozenset(found)


def asked_of(text: Text) -> Mapping[int, int]:
    """Return the fingerprints by which a text is looked for, each with its weight."""
    phrases = {_phrase(keys): len(keys) for keys in text.phrases()[:SENTENCES]}
    return {**dict.fromkeys(_runs(text.keys)[:RUNS], 1), **phrases}


def found_by(asked: Mapping[int, int], rows: Iterable[tuple[int, int]]) -> list[int]:
    """Return the articles that share most with a text, the likeliest first. `rows`: fingerprint and article."""
    having: dict[int, list[int]] = {}
    for gram, article in rows:
        having.setdefault(gram, []).append(article)
    scores: Counter[int] = Counter()
    for gram, articles in having.items():
        for article in _telling(articles, asked[gram]):
            scores[article] += asked[gram] * (1000 + 1000 // len(articles))
    return [article for article, _ in sorted(scores.items(), key=lambda each: (-each[1], -each[0]))]


def _telling(articles: Collection[int], weight: int) -> Collection[int]:
    """Return the articles for which a fingerprint speaks. Of very many that have a sentence, three stand for all."""
    if len(articles) < COMMON:
        return articles
    return sorted(articles)[-3:] if weight > 1 else ()
