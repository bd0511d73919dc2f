"""The lead among several processes: the lock, whose it is, and how long a silent one may keep it."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.errors import NotStored
from bot.storage.postgres.words import Connection, Row

#: The number of the lock that the one writing process holds in its database ("VISN").
LOCK = 0x5649534E
#: Seconds without a word from the database after which a leader sends nothing: another one may lead by then.
LEASE = 3.0
#: Seconds without a word from the leader after which a process that stands by replaces it: longer than `LEASE`, so
#: that what was paused meanwhile knows when it wakes.
SILENT = 5.0
#: Seconds by which the clock of a leader may differ from the database's.
CLOCK = 2.0
_HELD = """FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = 0 AND objid = %(lock)s AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""
#: Whose connection holds the lock, and since when it stands.
HOLDER = f"SELECT application_name AS name, backend_start AS since {_HELD}"
#: The leader's connection while the server waits for a word of it, and when it spoke last. Only a house that runs
#: speaks every second: one that copies a database may be busy elsewhere.
_QUIET = f"""SELECT pid, CAST(state_change AS TEXT) AS spoke {_HELD}
    AND application_name LIKE 'visnyk %%:%%' AND (state <> 'active' OR wait_event_type = 'Client')"""
#: Our own earlier connection: the server may not have noticed that it broke, and hold its lock.
_END_EARLIER = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = %(name)s AND pid <> pg_backend_pid() AND datname = current_database()
        AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"""
#: The clock that nobody sets and that goes on while the machine sleeps.
_LASTING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class Replaced(NotStored):
    """Another process works on the database, or has: what this one remembers is not how it stands."""


def lasting() -> float:
    """Return seconds by the clock that nobody sets; a pause of the process or of its machine counts."""
    return time.clock_gettime(_LASTING)


class Silence:
    """The time for which the leader has not spoken, by our own clock."""

    def __init__(self, now: Callable[[], float] = lasting) -> None:
        self._now = now
        self._heard: tuple[object, object] | None = None
        self._since = 0.0

    def is_too_long(self, heard: tuple[object, object] | None) -> bool:
        """True if this connection and its last word have been the leader's for too long. None: it is not waited for."""
        if heard is None or heard != self._heard:
            self._heard, self._since = heard, self._now()
            return False
        return self._now() - self._since >= SILENT


async def holder(connection: Connection) -> str:
    """The machine and process that hold the lock, as they call themselves; empty: nobody does."""
    row = await _row(connection, HOLDER, lock=LOCK)
    return "" if row is None else str(row["name"]).removeprefix("visnyk ").rpartition(" ")[0] or str(row["name"])


async def unlock(connection: Connection) -> None:
    await _row(connection, "SELECT pg_advisory_unlock(%(lock)s)", lock=LOCK)


async def locked(connection: Connection) -> bool:
    """Try to take the lock."""
    row = await _row(connection, "SELECT pg_try_advisory_lock(%(lock)s)", lock=LOCK)
    return row is not None and bool(row[0])


async def end_earlier(connection: Connection, name: str) -> None:
    """End what is left of an earlier connection of this process."""
    await _row(connection, _END_EARLIER, name=name)


async def end_silent(connection: Connection, silence: Silence) -> bool:
    """End the connection of a leader that has been silent for too long: it may be paused. True if it was."""
    row = await _row(connection, _QUIET, lock=LOCK)
    if not silence.is_too_long((row["pid"], row["spoke"]) if row is not None else None) or row is None:
        return False
    await _row(connection, "SELECT pg_terminate_backend(CAST(%(pid)s AS integer))", pid=row["pid"])
    return True


async def ahead(connection: Connection, clock: Callable[[], float]) -> float:
    """Return by how many seconds our clock is surely ahead of the database's, however slow; negative: behind."""
    before = clock()
    row = await _row(connection, "SELECT CAST(extract(epoch FROM clock_timestamp()) AS float8)")
    after = clock()
    return max(before - float(row[0]), min(after - float(row[0]), 0.0)) if row is not None else 0.0


def clock_fault(ahead: float) -> str:
    """Say what is wrong with our clock; empty: it is right enough to lead."""
    if abs(ahead) <= CLOCK:
        return ""
    way = "ahead of" if ahead > 0 else "behind"
    return f"The clock of this machine is {abs(ahead):.0f} s {way} the database's. Have its time synchronised (NTP)."


async def _row(connection: Connection, sql: str, **params: object) -> Row | None:
    return await (await connection.execute(sql.encode(), params or None)).fetchone()
