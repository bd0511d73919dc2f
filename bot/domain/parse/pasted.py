"""A text as somebody sent it, washed and cut into lines once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import clean, merge
from bot.domain.parse.fields import EDIT_KEYS, Field, field_of
from bot.domain.parse.lines import lines_of
from bot.errors import Refused

#: Longest text that is taken, in characters: five messages of Telegram's, more than any post shows.
TEXT_LIMIT = 20_000
_TOO_LONG = "The text has {length} characters, at most {limit} fit. Shorten it and send it again."
#: A paragraph has more words than this.
_WORDS = 4
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """`said` is the text as it came; `lines` are its clean lines without outer white space, an empty one is empty.

    `removed` counts the characters taken out that nobody saw. `fields` is None if any line is not a field. `formless`
    are the stretches whose link is no web address: an article has no form for them.
    """

    said: tuple[Run, ...]
    lines: tuple[Paragraph, ...]
    removed: int
    fields: tuple[Field, ...] | None
    formless: tuple[Run, ...] = ()

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Pasted:
        length = sum(len(run.text) for run in runs)
        if length > TEXT_LIMIT:
            raise Refused(_TOO_LONG, length=length, limit=TEXT_LIMIT)
        formless = tuple(run for run in merge(runs) if run.link and not _WEB.match(run.link))
        cleaned = clean([run if _WEB.match(run.link) else replace(run, link="") for run in runs])
        lines = lines_of(cleaned.runs)
        read = [field_of(line, EDIT_KEYS) for line in lines if line]
        fields = tuple(field for field in read if field)
        only_fields = bool(fields) and len(fields) == len(read)
        return cls(tuple(runs), tuple(lines), cleaned.removed, fields if only_fields else None, formless)

    @property
    def is_empty(self) -> bool:
        return not plain(self.said).strip()

    @property
    def is_change(self) -> bool:
        """True for field lines that can't be a remark; «Джерело: яке?» and «Терміново!» may be remarks."""
        if self.fields is None:
            return False
        colons = sum(":" in plain(line) for line in self.lines)
        return colons == len(self.fields) and not any(field.value.endswith("?") for field in self.fields)


#: Characters from which a text of several lines is an article, and one of a single line.
_SEVERAL_LINES, _ONE_LINE = 80, 160


def is_more_than_a_remark(text: str) -> bool:
    """True for a text that nobody says to a colleague: a headline with a paragraph, or a long paragraph."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    length = sum(map(len, lines))
    has_paragraph = any(len(line.split()) > _WORDS for line in lines[1:])
    return length >= _ONE_LINE or (length >= _SEVERAL_LINES and len(lines) > 1 and has_paragraph)
