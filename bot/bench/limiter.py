"""The share of an allowed rate that is used, and the refusals of a strict platform."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.bench import scene
from bot.bench.delivery import deliver, working
from bot.bench.figures import WRITTEN, Figure, at_most, written
from bot.bench.helper import helper
from bot.delivery.windows import windows
from bot.domain import Pace
from bot.storage import open_store

#: Rate a second, requests at once, for how many seconds.
RUNS = ((30, 16, 60), (1000, 100, 20))
#: Share of the allowed rate that must be used.
SHARE = 0.97
#: Seconds of each with --quick.
QUICK = 3


@dataclass(frozen=True, slots=True)
class Use:
    """`share` of the allowed rate from the first request to the last; `written`: bytes a reader."""

    rate: int
    in_window: int
    seconds: float
    share: float
    refused: int
    written: float


async def measure(quick: bool) -> list[Figure]:
    found: list[Figure] = []
    for rate, parallel, seconds in RUNS:
        use = await _use(rate, parallel, QUICK if quick else seconds)
        found += _figures(use)
    return found


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
    window, _ = windows(rate)
    share = (count["sent"] - 1) / count["seconds"] / rate
    return Use(rate, window, count["seconds"], share, count["refused"], (after - before) / readers)


def _figures(use: Use) -> list[Figure]:
    kept = use.share >= SHARE and not use.refused
    measured = f"{use.share:.1%}, {use.refused} × 429"
    what = f"{use.rate:,}/s for {use.seconds:.0f} s against a strict limiter: used"
    return [
        Figure(what, measured, f"≥ {SHARE:.0%}, no 429", kept),
        at_most(f"… written a reader, {use.in_window} reserved by a commit", use.written, WRITTEN, "B"),
    ]
