"""The part of an article that a person has seen, and what is new since: a later question tells only that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.article import Article, Run
from bot.domain.difference import Change, difference

#: Parts that no line of text tells whole: of these a person has to see the post.
_TO_BE_SEEN = frozenset({"media"})


@dataclass(frozen=True, slots=True)
class Seen:
    """An article as it was asked about: its version, the time that it was to go out (None: whenever an editor publishes
    it) and its outlets.
    """

    version: int
    due_at: datetime | None
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """The news since a person looked. `changes`: of the text, none of them cut. `due_before`: the time
    that they saw, where it is another now.
    """

    changes: tuple[Change, ...] = ()
    time: bool = False
    outlets: bool = False
    due_before: datetime | None = None

    @property
    def is_none(self) -> bool:
        return not (self.changes or self.time or self.outlets)

    @property
    def is_time_alone(self) -> bool:
        return self.time and not (self.changes or self.outlets)


def news(seen: Seen, now: Seen, old: Article, new: Article) -> News | None:
    """Return what is new; None if words can't tell all of it, so that the whole post must be shown again."""
    changes = tuple(difference(old, new, whole=True)) if old != new else ()
    if old != new and not _is_told(changes, old, new):
        return None
    return News(changes, seen.due_at != now.due_at, sorted(seen.outlets) != sorted(now.outlets), seen.due_at)


def _is_told(changes: Sequence[Change], old: Article, new: Article) -> bool:
    """Lines of text do not tell a picture, and not how words look."""
    is_text = all((each.removed or each.added) and each.field not in _TO_BE_SEEN for each in changes)
    return bool(changes) and is_text and old.media == new.media and _looks(old) == _looks(new)


def _looks(article: Article) -> list[Run]:
    runs = [run for paragraph in (article.opening, *article.body) for run in paragraph]
    return [run for run in runs if run != Run(run.text, link=run.link)]
