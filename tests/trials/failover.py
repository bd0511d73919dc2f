"""Three machines on one PostgreSQL server: the leader is killed, paused, cut off and stopped, and what came of it.

`make failover KILLS=20 SEED=1`. Broadcasts go to readers on both platforms and to channels, and the desk asks all the
time. Exit 1 if anything was lost, came twice, or a call was refused.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.domain.ledger import Outcome
from bot.sandbox import Sandbox
from bot.storage import Place, Queries, looked_at
from bot.storage.engine import Row
from tests.conftest import ARTICLE, CHANNEL, NEWSROOM, OWNER, VIBER_CHANNEL_TOKEN, people
from tests.helpers import server
from tests.helpers.crowd import HEADLINE, telegram_ids, viber_ids
from tests.helpers.engine import empty
from tests.helpers.machines import Balancer, Machines, pause, wake
from tests.helpers.process import Run
from tests.helpers.wire import Wire

#: Readers of a broadcast, on each platform, and the pace of Telegram: a broadcast lasts for some seconds.
TELEGRAM, VIBER, PER_SECOND = 600, 40, 60
MACHINES = 3
#: The bounds of the promises, in seconds.
SENDING, ANSWERS = 2.5, 6.0
#: Seconds after which a person asks again.
ASK_AGAIN = 2.0
POSTS = {"main": str(CHANNEL), "viber": "viber"}
#: Seconds after which something is taken not to come at all.
STUCK = 60.0
RULES = NEWSROOM.replace("per_second = 1000", f"per_second = {PER_SECOND}", 1).replace(
    "[pace.viber]\nper_second = 100", "[pace.viber]\nper_second = 10"
)


async def comes(look: Callable[[], Awaitable[object] | object], every: float = 0.05) -> None:
    """Wait until `look` finds something. Raises `TimeoutError`."""
    end = time.monotonic() + STUCK
    while True:
        found = look()
        if await found if isinstance(found, Awaitable) else found:
            return
        if time.monotonic() > end:
            raise TimeoutError
        await asyncio.sleep(every)


class Way(StrEnum):
    KILLED = "killed"
    PAUSED = "paused"
    CUT_OFF = "cut off"
    STOPPED = "stopped"


@dataclass
class Found:
    """The counts of one way to lose a leader; seconds until sending went on and the desk was answered."""

    times: int = 0
    lost: int = 0
    twice: int = 0
    in_doubt: int = 0
    sending: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    calls: int = 0
    refused: int = 0

    def broken(self, way: Way) -> Iterator[str]:
        for what, count in (("lost", self.lost), ("twice", self.twice), ("calls refused", self.refused)):
            if count:
                yield f"{way}: {what}: {count}"
        if way is Way.KILLED and self.sending and median(self.sending) > SENDING:
            yield f"{way}: sending went on after {median(self.sending):.1f} s"
        if way is Way.KILLED and self.answers and median(self.answers) > ANSWERS:
            yield f"{way}: the desk was answered after {median(self.answers):.1f} s"


class Newsroom:
    """The machines, the phones, and one broadcast after another."""

    def __init__(self, sandbox: Sandbox, folder: Path, balancer: Balancer, ours: server.Server, address: str) -> None:
        self.sandbox = sandbox
        self.balancer = balancer
        self._place = Place(folder / "visnyk", address)
        self._machines = Machines(sandbox, folder, balancer, rules=RULES)
        self._server, self._address = ours, address
        self._runs: dict[Run, Wire] = {}
        self._stacks: dict[Run, AsyncExitStack] = {}
        self._articles = 0
        self._headlines: dict[int, int] = {}

    async def open(self) -> None:
        await self._machines.lay(self._address, telegram=TELEGRAM, viber=VIBER)
        for _ in range(MACHINES):
            await self.add()

    async def close(self) -> None:
        for run in list(self._runs):
            await self.remove(run)

    async def add(self) -> None:
        """Start a machine, and wait until it leads or stands by."""
        stack = AsyncExitStack()
        wire = await stack.enter_async_context(Wire(self._server.folder / ".s.PGSQL.5432", self._address))
        run = self._machines.machine(f"machine-{len(self.balancer.ports)}", wire.address)
        await stack.enter_async_context(run)
        self._runs[run], self._stacks[run] = wire, stack
        await comes(lambda: "stands_by" in run.output or "is running" in run.output)

    async def remove(self, run: Run) -> None:
        with suppress(ProcessLookupError):
            wake(run)
        await self._stacks.pop(run).aclose()
        del self._runs[run]

    async def leader(self) -> Run:
        """Return the machine that leads now."""
        while True:
            holder = self._server.rows(
                "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory'"
            )
            for run in self._runs:
                if any(f":{run.pid} " in str(name) for (name,) in holder):
                    return run
            await asyncio.sleep(0.05)

    async def publish(self) -> int:
        """Publish another article; return its number."""
        self._articles += 1
        headline = f"{HEADLINE} ({self._articles})"
        await self.says(f"/queue {ARTICLE.replace(ARTICLE.splitlines()[0], headline)}", "чернетка")
        number = int(str(await self._asked(lambda read: read.value("SELECT max(id) FROM article"))))
        self._headlines[number] = self._articles
        await self.says(f"/now {number}", f"#{number} ")
        return number

    async def says(self, text: str, expected: str) -> float:
        """Return the seconds until the owner was answered; an answer may be lost with a leader, so they ask again."""
        began, before = time.monotonic(), len(self.sandbox.telegram.phone(OWNER))
        while time.monotonic() - began < STUCK:
            await self.sandbox.telegram.say(OWNER, text)
            with suppress(TimeoutError):
                await self.sandbox.until(lambda: self._told(expected, before), timeout=ASK_AGAIN)
                return time.monotonic() - began
        raise TimeoutError(text)

    def _told(self, expected: str, before: int) -> bool:
        return any(b.sender == "bot" and expected in b.text for b in self.sandbox.telegram.phone(OWNER)[before:])

    def arrived(self) -> int:
        """Return how many messages Telegram has taken, but for what the owner wrote and was told."""
        telegram = self.sandbox.telegram
        return telegram.account().last_id - len(telegram.phone(OWNER))

    def got(self, article: int) -> Counter[str]:
        """Return how often each reader and channel has the article."""
        telegram, viber = self.sandbox.telegram, self.sandbox.viber
        phones = {str(person): telegram.phone(person) for person in (CHANNEL, *telegram_ids(TELEGRAM))}
        phones |= {person: viber.phone(person) for person in viber_ids(VIBER)}
        phones["viber"] = viber.channel_phone(VIBER_CHANNEL_TOKEN)
        words = f"({self._headlines[article]})"
        return Counter({who: sum(words in bubble.text for bubble in bubbles) for who, bubbles in phones.items()})

    async def lose(self, way: Way) -> Callable[[], Awaitable[None]]:
        """Take the leader away; return what brings the machines back to their number."""
        run = await self.leader()
        wire = self._runs[run]

        async def another() -> None:
            await self.remove(run)
            self.balancer.ports.remove(int(run.url.rpartition(":")[2]))
            await self.add()

        async def back() -> None:
            count = run.output.count("stands_by")
            wake(run) if way is Way.PAUSED else await wire.join()
            await comes(lambda: run.output.count("stands_by") > count)

        match way:
            case Way.KILLED:
                run.kill()
            case Way.STOPPED:
                run.terminate()
            case Way.PAUSED:
                pause(run)
            case Way.CUT_OFF:
                await wire.part()
        return another if way in (Way.KILLED, Way.STOPPED) else back

    async def is_over(self) -> bool:
        waiting = "SELECT count(*) FROM dispatch WHERE state IN ('ready', 'sending', 'running')"
        return not await self._asked(lambda read: read.value(waiting))

    async def doubts(self, article: int) -> set[str]:
        """Return the chats and channels for which the article is in doubt."""
        readers = """SELECT chat FROM exception JOIN subscriber ON subscriber.number = exception.subscriber
                     JOIN dispatch ON dispatch.id = dispatch_id
                     WHERE exception.kind = :kind AND article_id = :article"""
        posts = (
            "SELECT channel FROM dispatch WHERE state = 'in_doubt' AND channel IS NOT NULL AND article_id = :article"
        )
        asked = {"kind": Outcome.IN_DOUBT, "article": article}
        found = await self._rows(readers, asked)
        return {row[0] for row in found} | {POSTS[row[0]] for row in await self._rows(posts, {"article": article})}

    async def _rows(self, sql: str, asked: dict[str, object]) -> Sequence[Row]:
        return await looked_at(self._place, lambda read: read.all(sql, asked)) or ()

    async def calls(self) -> tuple[int, int]:
        """Return how many updates are kept, and how many of these were handled."""
        [[kept, done]] = await self._rows("SELECT count(*), count(done_at) FROM inbox", {})
        return kept, done

    async def _asked(self, look: Callable[[Queries], Awaitable[object]]) -> object | None:
        return await looked_at(self._place, look)


async def longest_gap(newsroom: Newsroom) -> float:
    """Return the longest time in which nothing arrived, until the broadcast is over."""
    latest, count, longest = time.monotonic(), newsroom.arrived(), 0.0
    looked = latest
    while time.monotonic() - latest < STUCK:
        await asyncio.sleep(0.02)
        now = time.monotonic()
        if (arrived := newsroom.arrived()) != count:
            longest, latest, count = max(longest, now - latest), now, arrived
        if now - looked > 0.5:
            looked = now
            if await newsroom.is_over():
                return longest
    return STUCK


async def play(newsroom: Newsroom, way: Way, found: Found, dice: random.Random) -> None:
    """Publish, lose the leader in the middle, and count what came of it."""
    balancer = newsroom.balancer
    before, refused = balancer.answers.total(), balancer.answers[502]
    start = newsroom.arrived()
    article = await newsroom.publish()
    some = dice.randrange(5, TELEGRAM // 3)
    await comes(lambda: newsroom.arrived() >= start + some, 0.02)
    back = await newsroom.lose(way)
    answered = asyncio.create_task(newsroom.says("/list", "Черга порожня"))
    found.sending.append(await longest_gap(newsroom))
    found.answers.append(await answered)
    await back()
    await comes(newsroom.is_over)
    got, doubts = newsroom.got(article), await newsroom.doubts(article)
    found.times += 1
    found.lost += sum(not got[who] and who not in doubts for who in got)
    found.twice += sum(times > 1 for times in got.values())
    found.in_doubt += len(doubts)
    found.calls += balancer.answers.total() - before
    found.refused += balancer.answers[502] - refused


async def trial(kills: int, seed: int) -> dict[Way, Found]:
    dice, found = random.Random(seed), {way: Found() for way in Way}
    ours = server.of_this_run()
    with ours.database(like=empty(ours)) as address, tempfile.TemporaryDirectory(prefix="failover-") as folder:
        async with Sandbox() as sandbox, Balancer() as balancer:
            people(sandbox)
            newsroom = Newsroom(sandbox, Path(folder), balancer, ours, address)
            await newsroom.open()
            try:
                for number in range(kills):
                    way = list(Way)[number % len(Way)]
                    await play(newsroom, way, found[way], dice)
                    print(".", end="", file=sys.stderr, flush=True)
                print("\n".join(balancer.failures), file=sys.stderr)
            finally:
                await newsroom.close()
    return found


def table(found: dict[Way, Found]) -> Table:
    shown = Table(title="Failover", title_justify="left")
    columns = (
        "the leader is",
        "times",
        "lost",
        "twice",
        "in doubt",
        "sending goes on",
        "desk answers",
        "calls",
        "refused",
    )
    for column in columns:
        shown.add_column(column, justify="right")
    for way, row in found.items():
        counts = (row.times, row.lost, row.twice, row.in_doubt, _seconds(row.sending), _seconds(row.answers))
        shown.add_row(way, *(str(each) for each in (*counts, row.calls, row.refused)))
    return shown


def _seconds(found: Sequence[float]) -> str:
    return f"{median(found):.1f} s (≤ {max(found):.1f})" if found else "–"


def main(args: Sequence[str]) -> int:
    given = dict(arg.split("=", 1) for arg in args)
    found = asyncio.run(trial(int(given.get("KILLS") or 20), int(given.get("SEED") or 1)))
    server.end(server.name_folder())
    console = Console(width=140)
    console.print(table(found))
    broken = [what for way, row in found.items() for what in row.broken(way)]
    console.print("\n".join(broken) or "Every promise was kept.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
