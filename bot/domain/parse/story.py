"""Finds the story in a text: headline, lead, body, repeats of the headline, and the language."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import takewhile

from bot.domain.article import Article, Paragraph, plain
from bot.domain.clean import script
from bot.domain.parse.lines import SENTENCE_ENDS
from bot.errors import Refused

#: Longest headline, in characters; a longer one is a paragraph without a headline.
HEADLINE_LIMIT = 250
#: Share of common words from which a second headline is the first one reworded.
_REWORDED = 0.7
#: Likeness of letters from which it is the first one with a slip corrected.
_ALIKE = 0.95
_VIDEO_MARK = re.compile(
    r"(?i)(?P<head>.+?)(?P<gap>[\s.,:;|/•·—–+(\[-]*)(?:(?:фото|photos?)(?:\s*[,/+&]\s*|\s+(?:і|та|and)\s+))?"
    r"\b(?:video|відео)[\s)\].!]*"
)
_NEGATIONS = frozenset(("not", "no", "не", "ні"))
_NO_HEADLINE = (
    "There is no headline. Send the article like this: the headline in the first line, an empty line, the "
    "lead, then the rest."
)
_LONG_HEADLINE = (
    "The headline has {length} characters, at most {limit} fit. "
    "Make the first line shorter, put the rest after an empty line and send the article again."
)


def story_of(paragraphs: list[Paragraph]) -> tuple[Article, list[str]]:
    """Headline, lead and body, and the repeats of the headline that were left out."""
    if not paragraphs:
        raise Refused(_NO_HEADLINE)
    headline, video = headline_of(plain(paragraphs[0]))
    repeats = list(takewhile(lambda text: is_repeat(headline, text), map(plain, paragraphs[1:])))
    rest = paragraphs[1 + len(repeats) :]
    video = video or any(unmarked(line)[1] for line in repeats)
    lead = rest[0] if rest else ()
    return Article(headline, plain(lead), tuple(rest[1:]), video=video, marked_lead=lead), repeats


def headline_of(text: str) -> tuple[str, bool]:
    if len(text) > HEADLINE_LIMIT:
        raise Refused(_LONG_HEADLINE, length=len(text), limit=HEADLINE_LIMIT)
    return unmarked(text)


def unmarked(headline: str) -> tuple[str, bool]:
    """`headline` without a *Video* mark at its end, and whether there was one: "Bridge opened. Video"."""
    found = _VIDEO_MARK.fullmatch(headline)
    if not found:
        return headline, False
    head, gap = found["head"], found["gap"]
    kept = "..." if gap.startswith("...") else ""
    set_apart = gap.strip() or head.endswith(("!", "?", *SENTENCE_ENDS, "'", "’"))
    return (head + kept, True) if set_apart else (headline, False)


def is_repeat(one: str, other: str) -> bool:
    """True if `other` repeats the headline `one`, perhaps with other quotes or reworded: same numbers, most words."""
    # This also keeps the pattern for marks, whose time grows with the square of the length, off long paragraphs.
    if max(len(one), len(other)) > HEADLINE_LIMIT:
        return False
    one, other = unmarked(one)[0], unmarked(other)[0]
    words, others = _words(one), _words(other)
    if not words or not others or words == others:
        return bool(words) and words == others
    is_sentence = other.endswith(".") and not one.endswith(".")
    if is_sentence or min(len(words), len(others)) < 4 or _facts(words) != _facts(others):
        return False
    # Ukrainian inflects the ends of words, so five letters tell which word it is.
    stems, other_stems = {word[:5] for word in words}, {word[:5] for word in others}
    common = len(stems & other_stems) / len(stems | other_stems)
    return common >= _REWORDED or SequenceMatcher(None, " ".join(words), " ".join(others)).ratio() >= _ALIKE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub("['’ʼ`]", "", text.casefold()))


def _facts(words: list[str]) -> set[str]:
    return {word for word in words if word in _NEGATIONS or any(char.isdigit() for char in word)}


def language_of(article: Article) -> str:
    """The language that the alphabet shows; empty if there are no letters of either."""
    texts = (article.headline, article.lead, *map(plain, article.body))
    scripts = [script(char) for text in texts for char in text]
    cyrillic, latin = scripts.count("CYRILLIC"), scripts.count("LATIN")
    if not cyrillic and not latin:
        return ""
    return "uk" if cyrillic >= latin else "en"
