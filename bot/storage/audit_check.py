"""Verification of the audit log: every entry is read again, and its end compared with a head noted elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol

from bot.domain.audit import Fault, Head, Verdict, follow, goes_on

#: Below every number that a row can have.
_FIRST = -(2**63)


class Log(Protocol):
    """The audit log of one state of a database."""

    def entries(self, after: int, *, one: bool = False) -> Iterable[tuple[Any, ...]]:
        """Return the entries after that number in their order, or the first of them: id, at, …, hash."""
        ...

    def heads(self) -> list[tuple[Any, ...]]:
        """Return the rows of the head: one, id, hash."""
        ...

    def counted(self) -> list[int]:
        """Return the highest number as the engine itself remembers it; nothing if it remembers none."""
        ...

    def strange_guard(self) -> str:
        """Return the name of a guard that is not as the migrations made it; empty: all are."""
        ...

    def unproven(self) -> list[str]:
        """Name the rows that the log does not prove."""
        ...


def check_log(log: Log, posted: Sequence[Head] = ()) -> Verdict:
    """Read the whole log again. `posted`: heads that were told outside of the database."""
    head, fault = _followed(log, posted)
    fault = fault or _end(log, head, posted) or _guards(log)
    return Verdict(head, fault, tuple(log.unproven()) if fault is None else ())


def _followed(log: Log, posted: Sequence[Head]) -> tuple[Head, Fault | None]:
    """The last sound entry, and what is wrong with the one after it."""
    open_heads: defaultdict[int, list[Head]] = defaultdict(list)
    for told in posted:
        open_heads[told.id].append(told)
    head = Head()
    fault = _differs(head, open_heads)
    while fault is None:
        head = _far(log, head, open_heads.keys())
        if head.id in open_heads and (fault := _differs(head, open_heads)):
            break
        row = next(iter(log.entries(_end_of(head), one=True)), None)
        if row is None:
            break
        after, fault = follow(head, row)
        head = after if fault is None else head
        fault = fault or _differs(head, open_heads)
    return head, fault


def _far(log: Log, head: Head, stops: Collection[int]) -> Head:
    """The last entry that follows soundly, or the first one of `stops`. A million of them is a matter of seconds."""
    number, seal = head.id, head.hash
    for row in log.entries(_end_of(head)):
        if not goes_on(number, seal, row):
            break
        number, seal = row[0], row[6]
        if number in stops:
            break
    return Head(number, seal)


def _end_of(head: Head) -> int:
    """Return the number after which the next entry stands; before the first there is none."""
    return head.id or _FIRST


def _differs(head: Head, posted: dict[int, list[Head]]) -> Fault | None:
    if all(head.is_noted_as(told) for told in posted.get(head.id, ())):
        return None
    return Fault(head.id, "is another than the one whose head was posted: the log was rewritten up to here.")


def _end(log: Log, head: Head, posted: Sequence[Head]) -> Fault | None:
    """The end may have been cut off: three places remember it."""
    rows = log.heads()
    last = max([*log.counted(), *(row[1] for row in rows), *(told.id for told in posted)], default=0)
    if last > head.id:
        return Fault(head.id + 1, f"is missing: the log went on to entry {last}.")
    if rows != [(1, head.id, head.hash)] or log.counted() not in ([], [head.id]):
        return Fault(
            head.id, "is the last, but the head kept beside the log is another." if head.id else "its head is another."
        )
    return None


def _guards(log: Log) -> Fault | None:
    if name := log.strange_guard():
        return Fault(0, f"its guard “{name}” is not as it was made; somebody worked on the database.")
    return None
