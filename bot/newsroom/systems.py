"""Systems: owners make and revoke the keys with which the newsroom's own systems bring articles in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.clean import one_line
from bot.domain.people import Actor, Role, allowed
from bot.domain.readiness import Obstacle
from bot.domain.systems import FASTEST, MADE, REVOKED, Scope, SystemKey, digest_of, new_secret
from bot.errors import NotAllowed, Refused
from bot.newsroom.desk import Desk
from bot.newsroom.refusals import REFUSAL

#: Characters of a key's name, and keys at once.
NAME, MOST = 40, 20


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made, with its secret, which is kept nowhere."""

    key: SystemKey
    secret: str


async def make(desk: Desk, name: str, scope: Scope, rate: int) -> NewKey:
    """Make a key. Its maker counts as an author of what comes with it: they could have sent it themselves."""
    if desk.me.speaks_from_a_new_address(desk.said):
        raise NotAllowed(REFUSAL[Obstacle.NEW_ADDRESS])
    name, keys = one_line(name).strip(), await desk.tx.system_keys()
    _check(name, rate, keys)
    secret = new_secret()
    key = SystemKey(0, digest_of(secret), name, scope, rate, desk.me.id, desk.now)
    key = replace(key, id=await desk.tx.add_system_key(key))
    await desk.tx.add_writing_hand(key)
    await desk.note(MADE, key.subject, key.seal)
    return NewKey(key, secret)


def _check(name: str, rate: int, keys: list[SystemKey]) -> None:
    if not 0 < len(name) <= NAME:
        raise Refused("Name the system in up to {limit} characters: /keys new CMS", limit=NAME)
    if not 0 < rate <= FASTEST:
        raise Refused("A key may make 1 to {limit} calls a minute: /keys new CMS 120", limit=FASTEST)
    if name.casefold() in {key.name.casefold() for key in keys}:
        raise Refused("There is a key “{name}” already. Revoke it first, or take another name.", name=name)
    if len(keys) >= MOST:
        raise Refused("There are {limit} keys, and no more fit. Revoke one first: /keys", limit=MOST)


async def revoke(desk: Desk, number: int) -> SystemKey:
    """Let a key open nothing from this commit on."""
    key = next((each for each in await desk.tx.system_keys() if each.id == number), None)
    if key is None:
        raise Refused("There is no key {number}. /keys shows them.", number=number)
    await desk.tx.revoke_system_key(number, desk.now)
    await desk.note(REVOKED, key.subject, {"name": key.name})
    return key


async def counts(desk: Desk, key: SystemKey) -> bool:
    """True while the member who made the key is an owner: a key has no authority of its own."""
    return allowed(await desk.tx.person(key.made_by), Role.OWNER)


def acting(desk: Desk, key: SystemKey) -> Desk:
    """Return the same desk where the system with this key acts."""
    return replace(desk, by=Actor(key.address, name=key.name), saying=None)
