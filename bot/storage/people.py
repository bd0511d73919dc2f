"""The people of the desk and their addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from bot.domain import Address
from bot.domain.people import People, Person, Role
from bot.storage.convert import to_address, to_ms, to_time
from bot.storage.transaction import Row, Transaction

#: A member with all of their addresses, one a row; a member without any has one row too.
_MEMBER = """SELECT member.*, own.address AS own, own.waits_until
    FROM member LEFT JOIN identity AS own ON own.member_id = member.id """
_IN_ORDER = " ORDER BY member.id, own.address"
#: Everybody with the addresses that they have, and those that they had.
_EVERYBODY = """
    SELECT member.*, own.address AS own, 0 AS was FROM member LEFT JOIN identity AS own ON own.member_id = member.id
    UNION ALL SELECT member.*, past.address, 1 FROM member JOIN was_identity AS past ON past.member_id = member.id
    ORDER BY 1, was, own
"""


class PeopleQueries(Transaction):
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
        rows = await self.all(_MEMBER + where + _IN_ORDER, {"address": str(address)})
        waits = next((row["waits_until"] for row in rows if row["own"] == str(address)), None)
        person = _only(rows)
        return replace(person, is_new_until=to_time(waits)) if person is not None and waits is not None else person

    async def person(self, member_id: int) -> Person | None:
        """Return the member with this number, also one who was removed."""
        return _only(await self.all(_MEMBER + "WHERE member.id = :id" + _IN_ORDER, {"id": member_id}))

    async def team(self, least: Role = Role.REPORTER) -> list[Person]:
        """Return the people of the desk with at least this role, in the order in which they came."""
        team = _people(await self.all(_MEMBER + "WHERE member.removed_at IS NULL" + _IN_ORDER))
        return [person for person in team if person.role.covers(least)]

    async def names(self) -> dict[str, str]:
        """What everybody is called who is or was of the desk, by `person:3` and by address; with the number when two
        are called the same."""
        members = await self.all("SELECT id, name FROM member")
        called = Counter(row["name"].casefold() for row in members)
        names = {row["address"]: row["name"] for row in await self.all("SELECT address, name FROM person")}
        for row in members:
            alone = row["name"] and called[row["name"].casefold()] == 1
            names[f"person:{row['id']}"] = row["name"] if alone else f"#{row['id']} {row['name']}".rstrip()
        for row in await self.all("SELECT address, member_id FROM identity"):
            names[row["address"]] = names[f"person:{row['member_id']}"]
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
        await self.add_address(member_id, address)
        return member_id

    async def add_address(self, member_id: int, address: Address, waits_until: datetime | None = None) -> None:
        """One more address, which must be nobody's. `waits_until`: until then little may be done from it."""
        await self.run(
            "INSERT INTO identity (address, member_id, waits_until) VALUES (:address, :id, :waits)",
            {"address": str(address), "id": member_id, "waits": waits_until and to_ms(waits_until)},
        )
        self.signal("people")

    async def name_person(self, member_id: int, name: str) -> None:
        """Keep a member's name once: nobody who changes it later can pass for somebody else in /team."""
        await self.run("UPDATE member SET name = :name WHERE id = :id AND name = ''", {"id": member_id, "name": name})

    async def set_role(self, member_id: int, role: Role, wait_until: datetime | None) -> None:
        await self.run(
            "UPDATE member SET role = :role, may_approve_from = :wait_until WHERE id = :id",
            {"id": member_id, "role": role, "wait_until": wait_until and to_ms(wait_until)},
        )
        self.signal("people")

    async def pin(self, member_id: int, *, pinned: bool) -> None:
        await self.run("UPDATE member SET pinned = :pinned WHERE id = :id", {"id": member_id, "pinned": pinned})

    async def remove_person(self, person: Person, now: datetime) -> None:
        """Take a person off the desk: from this commit on they are a stranger, without buttons and dialogues."""
        await self.run(
            "UPDATE member SET removed_at = :now, pinned = 0 WHERE id = :id", {"id": person.id, "now": to_ms(now)}
        )
        for address in person.addresses:
            await self.remove_address(person, address, now)

    async def remove_address(self, person: Person, address: Address, now: datetime) -> None:
        """Take an address from its member, with what was begun there; that it was theirs is remembered."""
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

    async def language_of(self, person: Address) -> str | None:
        language = await self.value("SELECT language FROM person WHERE address = :address", {"address": str(person)})
        return str(language) if language else None

    async def name_of(self, person: Address) -> str | None:
        name = await self.value("SELECT name FROM person WHERE address = :address", {"address": str(person)})
        return str(name) if name else None


def _person(rows: Sequence[Row]) -> Person:
    row = rows[0]
    return Person(
        id=row["id"],
        name=row["name"],
        role=Role(row["role"]),
        addresses=tuple([to_address(each["own"]) for each in rows if each["own"] is not None]),
        since=to_time(row["since"]),
        may_approve_from=None if row["may_approve_from"] is None else to_time(row["may_approve_from"]),
        pinned=bool(row["pinned"]),
        removed=None if row["removed_at"] is None else to_time(row["removed_at"]),
        invited_by=row["invited_by"],
    )


def _only(rows: Sequence[Row]) -> Person | None:
    return next(iter(_people(rows)), None)


def _people(rows: Sequence[Row]) -> list[Person]:
    return [_person(list(group)) for _, group in groupby(rows, key=lambda row: row["id"])]
