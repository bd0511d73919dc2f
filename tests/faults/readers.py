"""Broadcasts to readers under kills: who got the article, and what do the books say about everybody else?"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast

from bot.sandbox import Sandbox
from tests.faults.books import Books, Place
from tests.faults.loop import Found, Life, kill_again_and_again
from tests.faults.nursery import Nursery
from tests.faults.scene import HEADLINE, OWNER, Killable, Plan, telegram_chat, viber_chat

#: Messages a second that newsroom.toml allows: Telegram's paid limit.
PER_SECOND = 1000
#: What the flight recorder cannot tell apart. Telegram: the 16 sends that were on the wire, and as many again for the
#: answers that were on their way back when the process died. Viber: the two requests that were, each to 300.
DOUBT_PER_KILL = {"telegram": 32, "viber": 600}
#: After a power cut the recorder is not believed: whatever was reserved is in doubt. By messages a second, on Telegram.
DOUBT_PER_CUT = {30: 192, 1000: 512}
#: Telegram counts in whole seconds; they would make the loop wait instead of send.
RETRY_AFTER = 0.05
#: Executed, but the answer does not say so: such a reader is in doubt without any kill.
UNHEARD = ("drop_after", "html200", "half")
#: Not executed, which the answer does not say either.
UNDONE = ("drop_before", "500", "502")
#: A broadcast that takes longer than this has stopped moving, in seconds.
STUCK = 120.0
#: The only article of a broadcast's database.
ARTICLE = 1
#: Reasons for a phone to have nothing.
EXCUSED = ("in_doubt", "gone", "failed")
#: One Viber reader in this many no longer has Viber: the platform names them in its `failed_list`.
UNREGISTERED = 50

_TROUBLES = {
    "telegram": (
        ("429", 0.02, 0.0),
        ("drop_before", 0.005, 0.0),
        ("drop_after", 0.005, 0.0),
        ("late", 0.005, 0.3),
        ("500", 0.002, 0.0),
        ("502", 0.001, 0.0),
        ("html200", 0.001, 0.0),
        ("half", 0.001, 0.0),
    ),
    # One of these meets 300 readers at once.
    "viber": (
        ("drop_before", 0.01, 0.0),
        ("drop_after", 0.01, 0.0),
        ("late", 0.2, 0.2),
        ("slow", 0.2, 0.2),
        ("502", 0.005, 0.0),
        ("half", 0.005, 0.0),
    ),
}
_METHODS = {"telegram": "sendMessage", "viber": "broadcast_message"}


@dataclass
class ReadersFound(Found):
    """The table's column of one policy and platform. `bound`: how many may be in doubt after one kill."""

    policy: str = ""
    platform: str = ""
    bound: int = 0
    broadcasts: int = 0
    recipients: int = 0
    duplicates_by_kill: int = 0
    most_duplicates: int = 0
    in_doubt: int = 0
    in_doubt_delivered: int = 0
    most_in_doubt: int = 0
    most_reserved: int = 0
    wrong_sums: int = 0

    @property
    def broken(self) -> list[str]:
        """Return the promises that were not kept."""
        most = self.bound
        checks = {
            f"{self.lost} lost": self.lost == 0,
            f"{self.wrong_sums} sums that are not the audience": self.wrong_sums == 0,
            f"{self.unsound} unsound databases": self.unsound == 0,
            f"{self.most_in_doubt} in doubt after one kill (at most {most})": self.most_in_doubt <= most,
        }
        if self.policy == "hold":
            checks[f"{self.duplicates} duplicates"] = self.duplicates == 0
        else:
            checks[f"{self.most_duplicates} duplicates after one kill (at most {most})"] = self.most_duplicates <= most
        return [f"{self.policy}, {self.platform}: {what}" for what, kept in checks.items() if not kept]


def misbehave(sandbox: Sandbox) -> None:
    """Let every message but those to the desk meet faults."""
    faults = sandbox.faults
    faults.add("telegram", "slow", chat=OWNER, times=None)  # takes no time, but no other fault then
    for platform, troubles in _TROUBLES.items():
        for kind, probability, delay in troubles:
            faults.add(
                platform,
                kind,
                method=_METHODS[platform],
                times=None,
                probability=probability,
                delay=delay,
                retry_after=cast("int", RETRY_AFTER),
            )
    for number in range(0, len(sandbox.viber.world.people), UNREGISTERED):
        sandbox.viber.unregister(viber_chat(number))


async def kill_readers_broadcasts(
    nursery: Nursery, *, urgent: bool, kills: int, readers: int, viber: int, seed: int, pause: float
) -> list[ReadersFound]:
    """Broadcast after broadcast to both platforms until `kills`; return what each platform's readers got."""
    policy = "resend" if urgent else "hold"
    found = [ReadersFound(kills, policy=policy, platform=each, bound=most) for each, most in DOUBT_PER_KILL.items()]
    plan = Plan(readers=readers, viber=viber, urgent=urgent, per_second=PER_SECOND)
    return await _broadcasts(nursery, plan, found, kills=kills, seed=seed, pause=pause, power_cut=False)


async def cut_power(
    nursery: Nursery, *, per_second: int, kills: int, readers: int, seed: int, pause: float, power_cut: bool
) -> ReadersFound:
    """The same to Telegram alone, at a pace of `DOUBT_PER_CUT`; not a `power_cut`: by kills, to compare."""
    bound = DOUBT_PER_CUT[per_second] if power_cut else DOUBT_PER_KILL["telegram"]
    found = [
        ReadersFound(kills, policy="hold", platform="telegram", bound=bound),
        ReadersFound(kills, policy="hold", platform="viber"),
    ]
    plan = Plan(readers=readers, per_second=per_second)
    return (await _broadcasts(nursery, plan, found, kills=kills, seed=seed, pause=pause, power_cut=power_cut))[0]


