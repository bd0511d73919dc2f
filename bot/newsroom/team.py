"""The people of the desk: who joins, with which role, who leaves. Each act is one step of the caller's transaction."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain import Address, Platform, Sender
from bot.domain.audit import SYSTEM, AuditEntry, said_in
from bot.domain.authority import CODE_ANSWERED, CODE_INVITES, CODE_LINKS, CODE_TYPED, acts_of_code
from bot.domain.news import ApprovalRevoked, LinkWanted, TeamAct, TeamChanged
from bot.domain.people import Actor, Invitation, Person, Role, allowed
from bot.domain.readiness import Obstacle
from bot.errors import CODE_EXPIRED, CODE_UNKNOWN, CODE_USED, NotAllowed, Refused
from bot.newsroom.desk import Desk
from bot.newsroom.refusals import REFUSAL

log = structlog.get_logger(__name__)

#: Lifetime of an invitation.
INVITED = timedelta(hours=24)
#: A code that gives a second address all the rights of the first is typed at once.
LINKING = timedelta(minutes=15)
#: Time in which the maker of a link code may say whether they typed it.
ANSWERED = timedelta(minutes=5)
#: Letters of codes: none that looks like another. 16 of them are 79 bits, 12 are 59.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
#: Letters of a code that seats somebody new, and of one that links an address: neither can stand for the other.
INVITATION, LINK = 16, 12


def one_time_code(text: str, length: int = INVITATION) -> str:
    """`text` as a code of that length, if it looks like one; otherwise empty."""
    code = re.sub(r"[\s-]", "", text).upper()
    return code if len(code) == length and set(code) <= set(LETTERS) else ""


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
        """Make owners of the people in OWNERS, and remove those no longer named there if an owner remains."""
        for address in self._owners:
            await self._seat(desk, address)
        named = set(self._owners)
        for person in await desk.tx.team(Role.OWNER):
            if person.pinned and named.isdisjoint(person.addresses):
                await desk.tx.pin(person.id, pinned=False, now=desk.now)
                if len(await desk.tx.team(Role.OWNER)) > 1:
                    await self._remove(desk, person, "removed")
                    await desk.tx.record(SYSTEM, "team.removed", f"person:{person.id}", {"why": "OWNERS"}, desk.now)
                    await desk.announce(_unnamed(person))

    async def _seat(self, desk: Desk, address: Address) -> None:
        person = await desk.tx.person_at(address)
        if person is None:
            name = await desk.tx.name_of(address) or ""
            member_id = await desk.tx.add_person(address, name, Role.OWNER, desk.now, invited_by=None, wait_until=None)
        elif person.role is not Role.OWNER:
            member_id = person.id
            await desk.tx.set_role(member_id, Role.OWNER, None, desk.now)
        elif person.pinned:
            return
        else:
            await desk.tx.pin(person.id, pinned=True, now=desk.now)
            return
        await desk.tx.pin(member_id, pinned=True, now=desk.now)
        await desk.tx.record(SYSTEM, "team.owner", f"person:{member_id}", {"address": str(address)}, desk.now)

    async def seen(self, desk: Desk, person: Person, name: str) -> None:
        """The first name that somebody of OWNERS writes under is kept."""
        if name and not person.name:
            await desk.tx.name_person(person.id, name)

    # Joining

    async def invite(self, desk: Desk, role: Role) -> str:
        """A new code for somebody new."""
        _check_address(desk)
        code = await self._new_code(desk, role, INVITED)
        await desk.tx.record(
            desk.by, CODE_INVITES, f"code:{digest_of(code)}", {"role": role, **_until(desk, INVITED)}, desk.now
        )
        return code

    async def link_code(self, desk: Desk) -> str:
        """A new code for one's own second address."""
        if len({address.platform for address in desk.me.addresses}) == len(Platform):
            raise Refused("Your Telegram and Viber are already linked. /whoami shows it.")
        code = await self._new_code(desk, None, LINKING)
        await desk.tx.record(desk.by, CODE_LINKS, f"code:{digest_of(code)}", _until(desk, LINKING), desk.now)
        return code

    async def _new_code(self, desk: Desk, role: Role | None, life: timedelta) -> str:
        code = "".join(secrets.choice(LETTERS) for _ in range(INVITATION if role else LINK))
        await desk.tx.add_invitation(
            digest_of(code), role, None if role else desk.me.id, desk.me.id, desk.now, desk.now + life
        )
        return code

    async def accept(self, desk: Desk, code: str, sender: Sender) -> Person:
        """Seat the sender, and return who they are from now on. The code's maker must still have the right."""
        invitation, maker = await self._valid(desk, code, Role.OWNER)
        await self._use(desk, code, sender)
        return await self._join(desk, maker, invitation, sender)

    async def _valid(self, desk: Desk, code: str, least: Role) -> tuple[Invitation, Person]:
        """The invitation and its maker, who must have at least this role."""
        invitation = await desk.tx.invitation(digest_of(code))
        if invitation is None or not _is_made(await desk.tx.audit_of(f"code:{digest_of(code)}"), invitation):
            raise NotAllowed("I don't know this code. Ask for a new one.", why=CODE_UNKNOWN)
        if invitation.used_at is not None:
            raise NotAllowed("This code has already been used. Ask for a new one.", why=CODE_USED)
        if invitation.expires_at <= desk.said_by:
            raise NotAllowed("This code has expired. Ask for a new one.", why=CODE_EXPIRED)
        maker = await desk.tx.person(invitation.made_by)
        if maker is None or not allowed(maker, least):
            raise Refused("The person who made this code is no longer allowed to. Ask for a new one.")
        return invitation, maker

    async def _use(self, desk: Desk, code: str, sender: Sender) -> None:
        await desk.tx.use_invitation(digest_of(code), sender.address, desk.now)
        detail = {"address": str(sender.address), "name": sender.name}
        await replace(desk, by=Actor(sender.address)).note(CODE_TYPED, f"code:{digest_of(code)}", detail)

    async def _join(self, desk: Desk, by: Person, invitation: Invitation, sender: Sender) -> Person:
        assert invitation.role is not None
        if desk.by.person is not None:
            raise Refused("You are already on the desk. /whoami shows your role.")
        wait = None if invitation.role is Role.REPORTER else desk.now + self._approve_after
        number = await desk.tx.add_person(
            sender.address, sender.name, invitation.role, desk.now, invited_by=by.id, wait_until=wait
        )
        joined = await self.member(desk, number)
        await self._announce(desk, TeamAct.JOINED, joined, by=by)
        return joined

    # Linking

    async def ask_link(self, desk: Desk, code: str, sender: Sender) -> None:
        """The sender wants to be whoever made the code: that person is asked on their own phone."""
        _, maker = await self._valid(desk, code, Role.REPORTER)
        if desk.by.person is not None and desk.by.person.id != maker.id:
            raise Refused(
                "You are already on the desk as {name}, so this account can't become someone else. If both are you: an "
                "owner removes this one with /remove {number}, or, if OWNERS names it, take it out there and restart "
                "Visnyk; then type a new code.",
                name=desk.me.title,
                number=desk.me.id,
            )
        if any(address.platform is sender.address.platform for address in maker.addresses):
            raise Refused("Type this code on the other platform: it links your Telegram and your Viber.")
        if desk.now - desk.said >= ANSWERED:  # its maker could no longer answer
            raise NotAllowed("This code has expired. Ask for a new one.", why=CODE_EXPIRED)
        await self._use(desk, code, sender)
        await desk.announce(LinkWanted(maker.id, sender.address, sender.name, digest_of(code)))

    async def confirm_link(self, desk: Desk, digest: str) -> Person:
        """The maker of the code says on their own phone that they are who typed it."""
        address = await self._wanted(desk, digest, lets_in=True)
        if await desk.tx.person_at(address) is not None or any(
            a.platform is address.platform for a in desk.me.addresses
        ):
            raise Refused("That account can no longer be linked. /whoami shows yours.")
        await self._answer(desk, digest)
        await desk.tx.add_address(desk.me.id, address, desk.now + self._approve_after, desk.now)
        await self._void_approvals(desk, desk.me, "linked")
        linked = await self.member(desk, desk.me.id)
        await self._announce(desk, TeamAct.LINKED, linked, address=address)
        return linked

    async def refuse_link(self, desk: Desk, digest: str) -> None:
        """The maker of the code says that it is not them: the code is good for nothing."""
        address = await self._wanted(desk, digest, lets_in=False)
        await self._answer(desk, digest)
        await self._announce(desk, TeamAct.NOT_LINKED, desk.me, address=address)

    async def _answer(self, desk: Desk, digest: str) -> None:
        await desk.tx.answer_invitation(digest, desk.now)
        await desk.tx.record(desk.by, CODE_ANSWERED, f"code:{digest}", {}, desk.now)

    async def _wanted(self, desk: Desk, digest: str, *, lets_in: bool) -> Address:
        """The address that wants to be the actor's, if they answered in time, whenever that is read."""
        invitation = await desk.tx.invitation(digest)
        is_asked = invitation is not None and invitation.member_id == desk.me.id and not invitation.answered
        if not is_asked or invitation is None or invitation.used_at is None or invitation.used_by is None:
            raise Refused("That has already been answered. /whoami shows your accounts.")
        acts = await desk.tx.audit_of(f"code:{digest}")
        if not _is_typed(acts, invitation):
            raise Refused("I don't know this code. Ask for a new one.")
        if said_in(acts[-1]) + ANSWERED <= (desk.said_by if lets_in else desk.said):
            raise Refused("That question has expired. Make a new code with /link.")
        return invitation.used_by

    async def unlink(self, desk: Desk, number: int, address: Address) -> Person:
        """Take an address from a person: themselves, or an owner. Another one must stay."""
        person = await self.member(desk, number)
        self.check_may_unlink(desk, person, address)
        await self._void_approvals(desk, person, "unlinked")
        await desk.tx.remove_address(person, address, desk.now)
        parted = await self.member(desk, number)
        await self._announce(desk, TeamAct.UNLINKED, parted, address=address, parted=(address,))
        return parted

    def check_may_unlink(self, desk: Desk, person: Person, address: Address) -> None:
        if person.id != desk.me.id and desk.me.role is not Role.OWNER:
            raise NotAllowed("Only an owner can do that. /help shows what you can say.")
        if address not in person.addresses:
            raise Refused("That has changed: {name} no longer has this account.", name=person.title)
        if len(person.addresses) == 1:
            raise Refused("{name} has only one account. /remove {number} takes them off the desk.", **_named(person))
        if address in self._owners:
            raise Refused("This account is named in OWNERS: change that and restart Visnyk.")
        if address != desk.address:
            _check_address(desk)

    def may_be_unlinked(self, person: Person) -> list[Address]:
        """The addresses that can be taken from them by chat."""
        return [each for each in person.addresses if each not in self._owners] if len(person.addresses) > 1 else []

    # Changing

    async def member(self, desk: Desk, number: int) -> Person:
        person = await desk.tx.person(number)
        if person is None or person.removed is not None:
            raise Refused("There is nobody with number {number} on the desk. /team shows who is.", number=number)
        return person

    async def set_role(self, desk: Desk, number: int, role: Role) -> Person:
        """A person who could not approve until now waits before the first approval, as a newcomer does."""
        _check_address(desk)
        person = await self.member(desk, number)
        if person.role is role:
            raise Refused("Nothing changed: {name} already has this role.", name=person.title)
        await self._check_owner_can_go(desk, person)
        wait = desk.now + self._approve_after if person.role is Role.REPORTER else person.may_approve_from
        await desk.tx.set_role(number, role, None if role is Role.REPORTER else wait, desk.now)
        if role is Role.REPORTER:
            await self._void_approvals(desk, person, "role")
        changed = await self.member(desk, number)
        await self._announce(desk, TeamAct.ROLE, changed)
        return changed

    async def waive(self, desk: Desk, number: int) -> Person:
        """An owner vouches: this person approves from now on. Where there are two owners, the inviter does not."""
        _check_address(desk)
        person = await self.member(desk, number)
        if not _waits(person, desk.now):
            raise Refused("Nothing to waive: {name} can already approve.", name=person.title)
        if not await self.may_waive(desk, person):
            raise Refused(
                "Another owner must allow that: one who didn’t invite {name} and is not new here.", name=person.title
            )
        await desk.tx.set_role(number, person.role, None, desk.now)
        await self._announce(desk, TeamAct.WAIVED, person)
        return await self.member(desk, number)

    async def may_waive(self, desk: Desk, person: Person) -> bool:
        """True if the person waits, and the actor is the owner who may vouch for them, or there is none."""
        owners = await desk.tx.team(Role.OWNER)
        independent = {each.id for each in owners if self._may_vouch(each, person, owners, desk.said)}
        may = desk.me.id in independent if independent else desk.me.id != person.id
        return may and _waits(person, desk.now)

    def _may_vouch(self, owner: Person, person: Person, owners: Sequence[Person], now: datetime) -> bool:
        """True if the owner does not wait, and came to the desk neither by the person's inviter nor the other way."""
        inviters = [each for each in owners if each.id == person.invited_by]
        bound = any(owner.is_bound_to(each, now, self._approve_after) for each in inviters)
        return owner not in (person, *inviters) and not bound and owner.may_approve(now)

    async def remove(self, desk: Desk, number: int) -> Person:
        """Remove a person from the desk, at once and everywhere: what they have open dies in this transaction."""
        _check_address(desk)
        person = await self.member(desk, number)
        await self._check_owner_can_go(desk, person)
        await self._remove(desk, person, "removed")
        await self._announce(desk, TeamAct.REMOVED, person, parted=person.addresses)
        return person

    async def _remove(self, desk: Desk, person: Person, why: str) -> None:
        await self._void_approvals(desk, person, why)
        await desk.tx.remove_person(person, desk.now)

    async def _void_approvals(self, desk: Desk, person: Person, why: str) -> None:
        """Void this person's approvals of what has not gone out; the desk hears of it and is asked again."""
        for number, is_asked in (await desk.tx.void_approvals_of(person.id, why, desk.now)).items():
            detail = {"person": person.id, "why": why}
            await desk.tx.record(SYSTEM, "article.approval_voided", f"article:{number}", detail, desk.now)
            if is_asked:
                await desk.announce(ApprovalRevoked(number, person.title))

    async def _check_owner_can_go(self, desk: Desk, person: Person) -> None:
        if person.pinned:
            raise Refused("{name} is named in OWNERS: change it there and restart Visnyk.", name=person.title)
        if person.role is Role.OWNER and len(await desk.tx.team(Role.OWNER)) == 1:
            raise Refused("{name} is the last owner. Make someone else an owner first.", name=person.title)

    async def _announce(
        self,
        desk: Desk,
        what: TeamAct,
        person: Person,
        *,
        by: Person | None = None,
        address: Address | None = None,
        parted: tuple[Address, ...] = (),
    ) -> None:
        """Recorded, and told to the owners: a stolen account must not change the desk unseen. `by`: whoever made the
        code, if it was not done by the actor."""
        detail: dict[str, object] = {"role": person.role, "addresses": [str(each) for each in person.addresses]}
        if address is not None:
            detail["address"] = str(address)
        actor: Actor | str = desk.by if by is None else f"person:{by.id}"
        await desk.tx.record(actor, f"team.{what}", f"person:{person.id}", detail, desk.now)
        by = by or desk.me
        news = TeamChanged(what, person.id, person.title, person.role, by.id, by.title, address, parted)
        await desk.announce(news)
        log.warning("team_changed", what=what, member=person.id, by=by.id)


