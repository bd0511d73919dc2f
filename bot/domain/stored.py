"""Small values that are kept as rows: a code for the class, JSON for its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class Stored:
    """A frozen value that outlives a version of Visnyk. `code` names its class in the row."""

    __slots__ = ()
    code: ClassVar[str]
    #: Today's names of fields that older rows call otherwise.
    renamed: ClassVar[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class AboutArticle:
    """Something about one article."""

    article: int


@dataclass(frozen=True, slots=True)
class AboutDispatch:
    """Something about one dispatch, and so about its article."""

    dispatch: int
