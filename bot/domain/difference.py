"""Compares two versions of an article word by word, for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest

from bot.domain.article import Article, Origin, Paragraph, Run

#: Unchanged words that are shown on each side of a change.
CONTEXT = 3
#: Words that are shown at each end of a long change.
ENDS = 12
#: Longest paragraph that is compared, in words; comparing a longer one would take too long, so it shows as replaced.
COMPARED = 2000


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one field: `removed` is what it said, `added` what it says, with the differing words in bold.

    An empty side means that nothing was there. Both are empty if it reads the same but looks different.
    """

    field: str
    removed: Paragraph
    added: Paragraph


def changed_fields(old: Article, new: Article) -> set[str]:
    old, new = _as_read(old), _as_read(new)
    return {field.name for field in fields(Article) if getattr(old, field.name) != getattr(new, field.name)}


def difference(old: Article, new: Article, *, whole: bool = False) -> list[Change]:
    """The changes, in the order of the article's parts. `whole`: no changed word is left out."""
    old, new = _as_read(old), _as_read(new)
    return [change for field in fields(Article) for change in _of_field(field.name, old, new, whole)]


def _as_read(article: Article) -> Article:
    """The article without the lines that were left out of it, which are no part of it."""
    if not article.left_out:
        return article
    origin = Origin(article.origin.author, article.origin.date) if article.origin is not None else Origin()
    return replace(article, origin=origin if origin != Origin() else None)


def _part(article: Article, name: str) -> object:
    """A part of an article, the lead with its formatting, which therefore is no part of its own.

    What was changed after it went out is told by its note.
    """
    if name == "lead":
        return (article.opening,)
    return () if name in ("marked_lead", "changes") else getattr(article, name)


def _of_field(name: str, old: Article, new: Article, whole: bool) -> Iterator[Change]:
    before, after = _part(old, name), _part(new, name)
    if before == after:
        return
    one, other = _lines(before), _lines(after)
    if one == other:
        yield Change(name, (), ())
    for kind, low, high, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind != "equal":
            for removed, added in zip_longest(one[low:high], other[start:end], fillvalue=""):
                yield _of_words(name, removed, added, whole)


def _lines(value: object) -> list[str]:
    """A part of an article as lines of text; the address of a link stands behind its words."""
    if isinstance(value, tuple) and value and isinstance(value[0], Run):
        return ["".join(f"{run.text} ({run.link})" if run.link else run.text for run in value)]
    if isinstance(value, tuple):
        return [line for item in value for line in _lines(item)]
    if is_dataclass(value):
        # The name of a file and its size mean nothing to people.
        shown = [
            _lines(getattr(value, each.name)) for each in fields(value) if each.name not in ("file", "size", "borrowed")
        ]
        return [" ".join(line for lines in shown for line in lines)]
    return [text] if (text := "✓" if value is True else str(value or "").strip()) else []


def _of_words(field: str, removed: str, added: str, whole: bool) -> Change:
    one, other = removed.split(), added.split()
    if max(len(one), len(other)) > COMPARED:
        if not whole:
            one, other = one[:COMPARED], other[:COMPARED]
        return Change(field, *(_shown([(True, side)], whole) for side in (one, other)))
    before: list[tuple[bool, Sequence[str]]] = []
    after: list[tuple[bool, Sequence[str]]] = []
    for kind, low, high, start, end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        before.append((kind != "equal", one[low:high]))
        after.append((kind != "equal", other[start:end]))
    return Change(field, _shown(before, whole), _shown(after, whole))


def _shown(stretches: Sequence[tuple[bool, Sequence[str]]], whole: bool) -> Paragraph:
    """The changed words of one side with a little around them; empty if none of its words changed."""
    kept = [(changed, words) for changed, words in stretches if words]
    if not any(changed for changed, _ in kept):
        return ()
    runs: list[Run] = []
    for place, (changed, words) in enumerate(kept):
        if changed:
            text = " ".join(words) if whole else _cut(words, ENDS, ENDS)
        else:
            text = _cut(words, CONTEXT if place else 0, CONTEXT if place < len(kept) - 1 else 0)
        runs += [Run(" "), Run(text, bold=changed)] if runs else [Run(text, bold=changed)]
    return tuple(runs)


def _cut(words: Sequence[str], first: int, last: int) -> str:
    """The `first` words and the `last` ones, with an ellipsis for those left out."""
    if len(words) <= first + last + 1:
        return " ".join(words)
    return " ".join([*words[:first], "…", *words[len(words) - last :]])
