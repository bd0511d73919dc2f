"""Every threat of `make attack`, tried a few times: nothing of it is accepted, and nothing comes too late."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.attack.registry import THREATS, Threat
from tests.trials.attack.town import a_town


def named(threat: Threat) -> str:
    return threat.name


async def nothing_is_accepted(threat: Threat, folder: Path) -> None:
    async with a_town(folder) as town:
        found = await threat.attack(town, threat.short)

    assert found.tries >= threat.short > 0
    assert found.accepted == (), found.told


@pytest.mark.parametrize("threat", [threat for threat in THREATS if not threat.is_timed], ids=named)
async def test_nothing_of_this_threat_is_accepted(threat: Threat, tmp_path: Path) -> None:
    await nothing_is_accepted(threat, tmp_path)


@pytest.mark.alone
@pytest.mark.parametrize("threat", [threat for threat in THREATS if threat.is_timed], ids=named)
async def test_nothing_of_this_threat_costs_the_desk_time(threat: Threat, tmp_path: Path) -> None:
    await nothing_is_accepted(threat, tmp_path)


def test_threats_have_names_of_their_own_and_are_tried_more_often_in_a_whole_run() -> None:
    assert len({threat.name for threat in THREATS}) == len(THREATS)
    assert all(threat.tries >= threat.short for threat in THREATS)
