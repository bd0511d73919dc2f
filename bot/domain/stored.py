"""Small values that are kept as rows: a code for the class, JSON for its fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, time, timedelta
from typing import ClassVar


class Stored:
    """A frozen value that outlives a version of Visnyk. `code` names its class in the row."""

    __slots__ = ()
    code: ClassVar[str]
    #: Today's names of fields that older rows call otherwise.
    renamed: ClassVar[Mapping[str, str]] = {}


def to_json(value: Stored) -> str:
    """Return the fields of a value as its row holds them."""
    assert is_dataclass(value) and not isinstance(value, type)
    return json.dumps(asdict(value), ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    """Return a value that JSON has no word for as one that it has; a set becomes a sorted list."""
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"no JSON for {value!r}")


@dataclass(frozen=True, slots=True)
class AboutArticle:
    """Something about one article."""

    article: int


@dataclass(frozen=True, slots=True)
class AboutDispatch:
    """Something about one dispatch, and so about its article."""

    dispatch: int
