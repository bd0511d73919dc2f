"""The audit chain's rows: one more at a time, and looked at."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain import Address
from bot.domain.audit import COLUMNS, AuditEntry, Head, canonical_json, follow, is_act
from bot.domain.authority import HALT
from bot.domain.events import KINDS
from bot.domain.people import Actor
from bot.errors import LogAltered
from bot.storage.convert import to_ms
from bot.storage.engine import Unreadable
from bot.storage.transaction import Row, Transaction

#: Marks what phones show of certain articles as out of date.
_OUTDATE = "INSERT INTO edit_shown (article_id, changed_by)"
_OUTDATED = "ON CONFLICT (article_id) DO UPDATE SET changed_by = excluded.changed_by"
#: Above every entry's number.
_LATER = 2**62


class AuditQueries(Transaction):
    async def record(
        self, actor: Actor | Address | str, act: str, subject: str, detail: Mapping[str, Any], now: datetime
    ) -> None:
        """One more entry, in the caller's transaction: what was done and its record stand or fall together.

        `actor` is an address, which is recorded as `person:3` if it is somebody's of the desk, or such a name itself,
        or `SYSTEM`; a member is recorded with the address beside them, as `from`. `act` is dotted lower case, `detail`
        JSON values. Raises `LogAltered` when the entry before is not as
        it was written: nothing is added to it, and so nothing done.
        """
        if not is_act(act):
            raise ValueError(f"not an act: {act!r}")
        who, source = await self._named(actor)
        if source is not None:
            detail = {**detail, "from": str(source)}
        # Read here each time: a rollback takes the head back too.
        head = await self.check_audit_end(1)
        entry = AuditEntry(head.id + 1, to_ms(now), who, act, subject, detail)
        new = head.then(entry)
        await self.run(
            """INSERT INTO audit (id, at, actor, act, subject, detail, hash)
               VALUES (:id, :at, :actor, :act, :subject, :detail, :hash)""",
            {
                "id": entry.id,
                "at": entry.at,
                "actor": who,
                "act": act,
                "subject": subject,
                "detail": canonical_json(detail),
                "hash": new.hash,
            },
        )
        await self.run("UPDATE audit_head SET id = :id, hash = :hash", {"id": new.id, "hash": new.hash})
        self.audit_end = new
        await self._outdate(subject)
        if (kind := KINDS.get(act)) is not None and subject.startswith("article:"):
            await self._note_event(kind, subject, detail, now)

    async def _note_event(self, kind: str, subject: str, detail: Mapping[str, Any], now: datetime) -> None:
        """Note what the newsroom's own system is to be told, if it wants that."""
        await self.run(
            """INSERT INTO event (kind, article_id, version, why, at, try_at)
               SELECT :kind, id, :version, :why, :now, :now FROM article
               WHERE id = :article AND EXISTS (SELECT 1 FROM event_wish)""",
            {
                "kind": kind,
                "article": int(subject.removeprefix("article:")),
                "version": detail.get("version", 0),
                "why": str(detail.get("why") or detail.get("kind", "")),
                "now": to_ms(now),
            },
        )
        self.signal("event")

    async def _outdate(self, subject: str) -> None:
        """Mark the messages on phones that the act may have made untrue: those about its article, or, if it is about a
        person or a halt, all that offer something.
        """
        about, _, number = subject.partition(":")
        if about == "article":
            await self.outdate(int(number))
        elif about in ("person", HALT):
            await self.run(f"{_OUTDATE} SELECT DISTINCT article_id, '' FROM shown WHERE keys <> '' {_OUTDATED}")  # noqa: S608 - ours
            self.signal("queue")

    async def outdate(self, article_id: int) -> None:
        """Mark what phones show of an article as out of date."""
        await self.run(f"{_OUTDATE} SELECT id, '' FROM article WHERE id = :id {_OUTDATED}", {"id": article_id})  # noqa: S608 - ours
        self.signal("queue")

    async def _named(self, actor: Actor | Address | str) -> tuple[str, Address | None]:
        """Whichever of their addresses somebody of the desk uses, they are one person; beside them the address."""
        if isinstance(actor, str):
            return actor, None
        if isinstance(actor, Actor):
            return str(actor.recorded), actor.address if actor.person is not None else None
        member = await self.value("SELECT member_id FROM identity WHERE address = :address", {"address": str(actor)})
        return (str(actor), None) if member is None else (f"person:{member}", actor)

    async def audit_head(self) -> Head:
        """Raises `LogAltered` when somebody took the row away."""
        row = await self.one("SELECT id, hash FROM audit_head")
        if row is None:
            raise LogAltered(0)
        return Head(row["id"], row["hash"])

    async def check_audit_end(self, entries: int) -> Head:
        """Return the head after a look at the last `entries`, on the writing side only.

        Raises `LogAltered` unless they are as they were written and the log goes on where we left it. A log that is
        rewritten while we run is sound in itself; only what this process remembers tells it from ours.
        """
        rows = await self._last_entries(entries)
        head = Head(rows[0]["head_id"], rows[0]["head_hash"])
        stored = [tuple(row)[2:] for row in rows if row["id"] is not None]
        if (reached := _followed(stored, head, entries)) != head:
            raise LogAltered(reached.id)
        if self.audit_end is None:
            # The engine's own memory of the last number outlives us: the end may have been cut off meanwhile.
            given = await self._driver.highest_given("audit")
            self.audit_end = head if given in (None, head.id) else None
        if self.audit_end != head:
            raise LogAltered(head.id)
        return head

    async def _last_entries(self, entries: int) -> Sequence[Row]:
        """The head beside each of the last `entries` and the one before them; without any, the head alone."""
        columns = ", ".join(f"audit.{column}" for column in COLUMNS)
        sql = f"""SELECT head.id AS head_id, head.hash AS head_hash, {columns}
                  FROM audit_head AS head LEFT JOIN audit ON audit.id >= head.id - :entries
                  ORDER BY audit.id"""  # noqa: S608 - ours
        try:
            rows = await self.all(sql, {"entries": entries})
        except Unreadable as error:
            raise LogAltered((await self.audit_head()).id) from error
        if not rows:
            raise LogAltered(0)
        return rows

    async def audit_begun_before(self, at: datetime) -> bool:
        """Return True if the log held anything then."""
        return await self.value("SELECT 1 FROM audit WHERE id = 1 AND at < :at", {"at": to_ms(at)}) is not None

    async def audit_log(self, limit: int, *, before: int | None = None, subject: str | None = None) -> list[AuditEntry]:
        """The latest entries, newest first; with `before` those older than that entry, with `subject` about it only.

        What a seat is, and what the rules are, stands in the log for the house itself: people hear of that otherwise.
        """
        about = "subject = :subject AND subject <> '' AND" if subject else ""
        rows = await self.all(
            f"""SELECT id, at, actor, act, subject, detail FROM audit
                WHERE {about} id < :before AND act NOT IN ('team.seat', 'config.loaded', 'authority.adopted')
                ORDER BY id DESC LIMIT :limit""",  # noqa: S608 - ours
            {"before": before if before is not None else _LATER, "limit": limit, "subject": subject},
        )
        return [_entry(row) for row in rows]

    async def last_of(self, subject: str) -> AuditEntry | None:
        """The latest entry about something."""
        row = await self.one(
            """SELECT id, at, actor, act, subject, detail FROM audit
               WHERE subject = :subject AND subject <> '' ORDER BY id DESC LIMIT 1""",
            {"subject": subject},
        )
        return None if row is None else _entry(row)

    async def last_halt(self) -> AuditEntry | None:
        """The latest entry by which somebody halted everything, or kept it halted."""
        row = await self.one(
            """SELECT id, at, actor, act, subject, detail FROM audit
               WHERE subject = :subject AND subject <> '' AND act IN ('halt.begun', 'halt.kept')
               ORDER BY id DESC LIMIT 1""",
            {"subject": HALT},
        )
        return None if row is None else _entry(row)

    async def audit_of(self, subject: str) -> list[AuditEntry]:
        """All that was done to one article or person, oldest first."""
        rows = await self.all(
            """SELECT id, at, actor, act, subject, detail FROM audit
               WHERE subject = :subject AND subject <> '' ORDER BY id""",
            {"subject": subject},
        )
        return [_entry(row) for row in rows]


def _followed(rows: Sequence[tuple[Any, ...]], head: Head, entries: int) -> Head:
    """The head that the last `entries` lead to. Raises `LogAltered` with the first that is not as it was written."""
    reached = Head()
    if head.id > entries:
        before = dict(zip(COLUMNS, rows[0], strict=True)) if rows else {}
        if before.get("id") != head.id - entries:
            raise LogAltered(head.id - entries)
        # Of this one only the hash is believed: the one after it is sealed with that.
        reached = Head(before["id"], before["hash"])
    for row in rows[1:] if reached.id else rows:
        reached, fault = follow(reached, row)
        if fault is not None:
            raise LogAltered(fault.entry)
    return reached


def _entry(row: Row) -> AuditEntry:
    """Return the entry of a row. Raises `LogAltered` if it is not of the form that we write."""
    try:
        detail = json.loads(row["detail"])
    except (TypeError, ValueError) as error:
        raise LogAltered(row["id"]) from error
    return AuditEntry(row["id"], row["at"], row["actor"], row["act"], row["subject"], detail)
