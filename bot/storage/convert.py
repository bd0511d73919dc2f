"""Between columns and values: instants are integer UTC milliseconds, addresses are `platform:id`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain import Address, Platform

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def to_time(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


def to_address(text: str) -> Address:
    platform, _, identity = text.partition(":")
    return Address(Platform(platform), identity)


def each_of(name: str, values: Iterable[object]) -> tuple[str, dict[str, str]]:
    """The inside of `IN (…)` for `values`, and the parameters that it names: `:chat0, :chat1`."""
    named = {f"{name}{number}": str(value) for number, value in enumerate(values)}
    return ", ".join(f":{each}" for each in named), named


def spaced(words: Sequence[str]) -> str:
    """The words with a space around each, so that one of them can be looked for in a column."""
    return f" {' '.join(words)} " if words else ""
