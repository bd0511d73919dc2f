"""The cost of a long past: a start, the questions of readers and of the desk, a post among them, a broadcast."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import App, open_app
from bot.bench import archive
from bot.bench.clients import BARE
from bot.bench.figures import Figure, Watch, at_most, waited
from bot.bench.helper import Helper, helper
from bot.bench.house import Rules, environment
from bot.bench.latency import drafted
from bot.bench.scene import ASKING, FIRST, OWNER, now
from bot.bench.start import longest_start
from bot.storage import open_store
from config.settings import load_settings

#: Readers who ask at once, just before an editor says /now.
CROWD = 200
#: Every article has an approval, which no desk would have: with them /week has most to look up.
_DESK = Rules(approvals=1, readers="none", slots=archive.posting_times())
_CHANNEL = Rules(readers="none")
_SLOW = Rules(per_second=25)
_FAST = Rules()
#: Milliseconds; the last one while a broadcast goes out too.
LATEST, WEEK, NOW, NOW_BUSY = 30, 60, 500, 100
#: Wait in seconds after which a longer one would tell nothing new.
ENOUGH = 5.0
#: Per cent of a core.
CPU = 1.5


@dataclass(frozen=True, slots=True)
class Size:
    """Readers of the broadcast, questions of a kind, posts among them, seconds of the broadcast that are measured."""

    readers: int
    questions: int
    posts: int
    seconds: float


FULL = Size(1_000_000, 40, 10, 30)
QUICK = Size(50_000, 10, 2, 10)


class Past:
    """A newsroom in a folder, its platform in another process; each scene opens it with its own rules."""

    def __init__(self, folder: Path, stage: Helper) -> None:
        self._folder = folder
        self._stage = stage

    def environment(self, rules: Rules) -> dict[str, str]:
        return environment(self._folder, self._stage.hello["url"], rules)

    @asynccontextmanager
    async def open(self, rules: Rules) -> AsyncIterator[App]:
        async with open_app(load_settings(self.environment(rules))) as app:
            yield app

    async def ask(self, text: str, person: int = OWNER) -> float:
        """Seconds until the answer."""
        return float((await self._stage.ask(do="ask", text=text, person=person))["seconds"])

    async def ask_whole(self, text: str) -> tuple[float, int]:
        """Seconds until the answer begins, and its messages; the next question is asked when nothing more comes."""
        answer = await self._stage.ask(do="ask", text=text, settle=True)
        return float(answer["seconds"]), int(answer["messages"])

    async def publish(self, app: App, readers: int = CROWD) -> float:
        """Return the seconds until an article is in the channel, while `readers` people ask for the latest."""
        question = {"readers": readers, "question": "/latest"}
        answer = await self._stage.ask(do="now", text=f"/now {await drafted(app)}", **question)
        return float(answer["seconds"])


async def measure(quick: bool) -> list[Figure]:
    size = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as name:
        folder, desk = Path(name), Path(name) / "desk"
        await _fill(folder / "visnyk.db", size.readers)
        # The desk's rules ask for more; those of the other scenes would wait for its owners afterwards.
        await asyncio.to_thread(shutil.copytree, folder, desk)
        async with helper("bot.bench.stage", "0") as stage:
            past = Past(folder, stage)
            return [
                await _start(past),
                *await _questions(Past(desk, stage), size),
                await _posts(past, size),
                await _broadcast(past, size),
                await _bare_broadcast(str(stage.hello["url"]), size),
                await _posts_meanwhile(past, size),
            ]


async def _fill(database: Path, readers: int) -> None:
    await (await open_store(database)).close()
    await asyncio.to_thread(archive.fill, database, readers)
    store = await open_store(database)
    await store.write(lambda tx: tx.adopt(now()))  # the acts that the archive stands for
    await store.close()


async def _start(past: Past) -> Figure:
    longest = await longest_start(past.environment(_CHANNEL))
    return at_most(f"start to ready, {archive.PUBLISHED:,} articles published", longest, 1.5, "s", 2)


async def _questions(past: Past, size: Size) -> list[Figure]:
    async with past.open(_DESK):
        latest = [await past.ask("/latest", ASKING + number) for number in range(size.questions)]
        await past.ask_whole("/whoami")  # and whatever the desk is told at a start
        weeks = [await past.ask_whole("/week") for _ in range(size.questions // 2)]
    return [
        waited("… /latest is answered", latest, LATEST),
        waited(f"… /week is answered, {archive.QUEUED:,} articles queued", [seconds for seconds, _ in weeks], WEEK),
        at_most("… in one message", max(messages for _, messages in weeks), 1, "messages"),
    ]


async def _posts(past: Past, size: Size) -> Figure:
    async with past.open(_CHANNEL) as app:
        seconds = await _published(past, app, size.posts)
    return waited(f"… /now reaches the channel while {CROWD} readers ask /latest", seconds, NOW)


async def _published(past: Past, app: App, posts: int) -> list[float]:
    seconds: list[float] = []
    while len(seconds) < posts and max(seconds, default=0.0) < ENOUGH:
        seconds.append(await past.publish(app))
    return seconds


async def _broadcast(past: Past, size: Size) -> Figure:
    """Measure a broadcast that is broken off and goes on in the next scene."""
    async with past.open(_SLOW) as app:
        await past.publish(app, readers=0)
        while await app.store.read.counting() is not None:  # noqa: ASYNC110 - nobody rings at its end
            await asyncio.sleep(0.1)
        watch = Watch()
        await asyncio.sleep(size.seconds)
        share = watch.cpu / watch.wall
    return at_most(f"… a broadcast at {_SLOW.per_second}/s, of a core", share * 100, CPU, "%", 1)


async def _bare_broadcast(url: str, size: Size) -> Figure:
    """Measure the same with a client that only sends: less than this nobody needs on this machine."""
    async with BARE.open(url, 1) as send:
        watch = Watch()
        while watch.wall < size.seconds:
            await send(FIRST)
            await asyncio.sleep(1 / _SLOW.per_second)
        share = watch.cpu / watch.wall
    return Figure(f"… a {BARE.name} at {_SLOW.per_second}/s, of a core", f"{share * 100:.1f} %")


async def _posts_meanwhile(past: Past, size: Size) -> Figure:
    async with past.open(_FAST) as app:
        seconds = await _published(past, app, size.posts)
    what = f"… /now meanwhile and while {_FAST.per_second:,}/s go to {size.readers:,} readers"
    return waited(what, seconds, NOW_BUSY)
