"""The people of the desk and their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.domain import Address
from bot.domain.audit import SYSTEM
from bot.domain.authority import SEAT, parsed, seat
from bot.domain.people import People, Person, Role, allowed, titled
from bot.domain.systems import address_of
from bot.storage.audit import AuditQueries
from bot.storage.convert import each_of, to_address, to_ms, to_time
from bot.storage.transaction import Row

#: A member with all of their addresses, one a row; a member without any has one row too.
#: Beside it what the log proves of their seat.
_SEAT = """(SELECT detail FROM audit WHERE subject = 'seat:' || member.id AND subject <> ''
        ORDER BY id DESC LIMIT 1)"""
#: The place of a member among those of the desk who are called the same; 0: nobody else is.
_NTH = """CASE WHEN member.removed_at IS NULL AND EXISTS (
        SELECT 1 FROM member AS other WHERE other.removed_at IS NULL AND other.name = member.name
            AND other.id <> member.id)
    THEN (SELECT count(*) FROM member AS other WHERE other.removed_at IS NULL AND other.name = member.name
        AND other.id <= member.id) ELSE 0 END"""
_MEMBER = f"""SELECT member.*, own.address AS own, own.waits_until, {_SEAT} AS proof, {_NTH} AS nth
    FROM member LEFT JOIN identity AS own ON own.member_id = member.id """  # noqa: S608 - ours
_IN_ORDER = " ORDER BY member.id, own.address"
#: Everybody with the addresses that they have, and those that they had.
_EVERYBODY = f"""
    SELECT member.*, own.address AS own, own.waits_until, 0 AS was, {_SEAT} AS proof, {_NTH} AS nth
        FROM member LEFT JOIN identity AS own ON own.member_id = member.id
    UNION ALL SELECT member.*, past.address, NULL, 1, NULL, 0
        FROM member JOIN was_identity AS past ON past.member_id = member.id
    ORDER BY 1, was, own
