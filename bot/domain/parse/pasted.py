"""A text as somebody sent it, washed and cut into lines once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.article import Paragraph, Run, plain
from bot.domain.clean import clean
from bot.domain.parse.fields import EDIT_KEYS, Field, field_of
from bot.domain.parse.lines import lines_of


@dataclass(frozen=True, slots=True)
class Pasted:
    """`said` is the text as it came; `lines` are its clean lines without outer white space, an empty one is empty.

    `removed` counts the characters taken out that nobody saw. `fields` is None if any line is not a field.
    """

    said: tuple[Run, ...]
    lines: tuple[Paragraph, ...]
    removed: int
    fields: tuple[Field, ...] | None

    @classmethod
    def of(cls, runs: Sequence[Run]) -> Pasted:
        cleaned = clean(runs)
        lines = lines_of(cleaned.runs)
        read = [field_of(line, EDIT_KEYS) for line in lines if line]
        fields = tuple(field for field in read if field)
        only_fields = bool(fields) and len(fields) == len(read)
        return cls(tuple(runs), tuple(lines), cleaned.removed, fields if only_fields else None)

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
