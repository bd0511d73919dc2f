"""The verdict on a text beside the published one that it came from, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from rapidfuzz.distance import Indel

from bot.domain.genuine.tokens import Text

#: Words of the shortest run that two texts do not share by chance.
RUN = 3
#: Words of the shortest text that may be called the same: fewer stand anywhere.
LEAST = 6
#: Part of the words that must be ours, in our order, before it is called altered, and before it is ours at all.
ALTERED_FROM, OURS_FROM = 0.7, 0.35
#: Where less than this part is ours, this many places differ, and no sentence of so many words is ours whole, it is no
#: alteration of one text but another text by the same template, as daily reports are.
TEMPLATE_BELOW, TEMPLATE_PLACES, TEMPLATE_WORDS = 0.9, 3, 12
#: Words at the edge that stand where ours stand, up to which they are changed ones and not added ones.
EDGE = 4
#: Words shown around a change, and around an excerpt.
CONTEXT, AROUND = 2, 14
#: Places in ours at which one run of words is looked for.
PLACES = 8
#: Marks that change what an unbroken part says.
_TELLING = frozenset('?!"')


class Verdict(StrEnum):
    """The relation of a text to ours, the best first. The first four are said only of words unbroken in ours."""

    SAME = "same"
    LETTERS = "letters"
    MARKS = "marks"
    EXCERPT = "excerpt"
    GAPS = "gaps"
    ADDED = "added"
    ALTERED = "altered"
    RETOLD = "retold"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)

    @property
    def is_unbroken(self) -> bool:
        return self.rank <= Verdict.EXCERPT.rank


class How(StrEnum):
    CHANGED = "changed"
    PUT_IN = "put_in"
    LEFT_OUT = "left_out"
    ADDED = "added"
    LETTERS = "letters"
    MARKS = "marks"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, in the characters of both texts; `ours` or `theirs` is empty where there is nothing."""

    how: How
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict. `share`: the part of the text's words that are ours in our order.

    `before` and `after`: what we wrote around an excerpt.
    """

    verdict: Verdict
    share: float = 0.0
    differences: tuple[Difference, ...] = ()
    before: str = ""
    after: str = ""


NOT_OURS = Judged(Verdict.UNKNOWN)


def judge(theirs: Text, ours: Text) -> Judged:
    """Compare a text with a published one."""
    if not theirs.words or not ours.words:
        return NOT_OURS
    at = _place(theirs.keys, ours.keys)
    return _changed(theirs, ours) if at is None else _unbroken(theirs, ours, at)


def _place(part: Sequence[str], whole: Sequence[str]) -> int | None:
    """Return where the words of `part` stand in `whole` without a break."""
    text, sought = "\0" + "\0".join(whole) + "\0", "\0" + "\0".join(part) + "\0"
    found = text.find(sought)
    return text.count("\0", 0, found) if found >= 0 else None


# The words stand unbroken in ours


def _unbroken(theirs: Text, ours: Text, at: int) -> Judged:
    count = len(theirs.words)
    pairs = list(zip(ours.words[at : at + count], theirs.words, strict=True))
    letters = tuple(
        Difference(How.LETTERS, ours.text[one.start : one.end], theirs.text[other.start : other.end])
        for one, other in pairs
        if one.plain != other.plain
    )
    if letters:
        return Judged(Verdict.LETTERS, 1.0, letters)
    is_all = count == len(ours.words) and theirs.whole and ours.whole
    if marks := tuple(_marks(theirs, ours, at, is_all=is_all)):
        return Judged(Verdict.MARKS, 1.0, marks)
    if is_all:
        return Judged(Verdict.SAME, 1.0)
    before, after = ours.part(at - AROUND, at), ours.part(at + count, at + count + AROUND)
    return Judged(Verdict.EXCERPT, 1.0, before=before, after=after)


def _marks(theirs: Text, ours: Text, at: int, *, is_all: bool) -> Iterator[Difference]:
    """The places where other marks stand. At the edges of a part only questions and exclamations count."""
    count = len(theirs.words)
    for gap in range(count + 1):
        edge = gap in (0, count)
        one, other = ours.gaps[at + gap], theirs.gaps[gap]
        if edge:
            one, other = _loud(one), _loud(other)
            if gap == 0 and not is_all:
                one = other
        elif not is_all:
            one, other = (("".join(mark for mark in each if mark in _TELLING)) for each in (one, other))
        if one != other:
            yield Difference(How.MARKS, _around(ours, at + gap), _around(theirs, gap))


def _loud(marks: str) -> str:
    return "".join(mark for mark in marks if mark in "?!")


def _around(text: Text, gap: int) -> str:
    """Return the word before a gap with the marks after it, and the next word."""
    first, last = max(gap - 1, 0), min(gap + 1, len(text.words))
    tail = text.between(last).split("\n")[0].rstrip() if gap == len(text.words) else ""
    return f"{text.part(first, last)}{tail}" if gap else f"{text.between(0).strip()} {text.part(0, 1)}".strip()


# They do not


@dataclass(frozen=True, slots=True)
class _Step:
    """A stretch of the alignment: words `x0` to `x1` of ours stand against words `y0` to `y1` of theirs."""

    equal: bool
    x0: int
    x1: int
    y0: int
    y1: int


@dataclass(slots=True)
class _Kinds:
    """The differences, by whether they stand inside of what is ours, beside it, or are sentences left out."""

    inner: list[Difference] = field(default_factory=list)
    beside: list[Difference] = field(default_factory=list)
    left_out: list[Difference] = field(default_factory=list)


def _changed(theirs: Text, ours: Text) -> Judged:
    a, b = ours.keys, theirs.keys
    start, at, length = _longest_run(a, b)
    if length < RUN:
        return NOT_OURS
    steps = _aligned(a, b, *_window(len(a), len(b), start, at))
    runs = [step for step in steps if step.equal]
    share = sum(run.y1 - run.y0 for run in runs) / len(b)
    solid = [run for run in runs if run.y1 - run.y0 >= RUN or _is_an_end(run, len(a), len(b))]
    if share < OURS_FROM or not solid:
        return Judged(Verdict.UNKNOWN, share)
    kinds = _Kinds()
    _inside(theirs, ours, steps, solid, kinds)
    _at_the_edges(theirs, ours, solid[0], solid[-1], kinds)
    judged = _decided(kinds, share)
    return replace(judged, verdict=Verdict.RETOLD) if _is_another(theirs, judged, runs) else judged


def _is_another(theirs: Text, judged: Judged, runs: Sequence[_Step]) -> bool:
    """True for a text that has a template in common with ours, and no sentence."""
    if judged.verdict is not Verdict.ALTERED or judged.share >= TEMPLATE_BELOW:
        return False
    if len(judged.differences) < TEMPLATE_PLACES:
        return False
    whole = [(first, last) for first, last in theirs.sentences() if last - first >= TEMPLATE_WORDS]
    return not any(run.y0 <= first and last <= run.y1 for first, last in whole for run in runs)


def _is_an_end(run: _Step, ours: int, theirs: int) -> bool:
    """True if both texts begin, or end, with these words: few are no chance there."""
    return (run.x0, run.y0) == (0, 0) or (run.x1, run.y1) == (ours, theirs)


def _decided(kinds: _Kinds, share: float) -> Judged:
    found = (*kinds.inner, *kinds.beside, *kinds.left_out)
    if kinds.inner:
        return Judged(Verdict.ALTERED if share >= ALTERED_FROM else Verdict.RETOLD, share, found)
    if kinds.beside:
        return Judged(Verdict.ADDED, share, found)
    return Judged(Verdict.GAPS if kinds.left_out else Verdict.ALTERED, share, found)


def _longest_run(a: Sequence[str], b: Sequence[str]) -> tuple[int, int, int]:
    """Return where the longest run of equal words begins in `a` and in `b`, and how many words it has.

    Of words that repeat without end only the first places are looked at.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(a) - RUN + 1):
        here = places.setdefault(tuple(a[at : at + RUN]), [])
        if len(here) < PLACES:
            here.append(at)
    best, row = (0, 0, 0), dict[int, int]()
    for at in range(len(b) - RUN + 1):
        new: dict[int, int] = {}
        for place in places.get(tuple(b[at : at + RUN]), ()):
            size = new[place] = row.get(place - 1, 0) + 1
            if size + RUN - 1 > best[2]:
                best = (place - size + 1, at - size + 1, size + RUN - 1)
        row = new
    return best


