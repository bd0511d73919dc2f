"""How long hostile texts take, by their length: `python -m tests.trials.hostile`.

Each is cleaned and parsed at 5,000, 20,000 and 80,000 characters, past the limit that people meet. Exit 1 if one takes
more than six times as long for four times the length.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from time import process_time

from bot.domain.parse import Pasted, parse
from bot.domain.parse import pasted as limits
from bot.errors import Refused
from tests.helpers.hostile import HOSTILE, Made

LENGTHS = (5_000, 20_000, 80_000)
#: Growth from one length to the next that counts as linear: other programs take some of the machine.
MOST = 6.5
#: Seconds that say nothing about growth.
SHORT = 0.02


def seconds(make: Made, length: int) -> float:
    runs = make(length)
    spans = []
    for _ in range(2):
        begun = process_time()
        with suppress(Refused):
            parse(Pasted.of(runs))
        spans.append(process_time() - begun)
    return min(spans)


def main() -> int:
    limits.TEXT_LIMIT = sys.maxsize
    worst = 0.0
    print(f"{'':34}" + "".join(f"{length:>12,}" for length in LENGTHS) + "   growth")
    for name, make in HOSTILE.items():
        spans = [seconds(make, length) for length in LENGTHS]
        growth = spans[-1] / max(spans[-2], SHORT)
        worst = max(worst, growth)
        print(f"{name:34}" + "".join(f"{span * 1000:>9.1f} ms" for span in spans) + f"{growth:>9.1f}", flush=True)
    print(f"growth for four times the length: {worst:.1f}, at most {MOST}")
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main())
