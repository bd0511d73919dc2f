"""How long an editor waits: for an answer, and for a post to leave, idle and while everything is being sent."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from rich.table import Table

from bot.app import open_app
from bot.bench.figures import p95
from bot.bench.helper import Helper, helper
from bot.bench.house import environment
from bot.bench.ledger import filled
from config.settings import load_settings

#: Readers of the broadcast that runs meanwhile, commands, posts.
FULL = (1_000_000, 120, 30)
QUICK = (50_000, 30, 6)
_COMMANDS = ("/list", "/show 1", "/whoami", "/list")


@dataclass(frozen=True, slots=True)
class Wait:
    """`seconds` of each time."""

    what: str
    when: str
    seconds: list[float]


async def measure(*, quick: bool) -> list[Wait]:
    readers, commands, posts = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as name:
        folder = Path(name)
        await filled(folder / "visnyk.db", readers)
        async with helper("bot.bench.stage", "0") as stage:
            settings = load_settings(environment(folder, stage.hello["url"]))
            async with open_app(settings):
                return await _waits(stage, readers, commands, posts)


async def _waits(stage: Helper, readers: int, commands: int, posts: int) -> list[Wait]:
    busy = f"1,000/s going out, {readers:,} readers"
    await _queue(stage, 1)
    idle = [await _ask(stage, command) for command in islice(cycle(_COMMANDS), commands)]
    first = [await _post(stage, 1)]
    before = await stage.ask(do="count")
    waits = [await _ask(stage, command) for command in islice(cycle(_COMMANDS), commands)]
    after = await stage.ask(do="count")
    later: list[float] = []
    for number in range(2, posts + 2):
        await _queue(stage, number)
        later.append(await _post(stage, number))
    sent = (after["sent"] - before["sent"]) / (after["seconds"] - before["seconds"])
    return [
        Wait("a desk command is answered", "nothing else to do", idle),
        Wait("/now to the first request", f"nothing else to do, {readers:,} readers", first),
        Wait("a desk command is answered", f"{busy} ({sent:,.0f}/s measured)", waits),
        Wait("/now to the first request", busy, later),
    ]


async def _queue(stage: Helper, number: int) -> None:
    await _ask(
        stage, f"/queue Headline {number}\n\nA lead.\n\nA body of a few words.\n\nsource: https://example.org/{number}"
    )


async def _ask(stage: Helper, text: str) -> float:
    return float((await stage.ask(do="ask", text=text))["seconds"])


async def _post(stage: Helper, number: int) -> float:
    return float((await stage.ask(do="now", text=f"/now {number}"))["seconds"])


def table(waits: list[Wait]) -> Table:
    made = Table(title="How long an editor waits", title_justify="left")
    made.add_column("for")
    made.add_column("while")
    for column in ("times", "median ms", "p95 ms", "longest"):
        made.add_column(column, justify="right", no_wrap=True)
    for wait in waits:
        ordered = [seconds * 1000 for seconds in sorted(wait.seconds)]
        made.add_row(
            wait.what,
            wait.when,
            str(len(ordered)),
            f"{ordered[len(ordered) // 2]:,.0f}",
            f"{p95(ordered):,.0f}",
            f"{ordered[-1]:,.0f}",
        )
    return made
