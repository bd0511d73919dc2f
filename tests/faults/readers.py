"""Broadcasts to readers under kills: who got the article, and what do the books say about everybody else?"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from bot.sandbox import Sandbox
from tests.faults.books import Books, Place
from tests.faults.nursery import Nursery
from tests.faults.scene import FIRST, HEADLINE, OWNER, Killable, Plan

#: Messages a second that newsroom.toml allows: Telegram's paid limit.
PER_SECOND = 1000
#: What the flight recorder cannot tell apart: the 16 sends that were on the wire, and as many again for the answers
#: that were on their way back when the process died.
DOUBT_PER_KILL = 32
#: Telegram counts in whole seconds; they would make the loop wait instead of send.
RETRY_AFTER = 0.05
#: Executed, but the answer does not say so: such a reader is in doubt without any kill.
UNHEARD = ("drop_after", "html200", "half")
#: Not executed, which the answer does not say either.
UNDONE = ("drop_before", "500", "502")
#: A broadcast that takes longer than this has stopped moving, in seconds.
STUCK = 120.0


@dataclass
class ReadersFound:
    """The table's row of one policy."""

    policy: str
    kills: int = 0
    broadcasts: int = 0
    recipients: int = 0
    lost: int = 0
    duplicates: int = 0
    duplicates_by_kill: int = 0
    most_duplicates: int = 0
    in_doubt: int = 0
    in_doubt_delivered: int = 0
    most_in_doubt: int = 0
    most_reserved: int = 0
    wrong_sums: int = 0
    unsound: int = 0
    seconds: float = 0.0
    stories: list[str] = field(default_factory=list)

    @property
    def broken(self) -> list[str]:
        """Which promises were not kept."""
        checks = {
            f"{self.lost} lost": self.lost == 0,
            f"{self.wrong_sums} sums that are not the audience": self.wrong_sums == 0,
            f"{self.unsound} unsound databases": self.unsound == 0,
            f"{self.most_in_doubt} in doubt after one kill (at most {DOUBT_PER_KILL})": self.most_in_doubt
            <= DOUBT_PER_KILL,
        }
        if self.policy == "hold":
            checks[f"{self.duplicates} duplicates"] = self.duplicates == 0
        else:
            checks[f"{self.most_duplicates} duplicates after one kill (at most {DOUBT_PER_KILL})"] = (
                self.most_duplicates <= DOUBT_PER_KILL
            )
        return [f"{self.policy}: {what}" for what, kept in checks.items() if not kept]


def misbehave(sandbox: Sandbox) -> None:
    """On every message but those to the desk."""
    faults = sandbox.faults
    faults.add("telegram", "slow", chat=OWNER, times=None)  # takes no time, but no other fault then
    for kind, probability, delay in (
        ("429", 0.02, 0.0),
        ("drop_before", 0.005, 0.0),
        ("drop_after", 0.005, 0.0),
        ("late", 0.005, 0.3),
        ("500", 0.002, 0.0),
        ("502", 0.001, 0.0),
        ("html200", 0.001, 0.0),
        ("half", 0.001, 0.0),
    ):
        faults.add(
            "telegram",
            kind,
            method="sendMessage",
            times=None,
            probability=probability,
            delay=delay,
            retry_after=cast("int", RETRY_AFTER),
        )


async def kill_readers_broadcasts(
    nursery: Nursery, *, urgent: bool, kills: int, readers: int, seed: int, pause: float
) -> ReadersFound:
    """Broadcast after broadcast until there were so many kills, each up to `pause` seconds after sending went on."""
    found = ReadersFound("resend" if urgent else "hold")
    dice = random.Random(seed)
    begun = time.monotonic()
    while found.kills < kills:
        number = dice.randrange(1 << 30)
        with TemporaryDirectory(prefix="visnyk-faults-") as folder:
            async with Sandbox(seed=number) as sandbox:
                plan = Plan(readers=readers, urgent=urgent, per_second=PER_SECOND)
                scene = Killable(sandbox, nursery, Path(folder), plan)
                await scene.prepare()
                misbehave(sandbox)
                await _Broadcast(scene, found, random.Random(number), kills - found.kills, pause).play()
    found.seconds = time.monotonic() - begun
    return found


def _most(kills: Iterable[int]) -> int:
    """How many of them are one kill's at most."""
    return max(Counter(kills).values(), default=0)


