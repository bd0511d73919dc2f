"""Rules of newsroom.toml for risky articles, which need more people, a checklist or time before they go out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from bot.domain.article import Article, Source, plain
from bot.domain.legible import legible, readings

#: A function that returns the ways in which the words of a text may be meant.
Reading = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule covers an article that meets every condition set; of several topics or words one is enough.

    `topics` are casefolded. `words` are beginnings of words, or of several in a row. `approvals`, `checklist` and
    `hold` are what such an article needs; a hold counts from when the article came in.
    """

    key: str
    title: str
    topics: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    anonymous_source: bool = False
    named_person: bool = False
    approvals: int = 0
    checklist: tuple[str, ...] = ()
    hold: timedelta = timedelta(0)

    def covers(self, article: Article, read: Reading = readings) -> bool:
        """True if the article meets all conditions; a rule without any covers nothing."""
        conditions = list(self._conditions(article, read))
        return bool(conditions) and all(conditions)

    def _conditions(self, article: Article, read: Reading) -> Iterator[bool]:
        if self.topics:
            yield not self.topics.isdisjoint(topic.casefold() for topic in article.topics)
        if self.words:
            pattern = _beginnings(self.words)
            yield any(pattern.search(way.casefold()) for way in read(_text(article)))
        if self.anonymous_source:
            yield any(is_anonymous(source, read) for source in article.sources)
        if self.named_person:
            yield names_person(_text(article), read)


@dataclass(frozen=True, slots=True)
class Need:
    """The needs of an article. `approvals`: people who did not write it; each of them ticks the `checklist`.

    `hold`: how long it must not go out, from when it came in. `because`: the titles of the rules that ask for more than
    every article needs. `unmasked`: those among them that cover it only as a person reads it, because a word of it has
    marks, hyphens or look-alike letters.
    """

    approvals: int = 0
    checklist: tuple[str, ...] = ()
    hold: timedelta = timedelta(0)
    because: tuple[str, ...] = ()
    unmasked: tuple[str, ...] = ()


def need(article: Article, rules: Iterable[Rule], least: int) -> Need:
    """Return the needs of `article` by the strictest of the rules that cover it, with at least `least` approvals."""
    found = [rule for rule in rules if rule.covers(article)]
    telling = [rule for rule in found if rule.approvals > least or rule.checklist or rule.hold]
    return Need(
        approvals=max([least, *(rule.approvals for rule in found)]),
        checklist=tuple(dict.fromkeys(item for rule in found for item in rule.checklist)),
        hold=max([timedelta(0), *(rule.hold for rule in found)]),
        because=titles(telling),
        unmasked=titles(rule for rule in telling if not rule.covers(article, as_typed)),
    )


def titles(rules: Iterable[Rule]) -> tuple[str, ...]:
    """Each title once: a rule of newsroom.toml and its stricter form of before may count beside each other."""
    return tuple(dict.fromkeys(rule.title for rule in rules))


# Words

_APOSTROPHES = re.compile("[’ʼ`´]")
#: Between two words of a phrase: anything but a sentence's or a line's end.
_GAP = r"[^\w\n.!?]+"
#: A Ukrainian ending, of a word whose stem has three letters at least.
_ENDING = re.compile(r"(?<=[^\W\d_]{3})(?:[аеєиіїоуюяьй]|[оеиіая][йюїмх]|[аяоеі]ми|ові|еві|[оьі]го|[оьі]му)\Z")
_CHANGING = ("гзж", "кцч", "хсш")
#: Stress marks that careful writers set; the marks of й and ї are part of the letter.
_STRESS = re.compile("[\u0300\u0301]")


def _text(article: Article) -> str:
    """Return the article's own text, a line for each paragraph, without the teasers of others."""
    caption = article.media.caption if article.media is not None else ""
    return "\n".join((article.headline, article.lead, *(plain(paragraph) for paragraph in article.body), caption))


def as_typed(text: str) -> tuple[str, ...]:
    """The one way in which a program reads `text`, but for stress and the spelling of the apostrophe."""
    return (_STRESS.sub("", _APOSTROPHES.sub("'", text)),)


