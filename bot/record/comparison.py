"""A text that somebody has beside ours: equal, a part, or with which words it differs. Similarity gives no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.domain.normal import Kind, Token, tokens, visible
from bot.record.entries import Document

#: Words below which nothing is called the same: so few words say little.
FEW = 6
#: Words in a row that make a text one of ours, and the part of its words that must stand in ours to call it altered.
RUN, SHARE = 3, 0.5
#: Words of either text that are compared.
MOST = 4_000
_WORDS = (Kind.WORD, Kind.NUMBER)


class Likeness(StrEnum):
    SAME = "same"
    MARKS = "marks"
    LETTERS = "letters"
    EXCERPT = "excerpt"
    LINKS = "links"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of theirs that stand where ours do; either may be empty."""

    theirs: str
    ours: str


@dataclass(frozen=True, slots=True)
class Comparison:
    likeness: Likeness
    differences: tuple[Difference, ...] = ()
    #: Addresses in theirs that ours does not have.
    links: tuple[str, ...] = ()


def compare(asked: str, document: Document) -> Comparison:
    """Return how a text stands to a version of ours. Green is only `SAME`: nothing but equal tokens makes it."""
    theirs = tokens(asked)
    foreign = _foreign_links(theirs, document)
    found = [_beside(theirs, asked, each) for each in (document.whole, *document.texts.values())]
    best = min(
        found, key=lambda each: (_ORDER.index(each.likeness), sum(len(d.theirs + d.ours) for d in each.differences))
    )
    if foreign and best.likeness is not Likeness.UNKNOWN:
        return Comparison(
            Likeness.LINKS if best.likeness is not Likeness.ALTERED else Likeness.ALTERED, best.differences, foreign
        )
    return best


_ORDER = (*Likeness,)


def _beside(theirs: Sequence[Token], asked: str, text: str) -> Comparison:
    ours = tokens(text)
    their_words, our_words = _of(theirs, _WORDS), _of(ours, _WORDS)
    if not their_words:
        return Comparison(Likeness.UNKNOWN)
    if _keys(their_words) == _keys(our_words):
        return _whole(theirs, ours, their_words)
    if _stands_in(_keys(their_words), _keys(our_words)):
        return Comparison(Likeness.EXCERPT)
    return _altered(their_words[:MOST], our_words[:MOST], visible(asked), visible(text))


def _whole(theirs: Sequence[Token], ours: Sequence[Token], words: Sequence[Token]) -> Comparison:
    if any(token.has_foreign_letters for token in words):
        return Comparison(Likeness.LETTERS)
    kinds = (*_WORDS, Kind.MARK, Kind.STOP)
    if _keys(_of(theirs, kinds)) != _keys(_of(ours, kinds)):
        return Comparison(Likeness.MARKS)
    return Comparison(Likeness.SAME if len(words) >= FEW else Likeness.EXCERPT)


def _altered(theirs: Sequence[Token], ours: Sequence[Token], asked: str, text: str) -> Comparison:
    matcher = SequenceMatcher(None, _keys(theirs), _keys(ours), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    shared = sum(block.size for block in blocks)
    if max((block.size for block in blocks), default=0) < RUN or shared < SHARE * len(theirs):
        return Comparison(Likeness.UNKNOWN)
    return Comparison(
        Likeness.ALTERED,
        tuple(
            Difference(_cut(asked, theirs[i1:i2]), _cut(text, ours[j1:j2]))
            for tag, i1, i2, j1, j2 in matcher.get_opcodes()
            if tag != "equal" and not _is_left_out(i1, i2, len(theirs))
        ),
    )


def _is_left_out(start: int, end: int, length: int) -> bool:
    """True for words of ours before the beginning or after the end of theirs: they show a part."""
    return start == end and start in (0, length)


def _cut(text: str, words: Sequence[Token]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _of(found: Sequence[Token], kinds: Sequence[Kind]) -> list[Token]:
    return [token for token in found if token.kind in kinds]


def _keys(found: Sequence[Token]) -> list[str]:
    return [token.key for token in found]


def _stands_in(part: Sequence[str], whole: Sequence[str]) -> bool:
    """True if the words stand in a row in ours."""
    text, piece = "\0".join(("", *whole, "")), "\0".join(("", *part, ""))
    return piece in text


def _foreign_links(theirs: Sequence[Token], document: Document) -> tuple[str, ...]:
    """Return addresses that are none of ours: the same words over somebody's payment page are the cheapest fake."""
    own = {_bare(link) for link in document.links}
    own |= {_bare(each.key) for text in document.texts.values() for each in tokens(text) if each.kind is Kind.LINK}
    found = [each.key for each in theirs if each.kind is Kind.LINK]
    return tuple(dict.fromkeys(link for link in found if _bare(link) not in own))


def _bare(link: str) -> str:
    return link.rstrip('.,;:!?)»”"').rstrip("/").removeprefix("https://").removeprefix("http://")
