"""Suggestions: the kind of change that another text of an article amounts to."""

from __future__ import annotations

from difflib import SequenceMatcher

from bot.domain.article import Article
from bot.domain.change import ChangeKind
from bot.domain.misprint import text_of


def suggested(old: Article, new: Article, *, is_misprint: bool) -> tuple[ChangeKind, ...]:
    """Return the kinds that a change may be, the likeliest first. What only adds words takes nothing back."""
    if is_misprint:
        return (ChangeKind.TYPO,)
    kinds = (ChangeKind.CORRECTION, ChangeKind.UPDATE)
    return kinds[::-1] if _only_adds(text_of(old).split(), text_of(new).split()) else kinds


def _only_adds(old: list[str], new: list[str]) -> bool:
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return all(step in ("equal", "insert") for step, *_ in steps)