def _window(ours: int, theirs: int, start: int, at: int) -> tuple[int, int]:
    """Return the part of ours that a text is laid beside.

    A short one lies near its longest run; words far away are equal by chance.
    """
    if theirs >= ours // 2:
        return 0, ours
    slack = theirs // 2 + 6
    return max(0, start - at - slack), min(ours, start + theirs - at + slack)


def _aligned(a: Sequence[str], b: Sequence[str], low: int, high: int) -> list[_Step]:
    """Return the alignment; neighbouring words that are gone and put in are one change."""
    steps: list[_Step] = []
    for op in Indel.opcodes(a[low:high], b):
        step = _Step(op.tag == "equal", op.src_start + low, op.src_end + low, op.dest_start, op.dest_end)
        if steps and not step.equal and not steps[-1].equal:
            last = steps.pop()
            step = _Step(False, last.x0, step.x1, last.y0, step.y1)
        steps.append(step)
    return steps


def _inside(theirs: Text, ours: Text, steps: Sequence[_Step], solid: Sequence[_Step], kinds: _Kinds) -> None:
    """Sort the differences between the first and the last run that is no chance."""
    first, last = solid[0], solid[-1]
    for step in steps:
        if step.equal or step.x0 < first.x1 or step.x1 > last.x0 or step.y0 < first.y1 or step.y1 > last.y0:
            continue
        if step.y0 == step.y1 and _are_sentences(ours, step.x0, step.x1):
            kinds.left_out.append(Difference(How.LEFT_OUT, ours.part(step.x0, step.x1), ""))
        else:
            kinds.inner.append(_difference(theirs, ours, step))


