"""How much of an allowed rate is used, and whether a strict platform ever has to refuse."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from bot.bench import scene
from bot.bench.figures import written
from bot.bench.helper import helper
from bot.bench.speed import deliver, working
from bot.domain import Pace
from bot.storage import open_store

#: Rate a second, requests at once, for how many seconds.
RUNS = ((30, 16, 60), (1000, 100, 20))
#: Seconds of each with --quick.
QUICK = 3


@dataclass(frozen=True, slots=True)
class Use:
    """`share` of the allowed rate from the first request to the last; `written`: bytes a reader."""

    rate: int
    seconds: float
    share: float
    refused: int
    written: float


async def measure(*, quick: bool) -> list[Use]:
    return [await _use(rate, parallel, QUICK if quick else seconds) for rate, parallel, seconds in RUNS]


async def _use(rate: int, parallel: int, seconds: int) -> Use:
    readers = rate * seconds
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as folder:
        store = await open_store(Path(folder) / "visnyk.db")
        try:
            await scene.fill(store, readers)
            async with helper("bot.bench.stage", str(rate)) as stage:
                async with working(store, stage.hello["url"], Pace(float(rate), parallel)):
                    before = written()
                    await deliver(store)
                    after = written()
                count = await stage.ask(do="count")
        finally:
            await store.close()
    share = (count["sent"] - 1) / count["seconds"] / rate
    return Use(rate, count["seconds"], share, count["refused"], (after - before) / readers)


def table(uses: list[Use]) -> Table:
    made = Table(title="Use of the allowed rate, against a strict limiter", title_justify="left")
    for column in ("allowed/s", "for s", "used", "429s", "B written/reader"):
        made.add_column(column, justify="right", no_wrap=True)
    for use in uses:
        made.add_row(f"{use.rate:,}", f"{use.seconds:.1f}", f"{use.share:.1%}", str(use.refused), f"{use.written:,.0f}")
    return made
