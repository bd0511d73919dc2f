"""The seam between the store's questions and the database that answers them.

Questions are written once, in SQL that every engine takes. What differs between engines is behind these two protocols.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

#: The signal that a write failed because the disk has no room.
FULL = "full"

#: The signal that another process works on the database by now: this one may write nothing more.
LOST = "lost"

Params = Mapping[str, Any]
T = TypeVar("T")
Q_co = TypeVar("Q_co", covariant=True)


class Row(Protocol):
    """One row of an answer: its columns by name or by place."""

    def __getitem__(self, column: str | int, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class Unreadable(Exception):
    """A column that was written as text holds bytes that are none: somebody worked on the database's files."""


class Driver(Protocol):
    """One connection. Parameters are written `:name` in every statement.

    Each method raises `NotStored` when the database can't serve right now, but may later. `seal_key`: what the ids of
    buttons are sealed with; it stands in no row.
    """

    seal_key: bytes

    async def all(self, sql: str, params: Params) -> Sequence[Row]:
        """Return the rows that a statement gives. Raises `Unreadable`."""
        ...

    async def run(self, sql: str, params: Params) -> int:
        """Execute a statement that gives no rows; return how many it changed."""
        ...

    async def many(self, sql: str, rows: Sequence[Params]) -> None:
        """Execute a statement once for each of `rows`."""
        ...

    def savepoint(self, error: type[Exception]) -> AbstractAsyncContextManager[None]:
        """A part of the transaction that is undone when `error` comes out of it, and goes on as `error`."""
        ...

    async def highest_given(self, table: str) -> int | None:
        """Return the highest number that the engine itself remembers giving in `table`; None if it remembers none."""
        ...


class Lead(Protocol):
    """The right to work on the database, which one process at a time has: it leads, and others stand by."""

    #: True while this process has it, as far as it knows.
    is_ours: bool
    #: Why this process does not lead, for an operator; empty while it does.
    why: str

    @property
    def may_serve(self) -> bool:
        """True if the tables are of this version, so that a process which stands by can read them and keep calls."""
        ...

    def may_send(self) -> bool:
        """True while surely no other process leads: asked right before each request to a platform."""
        ...

    async def take(self) -> None:
        """Return once this process leads. Raises `CannotStart`."""
        ...


class Alone:
    """`Lead` where no other process can get at the database."""

    is_ours = True
    why = ""
    may_serve = True

    def may_send(self) -> bool:
        return True

    async def take(self) -> None:
        """Return at once."""


class Engine(Protocol[Q_co]):
    """A database that is open. `read` asks what was committed; the writing questions fail there."""

    @property
    def read(self) -> Q_co: ...

    @property
    def lead(self) -> Lead: ...

    @property
    def trouble(self) -> str:
        """Return why the latest write was not taken; empty if it was."""
        ...

    @property
    def is_full(self) -> bool:
        """True from when the disk had no room until `find_room` finds some."""
        ...

    def find_room(self) -> bool:
        """Return True when the disk has room again."""
        ...

    def on(self, signal: str, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit in which `signal` was given."""
        ...

    async def write(self, work: Callable[[Q_co], Awaitable[T]], *, behind: bool = False) -> T:
        """Run `work` in a transaction; it is durable when this returns. While standing by: only what keeps calls.

        With `behind` it waits until nobody else writes. An exception of `work` undoes only its own part. Cancelling the
        caller does not undo it: once queued, it is carried out. Raises `NotStored` when the database can't take it.
        """
        ...

    async def hand_over(self) -> None:
        """Let another process lead, once only calls are still to be kept."""
        ...

    async def scrub(self) -> bool:
        """Overwrite what was deleted also in the engine's own logs. False: somebody reads just now, so try again."""
        ...

    async def close(self) -> None:
        """Carry out what was queued, then close."""
        ...
