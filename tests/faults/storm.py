"""A broadcast through a storm of refusals, in real time: who got it, how often, and was anybody asked too early?"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox import Sandbox
from tests.faults.books import Books
from tests.faults.nursery import Nursery
from tests.faults.readers import ARTICLE, TelegramCrowd, ViberCrowd
from tests.faults.scene import OWNER, Killable, Plan, telegram_chat, viber_chat
from tests.faults.weather import SHOWS, Act, Log, Weather

#: Share of the rate that must be used while single chats are sent away; seconds after the storm until it is again.
USED, FULL_AFTER = 0.9, 120.0
#: Seconds, and the share of the full pace that they must bring for it to be back.
STRETCH, FULL = 10.0, 0.95
#: What newsroom.toml allows to be on the wire.
PARALLEL = 16
#: Viber waits up to a minute between two tries, more often the longer it is unlucky.
STUCK = 600.0


@dataclass
class StormFound:
    """`used`: of the rate that the platform allowed, in each act. `full_after`: seconds until the full pace was back
    when the last wait was over; None: the readers were not enough to see it."""

    readers: int
    viber: int
    lost: int = 0
    twice: int = 0
    not_delivered: int = 0
    sums: str = ""
    adds_up: bool = False
    sound: bool = False
    sent_away: int = 0
    early: list[str] = field(default_factory=list)
    waits: int = 0
    most_ran_into: int = 0
    requests: int = 0
    used: dict[Act, float] = field(default_factory=dict)
    full_after: float | None = None
    viber_requests: int = 0
    viber_sent_away: int = 0
    seconds: float = 0.0

    @property
    def broken(self) -> list[str]:
        into = SHOWS + PARALLEL
        checks = {
            f"{self.lost} lost": self.lost == 0,
            f"{self.twice} twice": self.twice == 0,
            f"{self.not_delivered} not recorded as delivered": self.not_delivered == 0,
            f"the sum is not the audience: {self.sums}": self.adds_up,
            "the database is damaged": self.sound,
            f"{len(self.early)} requests came before the end of a wait: {self.early[:3]}": not self.early,
            f"{self.most_ran_into} requests ran into a wait of the bot (at most {into})": self.most_ran_into <= into,
            f"{self.used.get(Act.SINGLE_CHATS, 1.0):.0%} used while single chats were sent away": self.used.get(
                Act.SINGLE_CHATS, 1.0
            )
            >= USED,
            f"the full pace was back only {self.full_after} s after the storm": (self.full_after or 0.0) <= FULL_AFTER,
        }
        return [f"storm: {what}" for what, kept in checks.items() if not kept]


async def storm(
    nursery: Nursery,
    *,
    readers: int,
    viber: int,
    per_second: int,
    seconds: float,
    share: float,
    seed: int,
    longest: int = 60,
) -> StormFound:
    found = StormFound(readers, viber)
    begun = time.monotonic()
    with TemporaryDirectory(prefix="visnyk-storm-") as folder:
        async with Sandbox(seed=seed) as sandbox:
            weather = Weather(OWNER, share=share, seconds=seconds, longest=longest, seed=seed)
            sandbox.faults = weather
            scene = Killable(sandbox, nursery, Path(folder), Plan(readers, viber, per_second=per_second))
            await scene.prepare()
            await scene.start()
            patience = seconds + longest + 2 * FULL_AFTER + readers / per_second + STUCK
            assert await scene.until(scene.is_over, patience), f"the broadcast does not end\n{scene.log()}"
            books = await scene.stop()
            found.seconds = time.monotonic() - begun
            _count_phones(scene, books, found)
            _count_requests(weather, per_second, found)
    return found


def _count_phones(scene: Killable, books: Books, found: StormFound) -> None:
    crowds = [
        TelegramCrowd(scene, map(telegram_chat, range(scene.plan.readers))),
        ViberCrowd(scene, map(viber_chat, range(scene.plan.viber))),
    ]
    outcomes: list[str] = []
    for crowd in crowds:
        got = crowd.received()
        found.lost += sum(not got[chat] for chat in crowd.chats)
        found.twice += sum(got[chat] > 1 for chat in crowd.chats)
        outcomes += [books.outcome((ARTICLE, chat)) for chat in crowd.chats]
    kinds = {kind: outcomes.count(kind) for kind in sorted(set(outcomes))}
    found.not_delivered = len(outcomes) - kinds.get("delivered", 0)
    found.sums = f"{' + '.join(f'{many:,} {kind}' for kind, many in kinds.items())} = {books.audience:,}"
    found.adds_up = books.adds_up and len(outcomes) == books.audience
    found.sound = books.sound


def _count_requests(weather: Weather, per_second: int, found: StormFound) -> None:
    log = weather.log
    found.sent_away, found.early, found.requests = log.sent_away, log.early, len(log.asked)
    found.waits, found.most_ran_into = len(log.ran_into), max(log.ran_into.values(), default=0)
    found.viber_requests, found.viber_sent_away = log.viber_asked, log.viber_sent_away
    for act in (Act.SINGLE_CHATS, Act.WHOLE_BOT, Act.EVERY_CHAT):
        allowed = per_second * weather.seconds_of(act)
        if allowed and weather.act_at(log.asked[-1]) > act:
            found.used[act] = sum(weather.act_at(at) is act for at in log.asked) / allowed
    found.full_after = _full_after(log, per_second)


def _full_after(log: Log, per_second: int) -> float | None:
    taken: Sequence[float] = log.taken
    first = bisect_left(taken, log.calm_at)
    enough = int(FULL * per_second * STRETCH)
    for one in range(first, len(taken) - enough):
        if taken[one + enough] - taken[one] <= STRETCH:
            return taken[one] - log.calm_at
    return None
