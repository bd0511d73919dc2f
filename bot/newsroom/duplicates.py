"""Is this news that we have already: how alike two articles are."""

from __future__ import annotations

from rapidfuzz import fuzz, utils

from bot.domain import Article, plain
from bot.domain.legible import legible

#: From here on, of 100, two headlines or two texts tell of the same. Measured on pairs in tests/test_duplicates.py.
ALIKE = 80
#: Characters of a text that are compared: what an article is about stands at its beginning.
COMPARED = 2000
#: Shorter texts are alike by chance.
TELLING = 80


def likeness(one: Article, other: Article) -> int:
    """From 0 to 100: the greater of the headlines' and the texts', whatever the order of the words."""
    headlines = fuzz.token_sort_ratio(legible(one.headline), legible(other.headline), processor=utils.default_process)
    texts = [_text(one), _text(other)]
    if min(map(len, texts)) < TELLING:
        return round(headlines)
    return round(max(headlines, fuzz.token_sort_ratio(*texts, processor=utils.default_process)))


def _text(article: Article) -> str:
    paragraphs = (article.lead, *(plain(paragraph) for paragraph in article.body))
    return legible(" ".join(paragraphs)[:COMPARED])