async def _broadcasts(
    nursery: Nursery, plan: Plan, found: list[ReadersFound], *, kills: int, seed: int, pause: float, power_cut: bool
) -> list[ReadersFound]:
    def life(scene: Killable, dice: random.Random, left: int) -> Life:
        return _Broadcast(scene, dice, left, pause, found, power_cut=power_cut)

    seconds = await kill_again_and_again(nursery, plan, misbehave, life, kills=kills, seed=seed)
    for row in found:
        row.seconds = seconds
    return found


class _Broadcast(Life):
    def __init__(
        self,
        scene: Killable,
        dice: random.Random,
        kills_left: int,
        pause: float,
        found: list[ReadersFound],
        *,
        power_cut: bool,
    ) -> None:
        super().__init__(scene, dice, kills_left, pause)
        self._power_cut = power_cut
        self._crowds: list[Crowd] = [
            TelegramCrowd(scene, map(telegram_chat, range(scene.plan.readers))),
            ViberCrowd(scene, map(viber_chat, range(scene.plan.viber))),
        ]
        self._found = dict(zip(self._crowds, found, strict=True))

    async def play(self) -> None:
        scene = self.scene
        begun = time.monotonic()
        while True:
            await scene.start()
            if self.is_spared or await self.survives(0.85):
                break
            books = await self.kill()
            if self._power_cut:
                scene.forget_the_boot()
            for crowd in self._crowds:
                crowd.saw_a_kill(books)
            self._check(books)
            assert time.monotonic() - begun < STUCK + self.pause * self.kills, f"no end\n{scene.log()}"
        assert await scene.until(scene.is_over, STUCK), f"the broadcast does not end\n{scene.log()}"
        books = await scene.stop()
        self._check(books)
        for crowd, found in self._found.items():
            crowd.judge(books, found)

    def arrived(self) -> int:
        viber = self.scene.sandbox.viber.world.people.values()
        return self.scene.sandbox.telegram.account().last_id + sum(bool(person.chat) for person in viber)

    def _check(self, books: Books) -> None:
        for found in self._found.values():
            found.wrong_sums += not books.adds_up
            found.unsound += not books.sound


class Crowd:
    """One platform's readers: what the kills found them in, and what they got."""

    def __init__(self, scene: Killable, chats: Iterable[str]) -> None:
        self.scene = scene
        self.chats = frozenset(chats)
        self._reserved: list[set[str]] = []
        #: Of the reserved of each kill, those whose phone had the article.
        self._had: list[set[str]] = []

    def received(self) -> Counter[str]:
        raise NotImplementedError

    def met(self, kinds: tuple[str, ...], books: Books) -> set[str]:
        """Return the readers whose request ended like this."""
        raise NotImplementedError

    def saw_a_kill(self, books: Books) -> None:
        got = self.received()
        reserved = {chat for _, chat in books.seats(Place.RESERVED)} & self.chats
        self._reserved.append(reserved)
        self._had.append({chat for chat in reserved if got[chat]})

    def judge(self, books: Books, found: ReadersFound) -> None:
        got = self.received()
        outcomes = {chat: books.outcome((ARTICLE, chat)) for chat in self.chats}
        doubted = {chat for chat, outcome in outcomes.items() if outcome == "in_doubt"}
        lost = [c for c, o in outcomes.items() if not (o in EXCUSED or (o == "delivered" and got[c]))]
        doubles = {chat for chat, times in got.items() if times > 1}
        unheard, unclear = self.met(UNHEARD, books), self.met((*UNHEARD, *UNDONE), books)
        found.broadcasts += 1
        found.recipients += len(self.chats)
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
            found.stories.append(f"lost: {[(c, outcomes[c], got[c]) for c in lost[:5]]}")


class TelegramCrowd(Crowd):
    def received(self) -> Counter[str]:
        rooms = self.scene.sandbox.telegram.account().rooms.values()
        return Counter(
            {str(r.id): sum(HEADLINE in message.content.text for message in r.messages.values()) for r in rooms}
        )

    def met(self, kinds: tuple[str, ...], books: Books) -> set[str]:
        return {chat for chat in _requests(self.scene.sandbox, kinds) if chat in self.chats}


class ViberCrowd(Crowd):
    def received(self) -> Counter[str]:
        people = self.scene.sandbox.viber.world.people.values()
        return Counter({person.id: sum(HEADLINE in bubble.text for bubble in person.chat) for person in people})

    def met(self, kinds: tuple[str, ...], books: Books) -> set[str]:
        """A request that was answered like this names its first reader; it went to others of the same page."""
        pages = {books.pages[chat] for chat in _requests(self.scene.sandbox, kinds) if chat in self.chats}
        return {chat for chat in self.chats if books.pages.get(chat) in pages}


def _requests(sandbox: Sandbox, kinds: tuple[str, ...]) -> list[str]:
    """The chats that were written to with such an end."""
    requests = sandbox.requests
    assert len(requests) < (requests.maxlen or 0), "requests were forgotten: fewer readers, please"
    return [request.chat for request in requests if request.error in kinds]


def _most(kills: Iterable[int]) -> int:
    """Return how many of them are one kill's at most."""
    return max(Counter(kills).values(), default=0)
