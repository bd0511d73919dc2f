"""The people of the desk: who joins, with which role, who leaves. Each act is one step of the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from bot.domain import Address
from bot.domain.people import Person, Role
from bot.storage import Queries

log = structlog.get_logger(__name__)


class Team:
    def __init__(self, owners: Collection[Address], approve_after: timedelta) -> None:
        """`owners`: the addresses of OWNERS; `approve_after`: how long a new editor approves nothing."""
        self._owners = tuple(owners)
        self._approve_after = approve_after

    async def seat_owners(self, tx: Queries, now: datetime) -> None:
        """At every start: whoever OWNERS names is an owner, and who is no longer named leaves, if an owner remains."""
        for address in self._owners:
            await self._seat(tx, address, now)
        named = set(self._owners)
        for person in await tx.team(Role.OWNER):
            if person.pinned and named.isdisjoint(person.addresses):
                await tx.pin(person.id, pinned=False)
                if len(await tx.team(Role.OWNER)) > 1:
                    await tx.remove_person(person, now)
                    log.info("owner_left", member=person.id)

    async def _seat(self, tx: Queries, address: Address, now: datetime) -> None:
        person = await tx.person_at(address)
        if person is None:
            name = await tx.name_of(address) or ""
            member_id = await tx.add_person(address, name, Role.OWNER, now, invited_by=None, wait_until=None)
            log.info("owner_joined", member=member_id)
        else:
            member_id = person.id
            if person.role is not Role.OWNER:
                await tx.set_role(member_id, Role.OWNER, None)
        await tx.pin(member_id, pinned=True)

    async def seen(self, tx: Queries, person: Person, name: str) -> None:
        """The first name that somebody of OWNERS writes under is kept."""
        if name and not person.name:
            await tx.name_person(person.id, name)
