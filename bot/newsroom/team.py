"""The people of the desk: who joins, with which role, who leaves. Each act is one step of the caller's transaction."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta

import structlog

from bot.domain import Address, Platform, Sender
from bot.domain.audit import SYSTEM
from bot.domain.people import Invitation, Person, Role, allowed
from bot.errors import NotAllowed, Refused
from bot.storage import Queries

log = structlog.get_logger(__name__)

#: An invitation is good for so long.
INVITED = timedelta(hours=24)
#: A code that gives a second address all the rights of the first is typed at once.
LINKING = timedelta(minutes=15)
#: Of these a code is made: nothing that looks like something else. 16 of them are 79 bits.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH = 16


def one_time_code(text: str) -> str:
    """`text` as a code, if it looks like one; otherwise empty."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if len(code) == LENGTH and set(code) <= set(LETTERS) else ""


class Team:
    def __init__(
        self, owners: Collection[Address], approve_after: timedelta, links: Callable[[str], Mapping[Platform, str]]
    ) -> None:
        """`owners`: the addresses of OWNERS; `approve_after`: how long a newcomer approves nothing.

        `links`: by platform, what opens a chat with us and hands us a code.
        """
        self._owners = tuple(owners)
        self._approve_after = approve_after
        self.links = links

    # The owners of OWNERS

    async def seat_owners(self, tx: Queries, now: datetime) -> None:
        """At every start: whoever OWNERS names is an owner, and who is no longer named leaves, if an owner remains."""
        for address in self._owners:
            await self._seat(tx, address, now)
        named = set(self._owners)
        for person in await tx.team(Role.OWNER):
            if person.pinned and named.isdisjoint(person.addresses):
                await tx.pin(person.id, pinned=False)
                if len(await tx.team(Role.OWNER)) > 1:
                    await self._remove(tx, person, "removed", now)
                    await tx.record(SYSTEM, "team.removed", f"person:{person.id}", {"why": "OWNERS"}, now)

    async def _seat(self, tx: Queries, address: Address, now: datetime) -> None:
        person = await tx.person_at(address)
        if person is None:
            name = await tx.name_of(address) or ""
            member_id = await tx.add_person(address, name, Role.OWNER, now, invited_by=None, wait_until=None)
        elif person.role is not Role.OWNER:
            member_id = person.id
            await tx.set_role(member_id, Role.OWNER, None)
        else:
            await tx.pin(person.id, pinned=True)
            return
        await tx.pin(member_id, pinned=True)
        await tx.record(SYSTEM, "team.owner", f"person:{member_id}", {"address": str(address)}, now)

    async def seen(self, tx: Queries, person: Person, name: str) -> None:
        """The first name that somebody of OWNERS writes under is kept."""
        if name and not person.name:
            await tx.name_person(person.id, name)

    # Joining

    async def invite(self, tx: Queries, by: Person, role: Role, now: datetime) -> str:
        """A new code for somebody new."""
        code = await self._new_code(tx, by, role, now, INVITED)
        await tx.record(f"person:{by.id}", "team.invited", "", {"role": role}, now)
        return code

    async def link_code(self, tx: Queries, by: Person, now: datetime) -> str:
        """A new code for one's own second address."""
        if len({address.platform for address in by.addresses}) == len(Platform):
            raise Refused("Your Telegram and your Viber are linked already. /whoami shows it.")
        code = await self._new_code(tx, by, None, now, LINKING)
        await tx.record(f"person:{by.id}", "team.link_asked", f"person:{by.id}", {}, now)
        return code

    async def _new_code(self, tx: Queries, by: Person, role: Role | None, now: datetime, life: timedelta) -> str:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        await tx.add_invitation(_digest(code), role, None if role else by.id, by.id, now, now + life)
        return code

    async def accept(self, tx: Queries, code: str, sender: Sender, member: Person | None, now: datetime) -> Person:
        """Who the sender is from now on. Whoever made the code must still have the right to."""
        invitation = await tx.invitation(_digest(code))
        if invitation is None:
            raise Refused("I don't know this code. Ask for a new one.")
        if invitation.used:
            raise Refused("This code has been used already. Ask for a new one.")
        if invitation.expires_at <= now:
            raise Refused("This code is too old. Ask for a new one.")
        maker = await tx.person(invitation.made_by)
        if maker is None or not allowed(maker, Role.OWNER if invitation.role else Role.REPORTER):
            raise Refused("Who made this code may not do that any more. Ask for a new one.")
        await tx.use_invitation(_digest(code), sender.address, now)
        if invitation.role is None:
            return await self._link(tx, maker, sender, member, now)
        return await self._join(tx, maker, invitation, sender, member, now)

    async def _join(
        self, tx: Queries, by: Person, invitation: Invitation, sender: Sender, member: Person | None, now: datetime
    ) -> Person:
        assert invitation.role is not None
        if member is not None:
            raise Refused("You are on the desk already. /whoami shows your role.")
        wait = None if invitation.role is Role.REPORTER else now + self._approve_after
        number = await tx.add_person(
            sender.address, sender.name, invitation.role, now, invited_by=by.id, wait_until=wait
        )
        joined = await self.member(tx, number)
        await self._announce(tx, "joined", by, joined, now)
        return joined

    async def _link(self, tx: Queries, maker: Person, sender: Sender, member: Person | None, now: datetime) -> Person:
        """Both addresses are one person. It has the role of who made the code, never a higher one."""
        if any(address.platform is sender.address.platform for address in maker.addresses):
            raise Refused("Type this code on the other platform: it links your Telegram and your Viber.")
        if member is not None and not maker.role.covers(member.role):
            raise NotAllowed("You have more rights here than who made this code: make the code here, type it there.")
        await tx.add_address(maker.id, sender.address)
        if member is not None:
            left = await self.member(tx, member.id)
            if member.pinned:
                await tx.pin(maker.id, pinned=True)
            if not left.addresses:
                await self._remove(tx, left, "linked", now)
        linked = await self.member(tx, maker.id)
        await self._announce(tx, "linked", maker, linked, now)
        return linked

    # Changing

    async def member(self, tx: Queries, number: int) -> Person:
        person = await tx.person(number)
        if person is None or person.removed is not None:
            raise Refused("There is no #{number} on the desk. /team shows who is.", number=number)
        return person

    async def set_role(self, tx: Queries, by: Person, number: int, role: Role, now: datetime) -> Person:
        """Who approved nothing so far waits before the first approval, as somebody new does."""
        person = await self.member(tx, number)
        if person.role is role:
            raise Refused("Nothing changes: {name} has this role already.", name=person.title)
        await self._check_owner_can_go(tx, person)
        wait = now + self._approve_after if person.role is Role.REPORTER else person.may_approve_from
        await tx.set_role(number, role, None if role is Role.REPORTER else wait)
        if role is Role.REPORTER:
            await self._void_approvals(tx, person, "role", now)
        changed = await self.member(tx, number)
        await self._announce(tx, "role", by, changed, now)
        return changed

    async def waive(self, tx: Queries, by: Person, number: int, now: datetime) -> Person:
        """An owner vouches: this person approves from now on."""
        person = await self.member(tx, number)
        if person.may_approve(now) or not allowed(person, Role.EDITOR):
            raise Refused("Nothing to waive: {name} does not wait.", name=person.title)
        await tx.set_role(number, person.role, None)
        await self._announce(tx, "waived", by, person, now)
        return await self.member(tx, number)

    async def remove(self, tx: Queries, by: Person, number: int, now: datetime) -> Person:
        """At once and everywhere: what they have open dies in this transaction."""
        person = await self.member(tx, number)
        await self._check_owner_can_go(tx, person)
        await self._remove(tx, person, "removed", now)
        await self._announce(tx, "removed", by, person, now)
        return person

    async def _remove(self, tx: Queries, person: Person, why: str, now: datetime) -> None:
        await self._void_approvals(tx, person, why, now)
        await tx.remove_person(person, now)

    async def _void_approvals(self, tx: Queries, person: Person, why: str, now: datetime) -> None:
        """What they approved and has not gone out needs somebody else; the desk hears of it and is asked again."""
        for number in await tx.void_approvals_of(person.id, why, now):
            detail = {"person": person.id, "why": why}
            await tx.record(SYSTEM, "article.approval_voided", f"article:{number}", detail, now)
            await tx.announce("approval_revoked", {"article": number, "name": person.title}, now)

    async def _check_owner_can_go(self, tx: Queries, person: Person) -> None:
        if person.pinned:
            raise Refused("{name} is named in OWNERS: change that and start Visnyk again.", name=person.title)
        if person.role is Role.OWNER and len(await tx.team(Role.OWNER)) == 1:
            raise Refused("{name} is the last owner. Make somebody else an owner first.", name=person.title)

    async def _announce(self, tx: Queries, what: str, by: Person, person: Person, now: datetime) -> None:
        """Recorded, and told to the owners: a stolen account must not change the desk unseen."""
        detail = {"role": person.role, "addresses": [str(address) for address in person.addresses]}
        await tx.record(f"person:{by.id}", f"team.{what}", f"person:{person.id}", detail, now)
        told = {"what": what, "person": person.id, "name": person.title, "role": person.role, "by": by.id}
        await tx.announce("team", {**told, "by_name": by.title}, now)
        log.warning("team_changed", what=what, member=person.id, by=by.id)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
