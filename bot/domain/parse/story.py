"""Finds the story in a text: headline, lead, body, repeats of the headline, and the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from bot.domain.article import Article, Paragraph, plain
from bot.domain.languages import language_in
from bot.domain.parse.lines import SENTENCE_ENDS, Placed, stripped, without_prefix
from bot.domain.shapes.words import sentences_of
from bot.errors import Refused

#: Longest headline, in characters; a longer one is a paragraph without a headline.
HEADLINE_LIMIT = 250
#: Share of common words from which a second headline is the first one reworded.
_REWORDED = 0.7
#: Likeness of letters from which it is the first one with a slip corrected.
_ALIKE = 0.95
_MARK = (
    r"(?:відеосюжет|фотозвіт|фоторепортаж|відеозапис|відео|фото|видео|videos?|photos?|gallery|галерея|інфографіка"
    r"|infographic|оновлено|updated|онлайн|live|наживо|аудіо|audio|скріни|карта|map)"
)
_MARKS = rf"{_MARK}(?:\s*(?:[,/+&|•]|\s(?:і|та|й|и|and))\s*{_MARK}){{0,3}}"
#: Marks at a headline's end: `(ФОТО)`, `. Відео`, ` | Photos, video`.
_END_MARK = re.compile(rf"(?i)(?P<gap>[\s.,:;|/•·—–+(\[!?…-]*)\b(?P<marks>{_MARKS})[\s)\].!]*$")
#: Marks in front: `ВІДЕО: …`, `[Photo] …`, `(Відео) …`.
_FRONT_MARK = re.compile(
    rf"(?P<open>[(\[]\s*)?(?P<marks>(?i:{_MARKS}))(?P<close>\s*[)\]]\s*[:.–—|-]?|\s*[:.|]|\s+[–—-](?=\s))\s+(?=\S)"
)
#: A mark that the article keeps as `video`, so that nothing is lost.
_ONLY_VIDEO = re.compile(r"(?i)\W*(?:відео|video|видео)\W*")
_IS_VIDEO = re.compile(r"(?i)відео|video|видео")
#: Words of a mark that alone may end a sentence of a headline: they want brackets or capitals.
_NEEDS_BRACKETS = re.compile(r"(?i)оновлено|updated|онлайн|live|наживо|аудіо|audio|карта|map|галерея|gallery|скріни")
#: Longest headline that is proposed, in characters.
_PROPOSED = 160
#: Longest first paragraph of two sentences that still is a headline.
_TWO_SENTENCES = 130
_NEGATIONS = frozenset(("not", "no", "не", "ні"))
NO_HEADLINE = (
    "There is no headline. Send the article like this: the headline in the first line, an empty line, the "
    "lead, then the rest."
)
_LONG_HEADLINE = (
    "The headline has {length} characters, at most {limit} fit. "
    "Make the first line shorter, put the rest after an empty line and send the article again."
)


@dataclass(frozen=True, slots=True)
class Story:
    """Headline, lead and body. `firsts` are the places of their first lines; `marks` were cut off the headline.

    `proposed`: the text had no headline, and its first sentence became one.
    """

    article: Article
    firsts: tuple[int, ...]
    marks: str = ""
    proposed: bool = False


def story_of(paragraphs: list[Placed]) -> Story:
    """Put the paragraphs together. Raises `Refused` if there is no headline and nothing to propose one of."""
    if not paragraphs:
        raise Refused(NO_HEADLINE)
    place, first = paragraphs[0]
    title, rest = _title_and_rest(first)
    proposed = title != plain(first)
    following = [*([(place, rest)] if rest else []), *paragraphs[1:]]
    headline, marks = marked_apart(title)
    lead = following[0][1] if following else ()
    article = Article(
        headline,
        plain(lead),
        tuple(line for _, line in following[1:]),
        video=bool(_IS_VIDEO.search(marks)),
        marked_lead=lead,
    )
    return Story(
        article, (place, *(at for at, _ in following)), "" if _ONLY_VIDEO.fullmatch(marks) else marks, proposed
    )


def _title_and_rest(first: Paragraph) -> tuple[str, Paragraph]:
    """The headline, and what of the first paragraph is none: a post of a channel begins without one."""
    text = plain(first)
    sentences = sentences_of(text)
    is_post = len(text) > HEADLINE_LIMIT or (
        len(text) > _TWO_SENTENCES
        and len(sentences) > 1
        and text.endswith((".", "…"))
        and len(sentences[-1].split()) > 2
    )
    if not is_post:
        return text, ()
    opening = sentences[0]
    if len(sentences) > 1 and len(opening) <= HEADLINE_LIMIT and len(opening.split()) > 1:
        start = text.find(opening) + len(opening)
        return _bare(opening), stripped(without_prefix(first, start))
    short = text[:_PROPOSED].rsplit(None, 1)[0] if " " in text[:_PROPOSED].strip() else text[:_PROPOSED]
    return _bare(short).rstrip(" ,;:–—-") + "…", first


def _bare(sentence: str) -> str:
    """The sentence as a headline: without the signs before it and the stop behind it."""
    bare = re.sub(r"^[^\w«“\"'(]+", "", sentence)
    return (bare.removesuffix(".") if not bare.endswith("..") else bare) or sentence


def headline_of(text: str) -> tuple[str, bool]:
    if len(text) > HEADLINE_LIMIT:
        raise Refused(_LONG_HEADLINE, length=len(text), limit=HEADLINE_LIMIT)
    return unmarked(text)


def unmarked(headline: str) -> tuple[str, bool]:
    """`headline` without the marks at its end or in front, and whether *Video* was one: "Bridge opened. Video"."""
    kept, marks = marked_apart(headline)
    return kept, bool(_IS_VIDEO.search(marks))


def marked_apart(headline: str) -> tuple[str, str]:
    """`headline` without its marks, and the marks: `("Міст відкрили", "(ФОТО)")`."""
    if len(headline) > HEADLINE_LIMIT:
        return headline, ""
    front = _FRONT_MARK.match(headline)
    if front and (front["open"] or front["marks"].isupper()):
        return headline[front.end() :], headline[: front.end()].strip()
    found = _END_MARK.search(headline)
    if not found or not found.start():
        return headline, ""
    head, gap = headline[: found.start()], found["gap"]
    kept = re.match(r"[!?…]+|\.\.\.", gap.lstrip()) if gap else None
    in_brackets = "(" in gap or "[" in gap
    if _NEEDS_BRACKETS.search(found["marks"]) and not in_brackets:
        return headline, ""
    set_apart = gap.strip() or head.endswith(("!", "?", *SENTENCE_ENDS, "'", "’")) or found["marks"].isupper()
    if not set_apart or (gap.strip() in {",", "-"} and not in_brackets):
        return headline, ""
    return head + (kept[0] if kept else ""), headline[found.start() :].strip(" .,:;|/•·—–+-!?…") or found["marks"]


def without_own_marks(story: Story, marks: Sequence[str]) -> Story:
    """The story without a mark of the newsroom's own before or behind its headline."""
    headline = story.article.headline
    for mark in marks:
        if not mark or headline == mark:
            continue
        if headline.startswith(mark):
            bare = headline.removeprefix(mark).lstrip(" :.|–—-")
        elif headline.endswith(mark):
            bare = headline.removesuffix(mark).rstrip(" :.|–—-")
        else:
            continue
        return replace(story, article=replace(story.article, headline=bare), marks=mark) if bare else story
    return story


