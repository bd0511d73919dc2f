"""Between columns and values: instants are integer UTC milliseconds, addresses are `platform:id`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeVar

from bot.domain import Address, Platform
from bot.errors import Damaged


class _Columns(Protocol):
    def __getitem__(self, name: str, /) -> object: ...


T = TypeVar("T")
R = TypeVar("R", bound=_Columns)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
#: Instants that every zone can show, in milliseconds.
_FIRST = (datetime(2, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND
_LAST = (datetime(9998, 1, 1, tzinfo=UTC) - _EPOCH) // _MILLISECOND


def to_ms(at: datetime) -> int:
    return (at - _EPOCH) // _MILLISECOND


def to_time(ms: int) -> datetime:
    """Return the instant; beyond the calendar, which only a damaged row is, its first or last year."""
    return _EPOCH + timedelta(milliseconds=min(max(ms, _FIRST), _LAST))


@contextmanager
def of_article(article_id: object) -> Iterator[None]:
    """Read rows of an article: what they hold and we never wrote raises `Damaged`."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Damaged("#{id} can't be read: its text in the database is damaged.", id=article_id) from error


def readable(rows: Iterable[R], read: Callable[[R], T], of: str = "article_id") -> list[T]:
    """Return what the rows say that can be read: a damaged one stops itself alone. `of` is the article's column."""
    found: list[T] = []
    for row in rows:
        with suppress(Damaged), of_article(row[of]):
            found.append(read(row))
    return found


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
