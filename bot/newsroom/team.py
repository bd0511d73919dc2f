"""The people of the desk: who joins, with which role, who leaves. Each act is one step of the caller's transaction."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta

import structlog

from bot.domain import Address, Platform, Sender
from bot.domain.audit import SYSTEM
from bot.domain.news import ApprovalRevoked, TeamAct, TeamChanged
from bot.domain.people import Invitation, Person, Role, allowed
from bot.errors import CODE_EXPIRED, CODE_UNKNOWN, CODE_USED, NotAllowed, Refused
from bot.newsroom.desk import Desk

log = structlog.get_logger(__name__)

#: How long an invitation is good for.
INVITED = timedelta(hours=24)
#: A code that gives a second address all the rights of the first is typed at once.
LINKING = timedelta(minutes=15)
#: What codes are made of: nothing that looks like something else. 16 letters are 79 bits.
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

    async def seat_owners(self, desk: Desk) -> None:
        """At every start: make owners of the people in OWNERS and remove those no longer named, if an owner remains."""
        for address in self._owners:
            await self._seat(desk, address)
        named = set(self._owners)
        for person in await desk.tx.team(Role.OWNER):
            if person.pinned and named.isdisjoint(person.addresses):
                await desk.tx.pin(person.id, pinned=False)
                if len(await desk.tx.team(Role.OWNER)) > 1:
                    await self._remove(desk, person, "removed")
                    await desk.tx.record(SYSTEM, "team.removed", f"person:{person.id}", {"why": "OWNERS"}, desk.now)

    async def _seat(self, desk: Desk, address: Address) -> None:
        person = await desk.tx.person_at(address)
        if person is None:
            name = await desk.tx.name_of(address) or ""
            member_id = await desk.tx.add_person(address, name, Role.OWNER, desk.now, invited_by=None, wait_until=None)
        elif person.role is not Role.OWNER:
            member_id = person.id
            await desk.tx.set_role(member_id, Role.OWNER, None)
        else:
            await desk.tx.pin(person.id, pinned=True)
            return
        await desk.tx.pin(member_id, pinned=True)
        await desk.tx.record(SYSTEM, "team.owner", f"person:{member_id}", {"address": str(address)}, desk.now)

    async def seen(self, desk: Desk, person: Person, name: str) -> None:
        """The first name that somebody of OWNERS writes under is kept."""
        if name and not person.name:
            await desk.tx.name_person(person.id, name)

    # Joining

    async def invite(self, desk: Desk, role: Role) -> str:
        """A new code for somebody new."""
        code = await self._new_code(desk, role, INVITED)
        await desk.tx.record(desk.by.recorded, "team.invited", "", {"role": role}, desk.now)
        return code

    async def link_code(self, desk: Desk) -> str:
        """A new code for one's own second address."""
        if len({address.platform for address in desk.me.addresses}) == len(Platform):
            raise Refused("Your Telegram and Viber are already linked. /whoami shows it.")
        code = await self._new_code(desk, None, LINKING)
        await desk.tx.record(desk.by.recorded, "team.link_asked", f"person:{desk.me.id}", {}, desk.now)
        return code

    async def _new_code(self, desk: Desk, role: Role | None, life: timedelta) -> str:
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        await desk.tx.add_invitation(
            _digest(code), role, None if role else desk.me.id, desk.me.id, desk.now, desk.now + life
        )
        return code

    async def accept(self, desk: Desk, code: str, sender: Sender) -> Person:
        """Seat or link the sender, and return who they are from now on. The code's maker must still have the right."""
        invitation = await desk.tx.invitation(_digest(code))
        if invitation is None:
            raise NotAllowed("I don't know this code. Ask for a new one.", why=CODE_UNKNOWN)
        if invitation.used:
            raise NotAllowed("This code has already been used. Ask for a new one.", why=CODE_USED)
        if invitation.expires_at <= desk.now:
            raise NotAllowed("This code has expired. Ask for a new one.", why=CODE_EXPIRED)
        maker = await desk.tx.person(invitation.made_by)
        if maker is None or not allowed(maker, Role.OWNER if invitation.role else Role.REPORTER):
            raise Refused("The person who made this code is no longer allowed to. Ask for a new one.")
        await desk.tx.use_invitation(_digest(code), sender.address, desk.now)
        if invitation.role is None:
            return await self._link(desk, maker, sender)
        return await self._join(desk, maker, invitation, sender)

    async def _join(self, desk: Desk, by: Person, invitation: Invitation, sender: Sender) -> Person:
        assert invitation.role is not None
        if desk.by.person is not None:
            raise Refused("You are already on the desk. /whoami shows your role.")
        wait = None if invitation.role is Role.REPORTER else desk.now + self._approve_after
        number = await desk.tx.add_person(
            sender.address, sender.name, invitation.role, desk.now, invited_by=by.id, wait_until=wait
        )
        joined = await self.member(desk, number)
        await self._announce(desk, TeamAct.JOINED, by, joined)
        return joined

    async def _link(self, desk: Desk, maker: Person, sender: Sender) -> Person:
        """Both addresses become one person, with the role of who made the code, never a higher one."""
        member = desk.by.person
        if any(address.platform is sender.address.platform for address in maker.addresses):
            raise Refused("Type this code on the other platform: it links your Telegram and your Viber.")
        if member is not None and not maker.role.covers(member.role):
            raise NotAllowed(
                "You have more rights here than the person who made this code: make the code here and type it there."
            )
        await desk.tx.add_address(maker.id, sender.address)
        if member is not None:
            left = await self.member(desk, member.id)
            if member.pinned:
                await desk.tx.pin(maker.id, pinned=True)
            if not left.addresses:
                await self._remove(desk, left, "linked")
        linked = await self.member(desk, maker.id)
        await self._announce(desk, TeamAct.LINKED, maker, linked)
        return linked

    # Changing

    async def member(self, desk: Desk, number: int) -> Person:
        person = await desk.tx.person(number)
        if person is None or person.removed is not None:
            raise Refused("There is nobody with number {number} on the desk. /team shows who is.", number=number)
        return person

    async def set_role(self, desk: Desk, number: int, role: Role) -> Person:
        """A person who could not approve until now waits before the first approval, as a newcomer does."""
        person = await self.member(desk, number)
        if person.role is role:
            raise Refused("Nothing changed: {name} already has this role.", name=person.title)
        await self._check_owner_can_go(desk, person)
        wait = desk.now + self._approve_after if person.role is Role.REPORTER else person.may_approve_from
        await desk.tx.set_role(number, role, None if role is Role.REPORTER else wait)
        if role is Role.REPORTER:
            await self._void_approvals(desk, person, "role")
        changed = await self.member(desk, number)
        await self._announce(desk, TeamAct.ROLE, desk.me, changed)
        return changed

    async def waive(self, desk: Desk, number: int) -> Person:
        """An owner vouches: this person approves from now on."""
        person = await self.member(desk, number)
        if person.may_approve(desk.now) or not allowed(person, Role.EDITOR):
            raise Refused("Nothing to waive: {name} can already approve.", name=person.title)
        await desk.tx.set_role(number, person.role, None)
        await self._announce(desk, TeamAct.WAIVED, desk.me, person)
        return await self.member(desk, number)

    async def remove(self, desk: Desk, number: int) -> Person:
        """At once and everywhere: what they have open dies in this transaction."""
        person = await self.member(desk, number)
        await self._check_owner_can_go(desk, person)
        await self._remove(desk, person, "removed")
        await self._announce(desk, TeamAct.REMOVED, desk.me, person)
        return person

    async def _remove(self, desk: Desk, person: Person, why: str) -> None:
        await self._void_approvals(desk, person, why)
        await desk.tx.remove_person(person, desk.now)

    async def _void_approvals(self, desk: Desk, person: Person, why: str) -> None:
        """What they approved and has not gone out needs somebody else; the desk hears of it and is asked again."""
        for number in await desk.tx.void_approvals_of(person.id, why, desk.now):
            detail = {"person": person.id, "why": why}
            await desk.tx.record(SYSTEM, "article.approval_voided", f"article:{number}", detail, desk.now)
            await desk.announce(ApprovalRevoked(number, person.title))

    async def _check_owner_can_go(self, desk: Desk, person: Person) -> None:
        if person.pinned:
            raise Refused("{name} is named in OWNERS: change it there and restart Visnyk.", name=person.title)
        if person.role is Role.OWNER and len(await desk.tx.team(Role.OWNER)) == 1:
            raise Refused("{name} is the last owner. Make someone else an owner first.", name=person.title)

    async def _announce(self, desk: Desk, what: TeamAct, by: Person, person: Person) -> None:
        """Recorded, and told to the owners: a stolen account must not change the desk unseen."""
        detail = {"role": person.role, "addresses": [str(address) for address in person.addresses]}
        await desk.tx.record(f"person:{by.id}", f"team.{what}", f"person:{person.id}", detail, desk.now)
        await desk.announce(TeamChanged(what, person.id, person.title, person.role, by.id, by.title))
        log.warning("team_changed", what=what, member=person.id, by=by.id)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