def same_words(one: str, other: str) -> bool:
    """True for the same words, whatever signs and marks stand around them."""
    if max(len(one), len(other)) > HEADLINE_LIMIT:
        return False
    words = _words(unmarked(one)[0])
    return bool(words) and words == _words(unmarked(other)[0])


def without_headline(headline: str, lead: Paragraph) -> Paragraph:
    """The lead without the headline that is glued in front of it."""
    text, title = plain(lead), unmarked(headline)[0].rstrip(" .!?…")
    if len(title.split()) < 3 or not text.casefold().startswith(title.casefold()):
        return lead
    glue = re.match(r"\s*(?:[.!?:…|]+|\s[–—-])\s+(?=[«“\"]?[^\W_a-zа-яіїєґ])", text[len(title) :])
    if glue is None or len(text) - len(title) - glue.end() < 10:
        return lead
    return stripped(without_prefix(lead, len(title) + glue.end()))


def is_repeat(one: str, other: str) -> bool:
    """True if `other` repeats the headline `one`, perhaps with other quotes or reworded: same numbers, most words."""
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


def language_of(article: Article, fallback: str) -> str:
    """The language that the text shows; `fallback` if it shows none."""
    return language_in("\n".join((article.headline, article.lead, *map(plain, article.body))), fallback)
