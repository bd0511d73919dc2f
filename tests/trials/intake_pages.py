"""Reads the pages of tests/data/pages, made after the templates of Ukrainian sites, and counts what is right.

`python -m tests.trials.intake_pages` prints the rows; exit 1 below what must be reached.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain import plain
from bot.domain.parse import Parsed
from bot.ingest.drafting import article_of
from bot.ingest.page import Page
from bot.ingest.reader import read

PAGES = Path(__file__).parents[1] / "data" / "pages"
#: The least share of right text, and the most milliseconds of an ordinary page.
LEAST, MOST = 0.95, 150.0
_GRAM = 4


@dataclass(frozen=True, slots=True)
class Read:
    """One page as it was read, beside what it should be."""

    expected: dict[str, Any]
    page: Page
    parsed: Parsed
    milliseconds: float

    @property
    def f1(self) -> float:
        article = self.parsed.article
        got = [article.lead, *map(plain, article.body)]
        return f1(got, [self.expected["lead"], *self.expected["body"]])

    @property
    def is_titled(self) -> bool:
        return bool(self.parsed.article.headline == self.expected["headline"])


def f1(got: Sequence[str], expected: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall over runs of four words."""
    one, other = _grams(got), _grams(expected)
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values())) if one or other else 1.0


def _grams(lines: Sequence[str]) -> Counter[tuple[str, ...]]:
    words = " ".join(lines).split()
    return Counter(tuple(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1)))


def expected_of_all() -> list[dict[str, Any]]:
    known: list[dict[str, Any]] = json.loads((PAGES / "expected.json").read_text("utf-8"))
    return known


def read_one(expected: dict[str, Any]) -> Read:
    content = next(PAGES.glob(f"{expected['page']}.htm*")).read_bytes()
    began = time.perf_counter()
    page = read(content, expected["url"])
    parsed = article_of(page)
    return Read(expected, page, parsed, (time.perf_counter() - began) * 1000)


def read_all() -> Iterator[Read]:
    return map(read_one, expected_of_all())


def rows() -> list[tuple[str, str, bool]]:
    """Return what was counted, the figure, and whether it is what must be reached."""
    found = list(read_all())
    titled = sum(each.is_titled for each in found)
    mean = sum(each.f1 for each in found) / len(found)
    slowest = max(each.milliseconds for each in found[1:])  # the first one loads the libraries
    return [
        ("pages: headline", f"{titled} of {len(found)}", titled == len(found)),
        ("pages: text, F1", f"{mean:.3f}", mean >= LEAST),
        ("pages: the slowest, after its bytes came", f"{slowest:.0f} ms", slowest <= MOST),
    ]


def main() -> int:
    found = rows()
    for what, figure, is_reached in found:
        print(f"{'✓' if is_reached else '✗'} {what}: {figure}")
    return 0 if all(is_reached for _, _, is_reached in found) else 1


if __name__ == "__main__":
    sys.exit(main())