def _unnamed(person: Person) -> TeamChanged:
    return TeamChanged(
        TeamAct.REMOVED, person.id, person.title, person.role, by=0, by_name="OWNERS", parted=person.addresses
    )


def _waits(person: Person, now: datetime) -> bool:
    return allowed(person, Role.EDITOR) and not person.may_approve(now)


def _until(desk: Desk, life: timedelta) -> dict[str, str]:
    return {"until": (desk.now + life).isoformat()}


def _is_made(acts: Sequence[AuditEntry], invitation: Invitation) -> bool:
    """True if the log has this code as its row says, and nothing of its use."""
    told = acts[0].detail if acts else {}
    until = told.get("until")
    if until is not None and datetime.fromisoformat(until) < invitation.expires_at:
        return False
    is_made = _acts(acts) == acts_of_code(invitation.role, invitation.made_by) and told.get("role") == invitation.role
    return is_made or invitation.used_at is not None


def _is_typed(acts: Sequence[AuditEntry], invitation: Invitation) -> bool:
    """True if the log has that this address typed the member's code, and no answer to that."""
    return _acts(acts) == acts_of_code(None, invitation.member_id, str(invitation.used_by))


def _acts(entries: Sequence[AuditEntry]) -> list[tuple[str, str]]:
    return [(each.act, each.actor) for each in entries]


def _check_address(desk: Desk) -> None:
    """A second address that was linked a short while ago does not change who may do what."""
    if desk.me.speaks_from_a_new_address(desk.said):
        raise NotAllowed(REFUSAL[Obstacle.NEW_ADDRESS])


def _named(person: Person) -> dict[str, object]:
    return {"name": person.title, "number": person.id}


def digest_of(code: str) -> str:
    """Return what the store keeps of a code."""
    return hashlib.sha256(code.encode()).hexdigest()
