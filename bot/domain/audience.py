"""The readers of a platform whom an article concerns, by the language that they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

#: The choice of a reader who wants the articles of every language.
ALL = "all"


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers of an article in `language`; empty: everybody.

    `others` are the newsroom's other languages if `language` is its first: that one also goes to those who have not
    chosen, whatever their app speaks, because less comes only to a reader who was told so.
    """

    language: str = ""
    others: tuple[str, ...] = ()

    @classmethod
    def of(cls, language: str, ours: Sequence[str]) -> Audience:
        """The audience of an article, in a newsroom with the languages `ours`, the first one first."""
        if len(ours) < 2 or language not in ours:
            return cls()
        return cls(language, tuple(ours[1:]) if language == ours[0] else ())

    def has(self, reads: str, app: str) -> bool:
        """True if a reader gets it who chose `reads` (empty: nothing) and whose app speaks `app`."""
        if not self.language or reads in (self.language, ALL) or (not reads and app == self.language):
            return True
        return bool(self.others) and reads not in self.others


#: The audience of an article in a newsroom with one language.
EVERYBODY = Audience()
