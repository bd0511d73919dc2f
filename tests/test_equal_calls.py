"""The same call of a system makes one article, however often it comes and whenever Visnyk dies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.equal_calls import played


@pytest.mark.sqlite
async def test_a_call_sent_again_after_kills_makes_one_article(tmp_path: Path) -> None:
    tally = await played(tmp_path, calls=30, a_life=60)

    assert tally.is_good and tally.kills, str(tally)
