"""The guard on a misprint's correction: what a change touches that readers would have to be told of."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import islice
from urllib.parse import urlsplit

from bot.domain.article import Article, plain

#: Words that a misprint's correction may change.
MOST = 3
#: Articles of the house in which a word must stand to be known.
KNOWN = 2
#: A word of fewer letters may differ by one letter, another one by two.
LONG = 6

_TOKEN = re.compile(r"(?P<word>[^\W_]+(?:['\-.,:][^\W_]+)*[%‰°]?)|(?P<mark>[?!]+|[«»“”„\"])|(?P<stop>[.…\n])")
_APOSTROPHES = re.compile("[’ʼ`´]")
_DIGIT = re.compile(r"\d")
_DENIALS = """
не ні ані без ніхто ніщо ніколи ніде жоден жодна жодне немає not no never nobody nothing nowhere
without none neither nor cannot can't isn't aren't wasn't weren't won't don't doesn't didn't
"""
_NO = frozenset(_DENIALS.split())
#: Beginnings that turn a word into its opposite.
_OPPOSITE = ("не", "без", "анти", "un", "in", "im", "dis", "non", "ir", "il")


class Touched(StrEnum):
    """A part of an article, or a kind of word, that no misprint's correction may change."""

    NUMBER = "number"
    NEGATION = "negation"
    NAME = "name"
    QUOTATION = "quotation"
    #: Words were put in or taken out.
    WORDS = "words"
    #: It is another word, or both are words: “signed” and “resigned”.
    WORD = "word"
    #: A word that the house has not used before may be a name.
    UNKNOWN = "unknown"
    MANY = "many"
    STATUS = "status"
    SOURCE = "source"
    PICTURE = "picture"
    LINK = "link"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that a change touches, with the words that it said and says."""

    touched: Touched
    old: str = ""
    new: str = ""


class Archive:
    """The house's texts, in which a word is looked for. A change asks about few, so no list of all is made."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [(_key(text), text) for text in texts]

    def __call__(self, word: str) -> int:
        """Return in how many articles a word stands; from `KNOWN` on it is not counted further."""
        part = max(re.split(r"[\W_]", word), key=len)
        stands = re.compile(rf"(?<![^\W_]){part}(?![^\W_])").search
        # Only what has the word's longest part is taken into words, which costs a hundred times more.
        having = (text for folded, text in self._texts if part in folded and stands(folded) and word in words_in(text))
        return sum(1 for _ in islice(having, KNOWN))


def words_in(text: str) -> frozenset[str]:
    """Return the words of a text, as they are compared."""
    return frozenset(_key(word) for word, _ in _words(text))


def text_of(article: Article) -> str:
    """Return all words of an article that readers read."""
    media = article.media
    parts = [article.headline, article.lead, *map(plain, article.body)]
    parts += [media.caption, media.credit] if media is not None else []
    parts += [part for each in article.related for part in (each.headline, each.lead)]
    return "\n".join(parts)


def touched_by(old: Article, new: Article, known: Callable[[str], int]) -> Fact | None:
    """Return the first fact that a change of an article touches; None if it only corrects a misprint.

    `known`: in how many articles of the house a word stands.
    """
    return next(_around(old, new), None) or facts_touched(text_of(old), text_of(new), known)


def _around(old: Article, new: Article) -> Iterator[Fact]:
    """Name what differs around the text. A dead link may give way to another page of the same site."""
    if old.status is not new.status:
        yield Fact(Touched.STATUS)
    if _sources(old) != _sources(new):
        yield Fact(Touched.SOURCE)
    if _picture(old) != _picture(new):
        yield Fact(Touched.PICTURE)
    if _links(old) != _links(new):
        yield Fact(Touched.LINK)
    rest = ("language", "urgent", "video", "topics", "about", "after", "pin")
    if any(getattr(old, name) != getattr(new, name) for name in rest) or _looks(old) != _looks(new):
        yield Fact(Touched.OTHER)


def _sources(article: Article) -> list[tuple[str, bool, str]]:
    return [(_key(each.name), each.own, _host(each.link)) for each in article.sources]


def _picture(article: Article) -> object:
    return article.media and replace(article.media, caption="", credit="")


def _host(link: str) -> str:
    return urlsplit(link).netloc.casefold()


def _links(article: Article) -> list[str]:
    runs = [run for paragraph in (article.opening, *article.body) for run in paragraph]
    links = [article.link, *(run.link for run in runs), *(each.link for each in article.related)]
    return [_host(link) for link in links if link]


