"""Finding what was published: the words of an article, without their endings, and how well it answers a question."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from math import log

from bot.domain.article import Article, plain

#: Weight of a word in the headline, in the lead or among the topics, and in the text.
HEADLINE, LEAD, TEXT = 3, 2, 1
#: Stems of one article in the index, those of its text last.
MOST = 400
#: Letters of a stem that count.
LONGEST = 12
#: Articles that are looked at for each word, the newest first.
DEEP = 300
#: Part of a question's weight that an article must answer.
ENOUGH = 0.5

_ENDED = (
    "ями ами ові еві єві ого ому ими іми ої ою ею єю ах ях ам ям ом ем єм ів їв ий ій их іх им ім ую юю его "
    "ему ов ев ей ой ый ая яя ое ее ые ие а я у ю о е є и і ї ь й ы э"
)
_ENDINGS = tuple(sorted(_ENDED.split(), key=len, reverse=True))
#: Long endings that even short words have.
_CASES = frozenset({"ою", "ею", "єю", "ами", "ями", "ах", "ях", "ам", "ям", "ого", "ому"})
_ENGLISH = ("ies", "ing", "ed", "es", "s", "e", "y")
#: Words whose forms do not follow from their letters.
_FORMS = {
    **dict.fromkeys(["місто", "міста", "місту", "місті", "містом", "містам", "містах", "містами"], "місто"),
    **dict.fromkeys(["київ", "києва", "києву", "києві", "києвом"], "києв"),
    **dict.fromkeys(["харків", "харкова", "харкову", "харкові", "харковом"], "харков"),
    **dict.fromkeys(["чернігів", "чернігова", "чернігову", "чернігові"], "чернігов"),
    **dict.fromkeys(["день", "дня", "днів", "дні", "днями"], "день"),
    **dict.fromkeys(["мости", "мосту", "моста", "мості", "мостом", "мостів", "мостами", "міст"], "мост"),
}
_SOUNDS = str.maketrans({"ґ": "г", "ы": "и", "э": "е", "ё": "е", "ъ": None})


def stem(word: str) -> str:
    """Return a word without its ending: alike for most of its forms in Ukrainian, Russian and English."""
    if found := _FORMS.get(word):
        return found
    word = re.sub(r"(.)\1", r"\1", word.translate(_SOUNDS))
    if re.search(r"[a-z]", word):
        return _without(word, _ENGLISH, 3)[:LONGEST]
    bare = _without(word, _ENDINGS, 3)
    if bare == word:  # no ending: the vowel of a closed syllable is another one in the other forms
        bare = re.sub(r"і(?=[^аеєиіїоуюя]{1,2}$)", "о", bare)
    return bare[:LONGEST]


def _without(word: str, endings: Iterable[str], left: int) -> str:
    for ending in endings:
        # A long ending of a short word is a part of it.
        if word.endswith(ending) and len(word) - len(ending) >= left + (len(ending) > 1 and ending not in _CASES):
            return word[: -len(ending)]
    return word


def words_in(text: str) -> list[str]:
    """Return the words of a text in small letters, without apostrophes and signs."""
    text = re.sub(r"['’ʼ`\u0301\u00ad]", "", unicodedata.normalize("NFKC", text).casefold())
    return [word for word in re.findall(r"[^\W_]+", text) if len(word) > 1]


def weights(article: Article) -> dict[str, int]:
    """Return the stems by which an article is found, each with its weight."""
    found: dict[str, int] = {}
    body = " ".join(plain(paragraph) for paragraph in article.body)
    texts = ((article.headline, HEADLINE), (article.lead, LEAD), (" ".join(article.topics), LEAD), (body, TEXT))
    for text, weight in texts:
        for word in words_in(text):
            if len(found) >= MOST:
                return found
            found.setdefault(stem(word), weight)
    return found


def ranked(found: Mapping[str, Mapping[int, int]]) -> list[int]:
    """Return the articles that answer a question, the best first.

    `found`: for each of its stems, the articles that have it, with the weight there.
    """
    rarity = {each: _rarity(len(articles)) for each, articles in found.items()}
    enough = ENOUGH * sum(rarity.values())
    answered: dict[int, float] = {}
    scores: dict[int, float] = {}
    for each, articles in found.items():
        for article, weight in articles.items():
            answered[article] = answered.get(article, 0) + rarity[each]
            scores[article] = scores.get(article, 0) + rarity[each] * (1 + weight / HEADLINE)
    fit = [article for article, part in answered.items() if part >= enough]
    return sorted(fit, key=lambda article: (-round(scores[article], 1), -article))


def _rarity(articles: int) -> float:
    """Return the weight of a word that so many of the articles have that were looked at."""
    return log((DEEP + 2) / (articles + 1))


def stems_of(words: Collection[str], most: int) -> list[str]:
    """Return the stems of a question's words, the longest first, no more than `most`."""
    return sorted(dict.fromkeys(stem(word) for word in words), key=len, reverse=True)[:most]