class _Broadcast:
    def __init__(
        self, scene: Killable, found: ReadersFound, dice: random.Random, kills_left: int, pause: float
    ) -> None:
        self._scene = scene
        self._found = found
        self._dice = dice
        self._kills_left = kills_left
        self._pause = pause
        self._reserved: list[set[int]] = []
        #: Of the reserved of each kill, those whose phone had the article.
        self._had: list[set[int]] = []

    async def play(self) -> None:
        scene = self._scene
        begun = time.monotonic()
        while True:
            await scene.start()
            if self._kills_left == 0:
                break
            if await self._survives():
                break
            await self._kill()
            assert time.monotonic() - begun < STUCK + self._pause * len(self._reserved), f"no end\n{scene.log()}"
        assert await scene.until(scene.is_over, STUCK), f"the broadcast does not end\n{scene.log()}"
        self._judge(await scene.stop())

    async def _survives(self) -> bool:
        """Wait for the moment of the next kill; True when everything was over before."""
        scene = self._scene
        if self._dice.random() < 0.85:
            before = self._sent()
            await scene.until(lambda: self._sent() > before or scene.is_over(), 10)
        moment = time.monotonic() + self._dice.uniform(0, self._pause)
        await scene.until(lambda: time.monotonic() >= moment, self._pause)
        return scene.is_over()

    def _sent(self) -> int:
        return self._scene.sandbox.telegram.account().last_id

    async def _kill(self) -> None:
        books = await self._scene.kill()
        self._kills_left -= 1
        self._found.kills += 1
        reserved, got = books.chats(Place.RESERVED), self._received()
        self._reserved.append(reserved)
        self._had.append({chat for chat in reserved if got[chat]})
        self._check(books)

    def _check(self, books: Books) -> None:
        self._found.wrong_sums += not books.adds_up
        self._found.unsound += not books.sound

    def _judge(self, books: Books) -> None:
        found = self._found
        self._check(books)
        got = self._received()
        doubted = {chat for chat, kind in books.kinds.items() if kind == "in_doubt"}
        readers = range(FIRST, FIRST + self._scene.plan.readers)
        lost = [c for c in readers if not (c in books.kinds or (books.places.get(c) is Place.DELIVERED and got[c]))]
        doubles = {chat for chat, times in got.items() if times > 1}
        unheard, unclear = self._met(UNHEARD), self._met((*UNHEARD, *UNDONE))
        found.broadcasts += 1
        found.recipients += len(readers)
        found.lost += len(lost)
        found.duplicates += len(doubles)
        found.duplicates_by_kill += len(doubles - unheard)
        found.in_doubt += len(doubted)
        found.in_doubt_delivered += sum(got[chat] > 0 for chat in doubted)
        found.most_reserved = max(found.most_reserved, *map(len, self._reserved), 0)
        # Narrowed back and reserved again, a reader is met by several kills: one in doubt is the last one's doing, one
        # who got it twice that of the first that found the article on the phone and not acknowledged.
        last = {chat: kill for kill, reserved in enumerate(self._reserved) for chat in reserved}
        first = {chat: kill for kill, had in reversed([*enumerate(self._had)]) for chat in had}
        found.most_in_doubt = max(found.most_in_doubt, _most(last[chat] for chat in doubted - unclear if chat in last))
        found.most_duplicates = max(
            found.most_duplicates, _most((last | first)[chat] for chat in doubles - unheard if chat in last)
        )
        # A double that no kill and no unheard answer explains has no excuse under any policy.
        explained = unheard.union(*self._reserved)
        if doubles - explained:
            found.stories.append(f"doubles that nothing explains: {sorted(doubles - explained)[:5]}")
        if lost:
            found.stories.append(f"lost: {[(c, books.places.get(c), got[c]) for c in lost[:5]]}")

    def _received(self) -> Counter[int]:
        rooms = self._scene.sandbox.telegram.account().rooms.values()
        return Counter({room.id: sum(HEADLINE in message.text for message in room.messages.values()) for room in rooms})

    def _met(self, kinds: tuple[str, ...]) -> set[int]:
        requests = self._scene.sandbox.requests
        assert len(requests) < (requests.maxlen or 0), "requests were forgotten: fewer readers, please"
        return {int(r.chat) for r in requests if r.error in kinds and r.chat.lstrip("-").isdigit()}
