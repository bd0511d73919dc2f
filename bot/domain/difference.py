"""What changed between two versions of an article, word by word, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from bot.domain.article import Article, Paragraph, Run

#: So many unchanged words are shown on each side of a change, and of a long change so many at its ends.
CONTEXT = 3
ENDS = 12
#: Paragraphs longer than this, in words, are shown as replaced: comparing them would take too long.
COMPARED = 2000


@dataclass(frozen=True, slots=True)
class Change:
    """`field` is the article's. `removed` and `added` are what it said and says, the words that differ in bold.

    Empty: nothing was there; both empty: it looks different and reads the same (bold, another picture).
    """

    field: str
    removed: Paragraph
    added: Paragraph


def changed_fields(old: Article, new: Article) -> set[str]:
    return {field.name for field in fields(Article) if getattr(old, field.name) != getattr(new, field.name)}


def difference(old: Article, new: Article) -> list[Change]:
    """In the order of the article's parts."""
    return [change for field in fields(Article) for change in _of_field(field.name, old, new)]


def _of_field(name: str, old: Article, new: Article) -> Iterator[Change]:
    before, after = getattr(old, name), getattr(new, name)
    if before == after:
        return
    one, other = _lines(before), _lines(after)
    if one == other:
        yield Change(name, (), ())
    for kind, low, high, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            for removed, added in zip_longest(one[low:high], other[start:end], fillvalue=""):
                yield _of_words(name, removed, added)


def _lines(value: object) -> list[str]:
    """A part of an article as lines of text; an address stands behind the words that it is linked to."""
    if isinstance(value, tuple) and value and isinstance(value[0], Run):
        return ["".join(f"{run.text} ({run.link})" if run.link else run.text for run in value)]
    if isinstance(value, tuple):
        return [line for item in value for line in _lines(item)]
    if is_dataclass(value):
        # A file is known by a name that says nothing to people.
        shown = [_lines(getattr(value, each.name)) for each in fields(value) if each.name not in ("file", "size")]
        return [" ".join(line for lines in shown for line in lines)]
    return [text] if (text := "✓" if value is True else str(value or "").strip()) else []


def _of_words(field: str, removed: str, added: str) -> Change:
    one, other = removed.split(), added.split()
    if max(len(one), len(other)) > COMPARED:
        one, other = one[:COMPARED], other[:COMPARED]
        return Change(field, *(_shown([(True, side)]) for side in (one, other)))
    before: list[tuple[bool, Sequence[str]]] = []
    after: list[tuple[bool, Sequence[str]]] = []
    for kind, low, high, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        before.append((kind != "equal", one[low:high]))
        after.append((kind != "equal", other[start:end]))
    return Change(field, _shown(before), _shown(after))


def _shown(stretches: Sequence[tuple[bool, Sequence[str]]]) -> Paragraph:
    """The changed words of one side and a little around them; nothing when none of its words changed."""
    kept = [(changed, words) for changed, words in stretches if words]
    if not any(changed for changed, _ in kept):
        return ()
    runs: list[Run] = []
    for place, (changed, words) in enumerate(kept):
        if changed:
            text = _cut(words, ENDS, ENDS)
        else:
            text = _cut(words, CONTEXT if place else 0, CONTEXT if place < len(kept) - 1 else 0)
        runs += [Run(" "), Run(text, bold=changed)] if runs else [Run(text, bold=changed)]
    return tuple(runs)


def _cut(words: Sequence[str], first: int, last: int) -> str:
    """`first` words of the beginning and `last` of the end, and an ellipsis for what is between or beyond."""
    if len(words) <= first + last + 1:
        return " ".join(words)
    return " ".join([*words[:first], "…", *words[len(words) - last :]])
