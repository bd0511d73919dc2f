"""How copied pages are read: cases, clean copies, reporting that stays, and time. `python -m tests.trials.intake`"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable

from bot.domain import Run, plain
from bot.domain.parse import Parsed, Pasted, parse
from tests.helpers.copies import CLEAN, Case, cases

#: Seconds of CPU that a paste of 10,000 characters may take.
PASTE = 0.1


def main() -> int:
    every = list(cases())
    figures = [
        ("cases right", _share(_is_right(case) for case in every), 0.95),
        ("clean copies with title and all paragraphs", _share(_is_whole(case) for case in every if case.kept), 1.0),
        ("paste of 10,000 characters, ms", _milliseconds(), PASTE * 1000),
    ]
    for name, figure, target in figures:
        print(f"{name:44} {figure:8.2f}  target {target:g}")
    missed = figures[0][1] < 0.95 or figures[1][1] < 1 or figures[2][1] > PASTE * 1000
    return 1 if missed else 0


def _share(right: Iterable[bool]) -> float:
    found = list(right)
    return sum(found) / len(found)


def _read(text: str) -> Parsed:
    return parse(Pasted.of([Run(text)]))


def _is_right(case: Case) -> bool:
    parsed = _read(case.text)
    told = "\n".join([*(each.text for each in parsed.dropped), parsed.article.link])
    related = tuple(item.headline for item in parsed.article.related)
    return _is_whole(case) and related == case.related and all(line in told for line in case.dropped)


def _is_whole(case: Case) -> bool:
    article = _read(case.text).article
    first, *rest = case.clean.paragraphs
    text = [article.lead, *map(plain, article.body)]
    return (article.headline, article.language) == (case.clean.headline, case.clean.language) and text == [
        first, *case.kept, *rest,
    ]  # fmt: skip


def _milliseconds() -> float:
    text = "\n\n".join(" ".join(clean.paragraphs) for clean in CLEAN * 8)[:10_000]
    _read(text)
    began = time.process_time()
    _read(text)
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    sys.exit(main())