def _difference(theirs: Text, ours: Text, step: _Step) -> Difference:
    how = How.CHANGED if step.x0 < step.x1 and step.y0 < step.y1 else How.PUT_IN if step.y0 < step.y1 else How.LEFT_OUT
    one = ours.part(step.x0 - CONTEXT, step.x1 + CONTEXT)
    return Difference(how, one, theirs.part(step.y0 - CONTEXT, step.y1 + CONTEXT))


def _at_the_edges(theirs: Text, ours: Text, first: _Step, last: _Step, kinds: _Kinds) -> None:
    """Words before or after what is ours: changed ones where they stand in the place of ours, else added ones."""
    head, tail = first.y0, len(theirs.words) - last.y1
    for count, x0, x1, y0, y1 in (
        (head, max(0, first.x0 - head - 2), first.x0, 0, first.y0),
        (tail, last.x1, min(len(ours.words), last.x1 + tail + 2), last.y1, len(theirs.words)),
    ):
        if not count:
            continue
        near = {word.key for word in ours.words[x0:x1]}
        beside = {word.key for word in theirs.words[y0:y1]}
        if near and (count <= EDGE or near & beside):
            kinds.inner.append(Difference(How.CHANGED, ours.part(x0, x1), theirs.part(y0, y1)))
        else:
            kinds.beside.append(Difference(How.ADDED, "", theirs.part(y0, y1)))


def _are_sentences(ours: Text, x0: int, x1: int) -> bool:
    """True if these words of ours are whole sentences; the same words at both ends allow several readings."""
    while True:
        if _is_an_edge(ours, x0) and _is_an_edge(ours, x1):
            return True
        if not x0 or ours.words[x0 - 1].key != ours.words[x1 - 1].key:
            return False
        x0, x1 = x0 - 1, x1 - 1


def _is_an_edge(text: Text, at: int) -> bool:
    return at in (0, len(text.words)) or any(mark in ".!?…\n" for mark in text.between(at))
