"""The short form of `python -m tests.trials.genuine`."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.indoors import a_house
from tests.trials.genuine.__main__ import faults, publish, report, scores

ARTICLES, EACH = 120, 15


async def test_nothing_altered_is_called_ours_and_ours_is_found(tmp_path: Path) -> None:
    async with a_house(tmp_path) as house:
        await publish(house, ARTICLES)
        found = await scores(house, ARTICLES, EACH)

    assert faults(found) == [], report(found)