"""  # noqa: S608 - ours


class PeopleQueries(AuditQueries):
    async def everyone(self) -> People:
        """Return all who are or were of the desk, in one statement."""
        rows = await self.all(_EVERYBODY)
        past = [(to_address(row["own"]), row["id"]) for row in rows if row["was"]]
        return People(_people([row for row in rows if not row["was"]]), past)

    async def person_at(self, address: Address) -> Person | None:
        """The person of the desk who writes from this address, as they speak there; None: a stranger, or somebody
        removed."""
        where = """JOIN identity ON identity.member_id = member.id
                   WHERE identity.address = :address AND member.removed_at IS NULL"""
        person = _only(rows := await self.all(_MEMBER + where + _IN_ORDER, {"address": str(address)}))
        if person is None or person.removed is not None or address not in person.addresses:
            return None
        waits = next(row["waits_until"] for row in rows if row["own"] == str(address))
        return person if waits is None else replace(person, is_new_until=to_time(waits))

    async def person(self, member_id: int) -> Person | None:
        """Return the member with this number, also one who was removed."""
        return _only(await self.all(_MEMBER + "WHERE member.id = :id" + _IN_ORDER, {"id": member_id}))

    async def team(self, least: Role = Role.REPORTER) -> list[Person]:
        """Return the people of the desk with at least this role, in the order in which they came."""
        team = _people(await self.all(_MEMBER + "WHERE member.removed_at IS NULL" + _IN_ORDER))
        return [person for person in team if allowed(person, least)]

    async def names(self) -> dict[str, str]:
        """Return the names of all who are or were of the desk, by `person:3` and by address; with their place in the
        order of those who are called the same."""
        members = await self.all("SELECT id, name FROM member ORDER BY id")
        called, before = Counter(row["name"].casefold() for row in members), Counter[str]()
        names = {row["address"]: row["name"] for row in await self.all("SELECT address, name FROM person")}
        for row in members:
            key = row["name"].casefold()
            before[key] += 1
            names[f"person:{row['id']}"] = titled(row["id"], row["name"], before[key] if called[key] > 1 else 0)
        for row in await self.all("SELECT address, member_id FROM identity"):
            names[row["address"]] = names[f"person:{row['member_id']}"]
        for row in await self.all("SELECT id, name FROM system_key"):
            names[str(address_of(row["id"]))] = row["name"]
        return names

    async def add_person(
        self,
        address: Address,
        name: str,
        role: Role,
        now: datetime,
        *,
        invited_by: int | None,
        wait_until: datetime | None,
    ) -> int:
        """Add a member at `address`, which must be nobody's; return their number."""
        member_id = int(
            await self.value(
                """INSERT INTO member (role, name, invited_by, since, may_approve_from)
                   VALUES (:role, :name, :invited_by, :now, :wait_until) RETURNING id""",
                {
                    "role": role,
                    "name": name,
                    "invited_by": invited_by,
                    "now": to_ms(now),
                    "wait_until": wait_until and to_ms(wait_until),
                },
            )
        )
        await self._add_address(member_id, address, None)
        await self.run("INSERT INTO heed (member_id, digest_at) VALUES (:id, 0)", {"id": member_id})
        await self.seal(member_id, now)
        return member_id

    async def add_address(
        self, member_id: int, address: Address, waits_until: datetime | None = None, now: datetime | None = None
    ) -> None:
        """One more address, which must be nobody's. `waits_until`: until then little may be done from it."""
        await self._add_address(member_id, address, waits_until)
        await self.seal(member_id, now)

    async def _add_address(self, member_id: int, address: Address, waits_until: datetime | None) -> None:
        await self.run(
            "INSERT INTO identity (address, member_id, waits_until) VALUES (:address, :id, :waits)",
            {"address": str(address), "id": member_id, "waits": waits_until and to_ms(waits_until)},
        )
        self.signal("people")

    async def name_person(self, member_id: int, name: str) -> None:
        """Keep a member's name once: nobody who changes it later can pass for somebody else in /team."""
        await self.run("UPDATE member SET name = :name WHERE id = :id AND name = ''", {"id": member_id, "name": name})

    async def set_role(
        self, member_id: int, role: Role, wait_until: datetime | None, now: datetime | None = None
    ) -> None:
        await self.run(
            "UPDATE member SET role = :role, may_approve_from = :wait_until WHERE id = :id",
            {"id": member_id, "role": role, "wait_until": wait_until and to_ms(wait_until)},
        )
        await self.seal(member_id, now)
        self.signal("people")

    async def pin(self, member_id: int, *, pinned: bool, now: datetime | None = None) -> None:
        await self.run("UPDATE member SET pinned = :pinned WHERE id = :id", {"id": member_id, "pinned": pinned})
        await self.seal(member_id, now)

    async def seal(self, member_id: int, now: datetime | None) -> None:
        """Tell the log what this seat is from now on: a row that it does not know gives nobody a right."""
        rows = await self.all(_MEMBER + "WHERE member.id = :id" + _IN_ORDER, {"id": member_id})
        at = now or max(to_time(rows[0]["since"]), await self._last_act())
        await self.record(SYSTEM, SEAT, f"seat:{member_id}", {"seat": _seat(rows)}, at)

    async def has_seats_in_log(self) -> bool:
        """True from the first seal on: an older version told the log of no seat."""
        sql = "SELECT 1 FROM audit WHERE subject >= 'seat:' AND subject < 'seat;' AND subject <> '' LIMIT 1"
        return await self.value(sql) is not None

    async def _last_act(self) -> datetime:
        return to_time(
            await self.value("SELECT coalesce(max(at), 0) FROM audit WHERE id = (SELECT id FROM audit_head)")
        )

    async def remove_person(self, person: Person, now: datetime) -> None:
        """Take a person off the desk: from this commit on they are a stranger, without buttons and dialogues."""
        await self.run(
            "UPDATE member SET removed_at = :now, pinned = 0 WHERE id = :id", {"id": person.id, "now": to_ms(now)}
        )
        for address in person.addresses:
            await self._remove_address(person, address, now)
        await self.run("DELETE FROM heed WHERE member_id = :id", {"id": person.id})
        await self.run("DELETE FROM put_off WHERE member_id = :id AND at IS NULL", {"id": person.id})
        await self.seal(person.id, now)

    async def remove_address(self, person: Person, address: Address, now: datetime) -> None:
        """The address is nobody's, and what was begun there dies; that it was theirs is remembered."""
        await self._remove_address(person, address, now)
        await self.seal(person.id, now)

    async def _remove_address(self, person: Person, address: Address, now: datetime) -> None:
        row = {"address": str(address), "id": person.id, "now": to_ms(now)}
        await self.run("DELETE FROM identity WHERE address = :address AND member_id = :id", row)
        await self.run(
            """INSERT INTO was_identity (address, member_id, until) VALUES (:address, :id, :now)
               ON CONFLICT (address, member_id) DO UPDATE SET until = excluded.until""",
            row,
        )
        await self.forget_address(address)
        self.signal("people")

    async def forget_address(self, address: Address) -> None:
        """Forget the buttons and dialogues of this chat: nothing that was begun there goes on."""
        await self.run("DELETE FROM button WHERE chat = :chat", {"chat": str(address)})
        await self.run("DELETE FROM dialogue WHERE person = :person", {"person": str(address)})
        self.signal("queue")

    async def remember_person(self, person: Address, language: str, name: str, now: datetime) -> None:
        await self.run(
            """INSERT INTO person (address, language, name, seen_at) VALUES (:address, :language, :name, :now)
               ON CONFLICT (address) DO UPDATE SET
                   language = excluded.language, name = excluded.name, seen_at = excluded.seen_at""",
            {"address": str(person), "language": language, "name": name, "now": to_ms(now)},
        )

    async def heard_on(self, address: Address, now: datetime) -> None:
        """Note that somebody known to the desk said or pressed something, in a group too."""
        await self.run(
            "UPDATE person SET seen_at = :now WHERE address = :address", {"address": str(address), "now": to_ms(now)}
        )

    async def used(self, addresses: Collection[Address]) -> dict[Address, datetime]:
        """Return when something was last said or pressed from these addresses; only of those where it ever was."""
        among, named = each_of("address", addresses)
        rows = await self.all(f"SELECT address, seen_at FROM person WHERE address IN ({among})", named)  # noqa: S608 - ours
        return {to_address(row["address"]): to_time(row["seen_at"]) for row in rows}

    async def language_of(self, person: Address) -> str | None:
        language = await self.value("SELECT language FROM person WHERE address = :address", {"address": str(person)})
        return str(language) if language else None

    async def name_of(self, person: Address) -> str | None:
        name = await self.value("SELECT name FROM person WHERE address = :address", {"address": str(person)})
        return str(name) if name else None


