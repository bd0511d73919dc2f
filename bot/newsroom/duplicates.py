"""Is this news that we have already: the articles that tell of the same, and how alike two are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, utils

from bot.domain import Article, plain
from bot.domain.entry import Entry
from bot.domain.legible import legible

#: From here on, of 100, two headlines or two texts tell of the same. Measured on pairs in tests/test_duplicates.py.
ALIKE = 80
#: Other articles that one is compared with, at most: each costs a fraction of a millisecond in which nothing else runs.
COMPARED = 200
#: Characters of a text that are compared: what an article is about stands at its beginning.
BEGINNING = 2000
#: Shorter texts are alike by chance.
TELLING = 80
#: The lowest likeness that rounds to `ALIKE`: rapidfuzz gives up early below it.
_LEAST = ALIKE - 0.5


@dataclass(frozen=True, slots=True)
class Comparable:
    """The words of an article's headline and of its text, each in the order of the alphabet."""

    headline: str
    text: str


def alike(entry: Entry, waiting: Sequence[Entry], out: Sequence[Entry]) -> list[tuple[Entry, int]]:
    """Return the articles that tell of the same as `entry`, with the likeness of 100, the most alike first.

    `COMPARED` of the others are looked at, the first of each kind. Half of that room is kept for each kind, and goes
    to the other only where it is left empty.
    """
    waiting = [other for other in waiting if other.id != entry.id]
    room = max(COMPARED // 2, COMPARED - len(out))
    others = [*waiting[:room], *out[: COMPARED - min(room, len(waiting))]]
    scores = [(other, likeness(entry.article, other.article)) for other in others]
    return sorted((pair for pair in scores if pair[1] >= ALIKE), key=lambda pair: -pair[1])


def likeness(one: Article, other: Article) -> int:
    """Return from 0 to 100 the greater of the headlines' and the texts', whatever the order of the words.

    What is less than `ALIKE` may be told as 0.
    """
    first, second = _comparable(one), _comparable(other)
    headlines = fuzz.ratio(first.headline, second.headline, score_cutoff=_LEAST)
    if min(len(first.text), len(second.text)) < TELLING:
        return round(headlines)
    return round(max(headlines, fuzz.ratio(first.text, second.text, score_cutoff=_LEAST)))


def _comparable(article: Article) -> Comparable:
    paragraphs = (article.lead, *(plain(paragraph) for paragraph in article.body))
    return Comparable(_words_of(article.headline), _words_of(" ".join(paragraphs)[:BEGINNING]))


@lru_cache(maxsize=4 * COMPARED)
def _words_of(text: str) -> str:
    return " ".join(sorted(utils.default_process(legible(text)).split()))
