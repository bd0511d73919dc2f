"""Presses that must not count: forged, replayed, expired, somebody else's, from another chat."""

from __future__ import annotations

import asyncio
import random
import re
import string
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.domain import Address, Platform, buttons
from bot.domain.entry import Offer
from bot.domain.people import Role
from bot.domain.seals import ID_LENGTH
from bot.storage import Queries
from tests.helpers.authority import CHATS, PEOPLE, Desk, a_desk, chat_of, pressed
from tests.helpers.rows import a_press
from tests.trials.matrix import MAY_PRESS

PRESSES = 10_000
#: Those without a seat.
OUTSIDE = ("stranger", "removed")
#: What Viber's side takes for a press.
_AN_ID = re.compile(rf"[A-Za-z0-9_-]{{{ID_LENGTH}}}")
NOBODY = Address(Platform.TELEGRAM, "9999")


@dataclass(frozen=True)
class Try:
    """One try: a person presses `action` in a chat of theirs. `rng` decides what the way leaves open."""

    desk: Desk
    rng: random.Random
    who: str
    where: str
    platform: Platform
    action: str
    #: The press says nothing of the message and its chat.
    bare: bool = False

    async def made(self, tx: Queries, *, who: str | None = None, where: str | None = None, ago: float = 0) -> str:
        """A good button, made for somebody in some chat."""
        args = dict(MAY_PRESS[self.action][0])
        if "dispatches" in args:
            args["dispatches"] = [self.desk.dispatches[args["dispatches"]]]
        for name, known in (("member", self.desk.numbers), ("dispatch", self.desk.dispatches)):
            if name in args:
                args[name] = known[args[name]]
        chat = chat_of(who or self.who, self.platform, where or self.where)
        made_at = self.desk.scene.clock() - timedelta(seconds=ago)
        return await tx.add_button(Offer(a_press(self.action, args), chat), made_at)


async def _forged(press: Try, tx: Queries) -> str:
    """Anything: near a real one, a command, SQL, JSON, noise."""
    real = await press.made(tx)
    place = press.rng.randrange(len(real))
    other = press.rng.choice([letter for letter in string.ascii_letters if letter != real[place]])
    noise = "".join(press.rng.choice(string.ascii_letters + string.digits + "-_.:") for _ in range(22))
    near = real[:place] + other + real[place + 1 :]
    choices = [near, real[:-1], real + "A", real.swapcase(), noise, press.action, "1"]
    if press.platform is Platform.TELEGRAM:  # on Viber these are words, not presses
        choices += ["/now 1", "' OR 1=1 --", '{"action":"now","article":1}', "%", "_" * 22, "now:1", "", "🚀" * 16]
    return press.rng.choice(choices)


async def _replayed(press: Try, tx: Queries) -> str:
    button = await press.made(tx)
    await tx.use_button(button, chat_of(press.who, press.platform, "private"), None, press.desk.scene.clock())
    return button


async def _expired(press: Try, tx: Queries) -> str:
    return await press.made(tx, ago=7 * 86_400 + press.rng.randrange(10**6))


async def _somebody_elses(press: Try, tx: Queries) -> str:
    """A button in a shared chat, where only the person who was asked may answer."""
    button = await press.made(tx)
    own = await tx.add_person(NOBODY, "", Role.OWNER, press.desk.scene.clock(), invited_by=None, wait_until=None)
    await tx.run("UPDATE button SET member_id = :own WHERE id = :id", {"own": own, "id": button})
    return button


async def _another_chats(press: Try, tx: Queries) -> str:
    others = [name for name in PEOPLE if name != press.who]
    if press.platform is Platform.VIBER or press.rng.random() < 0.5:
        return await press.made(tx, who=press.rng.choice(others), where="private")
    # Without its message a press counts where its button was shown, if the presser is heard there.
    elsewhere = ["other group", "channel"] if press.bare else [where for where in CHATS if where != press.where]
    return await press.made(tx, where=press.rng.choice(elsewhere))


async def _without_the_role(press: Try, tx: Queries) -> str:
    return await press.made(tx)


WAYS: Mapping[str, Callable[[Try, Queries], Awaitable[str]]] = {
    "forged": _forged,
    "replayed": _replayed,
    "expired": _expired,
    "somebody else's": _somebody_elses,
    "another chat's": _another_chats,
    "without the role": _without_the_role,
}


@dataclass
class Found:
    presses: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    unrecorded: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ways = ", ".join(f"{way} {number}" for way, number in self.presses.items())
        lines = [f"{sum(self.presses.values())} presses: {ways}", f"accepted: {len(self.accepted)}"]
        return "\n".join([*lines, f"not recorded: {len(self.unrecorded)}", *self.accepted, *self.unrecorded])


async def press(desk: Desk, number: int, seed: int) -> Found:
    """Each through the platform's own bytes and the handler, in a transaction that is undone."""
    rng, found = random.Random(seed), Found()
    for turn in range(number):
        way = list(WAYS)[turn % len(WAYS)]
        one = _any_try(desk, rng, way)

        pressed_ids: list[str] = []

        async def prepare(tx: Queries, one: Try = one, way: str = way, made: list[str] = pressed_ids) -> bytes:
            made.append(await WAYS[way](one, tx))
            return pressed(one.who, one.platform, one.where, made[-1], bare=one.bare)

        outcome = await desk.tries(one.platform, b"", prepare=prepare)
        found.presses[way] += 1
        bare = " without its message" if one.bare else ""
        told = f"{way}: {one.who} pressed {one.action}{bare} in {one.where} on {one.platform}: {outcome}"
        if outcome.changed:
            found.accepted.append(told)
        if outcome.refusals > 1 or (_is_recorded(one, pressed_ids[-1]) and not outcome.refusals):
            found.unrecorded.append(told)
    return found


def _is_recorded(one: Try, button: str) -> bool:
    """The desk's presses are; a stranger's of what is no button are counted, and on Viber other forms are words."""
    is_press = one.platform is Platform.TELEGRAM or _AN_ID.fullmatch(button) is not None
    return is_press and one.who not in OUTSIDE


def _any_try(desk: Desk, rng: random.Random, way: str) -> Try:
    platform = rng.choice([Platform.TELEGRAM, Platform.TELEGRAM, Platform.VIBER])
    where = "private" if platform is Platform.VIBER else rng.choice(list(CHATS))
    who, action = rng.choice(list(PEOPLE)), rng.choice(list(MAY_PRESS))
    if way == "replayed":
        action = rng.choice([name for name in MAY_PRESS if not buttons.PRESSES[name].shows])
    if way == "without the role":
        action = rng.choice([name for name, (_, people) in MAY_PRESS.items() if "removed" not in people])
        people = MAY_PRESS[action][1] | {"new editor"}  # who is new is refused by the newsroom, not for the role
        who = rng.choice([name for name in PEOPLE if name not in people])
    bare = platform is Platform.TELEGRAM and rng.random() < 0.3
    return Try(desk, rng, who, where, platform, action, bare)


async def main(number: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with a_desk(Path(folder)) as desk:
            found = await press(desk, number, seed=20261124)
    print(found)
    return 1 if found.accepted or found.unrecorded else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PRESSES)))