def _looks(article: Article) -> tuple[int, int, list[str]]:
    """Count paragraphs and teasers, and name what is struck, hidden or quoted."""
    runs = [run for paragraph in (article.opening, *article.body) for run in paragraph]
    return len(article.body), len(article.related), [run.text for run in runs if run.says_more]


def facts_touched(old: str, new: str, known: Callable[[str], int]) -> Fact | None:
    """Return the first fact that a change of a text touches; None if it only corrects a misprint."""
    if (was := _marks(old)) != (is_ := _marks(new)):
        return Fact(Touched.QUOTATION, " ".join(was[:1]), " ".join(is_[:1]))
    before, after = list(_words(old)), list(_words(new))
    one, other = [word for word, _ in before], [word for word, _ in after]
    count, same, found = 0, list[str](), list[tuple[int, int]]()
    for kind, low, high, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            same += one[low:high]
        elif high - low == end - start:
            found += zip(range(low, high), range(start, end), strict=True)
        elif _is_a_space(one[low:high], other[start:end]):
            count += 1
        else:
            return _put_in(one[low:high], other[start:end])
    heard = _heard(same, known)
    for place, at in found:
        if (fact := _of_words(before[place], after[at], heard)) is not None:
            return fact
    return Fact(Touched.MANY) if count + len(found) > MOST else None


def _heard(same: Sequence[str], known: Callable[[str], int]) -> Callable[[str], bool]:
    """Return whether the house knows a word; the rest of this very text counts as one article more."""
    here = frozenset(map(_key, same))
    return lambda word: known(_key(word)) + (_key(word) in here) >= KNOWN


def _of_words(old: tuple[str, bool], new: tuple[str, bool], heard: Callable[[str], bool]) -> Fact | None:
    """Return the fact that a word touches in another's place; each word comes with whether it begins a sentence."""
    (was, begins), (is_, _) = old, new
    touched = _touched(was, is_, heard, begins=begins)
    return None if touched is None else Fact(touched, was, is_)


def _touched(was: str, is_: str, heard: Callable[[str], bool], *, begins: bool) -> Touched | None:
    if _DIGIT.search(was + is_):
        return Touched.NUMBER
    if _key(was) == _key(is_):  # only its capitals differ
        return None if begins and was[1:] == is_[1:] else Touched.NAME
    if {_key(was), _key(is_)} & _NO or _are_opposite(_key(was), _key(is_)):
        return Touched.NEGATION
    if _distance(_key(was), _key(is_)) > (1 if len(is_) < LONG else 2):
        return Touched.NAME if was[0].isupper() and not begins else Touched.WORD
    if heard(was):
        return Touched.NAME if was[0].isupper() and not begins else Touched.WORD
    return None if heard(is_) else Touched.UNKNOWN


def _put_in(old: Sequence[str], new: Sequence[str]) -> Fact:
    both = (*old, *new)
    touched = Touched.WORDS
    if any(map(_DIGIT.search, both)):
        touched = Touched.NUMBER
    elif _NO.intersection(map(_key, both)):
        touched = Touched.NEGATION
    return Fact(touched, " ".join(old), " ".join(new))


def _is_a_space(old: Sequence[str], new: Sequence[str]) -> bool:
    """True if only a space or a hyphen was put in or taken out between words."""
    if any(map(_DIGIT.search, (*old, *new))) or _NO.intersection(map(_key, (*old, *new))):
        return False
    return _joined(old) == _joined(new)


def _joined(words: Iterable[str]) -> str:
    return "".join(words).replace("-", "").casefold()


def _are_opposite(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return any(long == f"{beginning}{short}" for beginning in _OPPOSITE)


def _words(text: str) -> Iterator[tuple[str, bool]]:
    """Give each word, and whether it begins a sentence."""
    begins = True
    for found in _TOKEN.finditer(_APOSTROPHES.sub("'", unicodedata.normalize("NFC", text).replace("‑", "-"))):
        if found.lastgroup == "word":
            yield found[0], begins
            begins = False
        else:
            begins = begins or found.lastgroup == "stop" or found[0][0] in "?!"


def _marks(text: str) -> list[str]:
    """Return the quotation, question and exclamation marks, whatever their form."""
    found = [each[0] for each in _TOKEN.finditer(text) if each.lastgroup == "mark"]
    return [each[0] if each[0] in "?!" else '"' for each in found]


def _key(word: str) -> str:
    return _APOSTROPHES.sub("'", unicodedata.normalize("NFKC", word)).casefold()


def _distance(one: str, other: str) -> int:
    """Return how many letters are wrong, left out, too many, or changed places with the next."""
    before, row = list[int](), list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, another in enumerate(other, 1):
            least = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != another))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == another:
                least = min(least, earlier[j - 2] + 1)
            row.append(least)
    return row[-1]