@lru_cache(maxsize=256)
def _beginnings(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for words that begin so: Ukrainian inflects the ends. It does not find the «рана» in «зрана».

    Of several words each may have another ending, and up to two others may stand between them.
    """
    return re.compile(rf"(?<!\w)(?<!\w')(?:{'|'.join(map(_phrase, words))})")


def _phrase(words: str) -> str:
    parts = legible(words).casefold().split()
    if len(parts) < 2:
        return re.escape("".join(parts))
    return rf"[\w'-]*(?:{_GAP}[\w'-]+){{0,2}}{_GAP}".join(map(_stem, parts))


def _stem(word: str) -> str:
    """A pattern for a word without its ending, which may change the consonant before it: «тривога», «тривозі»."""
    stem = _ENDING.sub("", word)
    for letters in _CHANGING:
        if stem != word and stem[-1] in letters:
            return f"{re.escape(stem[:-1])}[{letters}]"
    return re.escape(stem)


# Anonymous sources

#: A description instead of a name: «джерело в поліції», «співрозмовник редакції», "a source familiar with the case".
_SOMEBODY = re.compile(
    r"""(?x) \b (?:
        (?: джерел\w* | співрозмовни\w+ ) (?:\s+[^\s,.]+){0,2}? ,? \s+
            (?: [ву] | із? | зі? | серед | близьк\w+ | наближен\w+ | видання | редакції | обізнан\w+ )
      | sources? (?:\s+[^\s,.]+){0,2}? ,? \s+ (?: in | at | within | inside | close | near | familiar )
      | анонім\w* | неназван\w* | не \s назва\w+ | невідом\w*
      | anonym\w* | unnamed | undisclosed | unknown
    ) \b"""
)
#: Sources without any description: «джерела», "our sources".
_SOURCES = re.compile(
    r"(?:(?:наш|власн|сво|надійн)\w+ |(?:our|own|reliable|a|the) )*"
    r"(?:джерел\w*|співрозмовни\w+|інсайд\w*|sources?|insiders?)"
)


def is_anonymous(source: Source, read: Reading = readings) -> bool:
    """True if it names nobody: «джерело в поліції», "sources familiar with the case", no name and no link."""
    return not source.own and any(_names_nobody(name.casefold(), source.link) for name in read(source.name))


def _names_nobody(name: str, link: str) -> bool:
    name = " ".join(name.split()).strip(" .,;:!?«»\"'()")
    if not any(char.isalnum() for char in name):
        return not link
    return _SOMEBODY.search(name) is not None or _SOURCES.fullmatch(name) is not None


# People by name

_WORD = re.compile(r"[^\W\d_][\w'’ʼ-]*")
_SENTENCE_ENDS = tuple('.!?…:;—–-«»“”"(•')
#: Words that are often capitalised at the start of a sentence and are no names.
_OPENERS = frozenset(
    re.findall(
        r"\w+",
        """у в на за до від із зі з про під над при по для через після перед біля без як що це цей ця ці той та і й а
        але якщо коли де хто там тут також сьогодні вчора завтра нині зараз торік уночі вранці увечері вдень раніше
        the a an in on at by of for from to with after before near as if when where who this that these those it he she
        they we and but or also today yesterday tomorrow now""",
    )
)


def names_person(text: str, read: Reading = readings) -> bool:
    """True for two capitalised words in a row or an initial and one: «Ірина Коваль», «слідчий І. Коваль», "John Smith".

    A heuristic that errs on the side of asking: towns and institutions («Верховна Рада») count too; names in capitals
    or alone («Коваль») do not.
    """
    return any(_names_person(line) for way in read(text) for line in way.split("\n"))


def _names_person(line: str) -> bool:
    for one, other in pairwise(_WORD.finditer(line)):
        gap = line[one.end() : other.start()]
        if not _capitalised(other[0]):
            continue
        if len(one[0]) == 1 and one[0].isupper() and gap.startswith(".") and not gap.strip(" .\u00a0"):
            return True
        opens = not (before := line[: one.start()].rstrip()) or before.endswith(_SENTENCE_ENDS)
        is_opener = opens and one[0].casefold() in _OPENERS
        if gap in {" ", "\u00a0"} and _capitalised(one[0]) and not is_opener:
            return True
    return False


def _capitalised(word: str) -> bool:
    return word[0].isupper() and any(char.islower() for char in word)
