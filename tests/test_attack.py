"""Every threat of `make attack`, tried a few times: nothing of it is accepted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.attack.__main__ import accepted
from tests.trials.attack.registry import THREATS, Threat
from tests.trials.attack.town import a_town


@pytest.mark.parametrize("threat", THREATS, ids=lambda threat: threat.name)
async def test_nothing_of_this_threat_is_accepted(threat: Threat, tmp_path: Path) -> None:
    async with a_town(tmp_path) as town:
        found = await threat.attack(town, threat.short)

    assert found.tries >= threat.short > 0
    assert accepted(threat, found, short=True) == ()


def test_threats_have_names_of_their_own_and_are_tried_more_often_in_a_whole_run() -> None:
    assert len({threat.name for threat in THREATS}) == len(THREATS)
    assert all(threat.tries >= threat.short for threat in THREATS)
