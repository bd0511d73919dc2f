"""Between a row's JSON and the small frozen value that it stands for."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.domain.stored import Stored, to_json

log = structlog.get_logger(__name__)

__all__ = ["from_json", "to_json"]
V = TypeVar("V", bound=Stored)


def from_json(known: Mapping[str, type[V]], code: str, text: str) -> V | None:
    """The value of a row. None, and a line in the log, if another version of Visnyk wrote what this one cannot read."""
    kind = known.get(code)
    if kind is None:
        log.warning("row_of_another_version", code=code)
        return None
    try:
        data = {kind.renamed.get(name, name): field for name, field in json.loads(text).items()}
        # mypy looks for `__hash__` in the class itself, not in its type.
        value: V = _adapter(cast("Hashable", kind)).validate_python(data)
    except ValueError as error:
        found = error.errors() if isinstance(error, ValidationError) else []
        fields = [".".join(map(str, each["loc"])) for each in found]
        log.warning("row_of_another_version", code=code, fields=fields)
        return None
    return value


@cache
def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    """Made at the first row of its kind: each takes about a millisecond."""
    return TypeAdapter(kind)
