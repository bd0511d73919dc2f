"""Play a working week: `python -m tests.trials.week [DAYS] [SEED] [--read]`; 1 when a target is missed.

`--read` prints 60 messages, drawn at random, of an owner, an editor on Viber and a reporter.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import sys
import tempfile
from pathlib import Path

import structlog

from tests.trials.week.cast import DANA, OLENA, VIRA
from tests.trials.week.clock import MovableLoop
from tests.trials.week.play import Played, played
from tests.trials.week.record import Message

DAYS, SEED = 5, 13
READ = 60


async def main(days: int, seed: int, *, reading: bool) -> int:
    with tempfile.TemporaryDirectory() as folder:
        async with played(Path(folder), days, seed) as week:
            print(f"{days} days, seed {seed}\n")
            print("| measured | figure | target |\n|---|---|---|")
            print(*week.table.rows, sep="\n")
            print("\n| kind | messages |\n|---|---|")
            print(*(f"| {kind} | {count} |" for kind, count in week.table.kinds().most_common()), sep="\n")
            print(*(f"day {number}: {size}" for number, size in enumerate(week.sizes, 1)), sep="\n")
            if reading:
                _read(week, seed)
            return 1 if week.table.missed else 0


def _read(week: Played, seed: int) -> None:
    dice = random.Random(seed)
    for worker in (OLENA, VIRA, DANA):
        theirs = [each for each in week.table.evidence.messages if each.worker is worker]
        drawn = sorted(dice.sample(range(len(theirs)), min(READ, len(theirs))))
        print(f"\n=== {worker.name}")
        print(*(_shown(theirs[at]) for at in drawn), sep="\n")


def _shown(message: Message) -> str:
    labels = " | ".join(press.label for press in message.presses)
    asked = "answer" if message.answers else "pushed"
    return f"--- {asked}, {message.kind}\n{message.text}" + (f"\n[{labels}]" if labels else "")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.getLogger().setLevel(logging.CRITICAL)
    numbers = [int(each) for each in sys.argv[1:] if each.isdecimal()] or [int(os.environ.get("DAYS", DAYS))]
    with asyncio.Runner(loop_factory=MovableLoop) as runner:
        sys.exit(runner.run(main(numbers[0], (*numbers, SEED)[1], reading="--read" in sys.argv)))
