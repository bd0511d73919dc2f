"""Small values that are kept as rows: a code for the class, JSON for its fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, time, timedelta
from typing import Any, ClassVar


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


def flat(value: Any) -> dict[str, Any]:
    """The fields as they are: `asdict` copies all of it deeply, which takes five times as long."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


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