def _person(rows: Sequence[Row]) -> Person:
    """Return the person as the log proves it: a row that it does not know adds nothing."""
    row, known = rows[0], _proven(rows)
    waits = known["addresses"]
    addresses = [each["own"] for each in rows if each["own"] in waits]
    removed = row["removed_at"] if row["removed_at"] is not None or not known["removed"] else row["since"]
    return Person(
        id=row["id"],
        name=row["name"],
        role=Role(known["role"]),
        addresses=tuple([to_address(each) for each in addresses]),
        since=to_time(known["since"]),
        may_approve_from=None if known["from"] is None else to_time(known["from"]),
        pinned=known["pinned"],
        removed=None if removed is None else to_time(removed),
        invited_by=known["invited_by"],
        nth=row["nth"],
    )


def _proven(rows: Sequence[Row]) -> dict[str, Any]:
    """The seat that the log has; without any, one from which nothing may be done."""
    found: dict[str, Any] | None = parsed(rows[0]["proof"] or "").get("seat")
    if found is not None:
        return found
    return {**_seat(rows), "role": Role.REPORTER, "addresses": {}, "pinned": False, "removed": True}


def _seat(rows: Sequence[Row]) -> dict[str, Any]:
    return seat(dict(rows[0]), {each["own"]: each["waits_until"] for each in rows if each["own"] is not None})


def _only(rows: Sequence[Row]) -> Person | None:
    return next(iter(_people(rows)), None)


def _people(rows: Sequence[Row]) -> list[Person]:
    return [_person(list(group)) for _, group in groupby(rows, key=lambda row: row["id"])]
