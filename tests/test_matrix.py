"""Who may do what, all of it; and what buttons do in the wrong hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.helpers.authority import Desk, a_desk
from tests.trials import forged, matrix


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path) as made:
        yield made


async def test_every_command_and_button_is_for_whom_it_should_be(desk: Desk) -> None:
    found = await matrix.fill(desk)

    assert not found.wrongly_allowed and not found.wrongly_refused, str(found)
    assert found.cells > 1000


async def test_no_press_in_the_wrong_hands_counts_and_each_is_recorded(desk: Desk) -> None:
    found = await forged.press(desk, 400, seed=20261124)

    assert not found.accepted and not found.unrecorded, str(found)
    assert sum(found.presses.values()) == 400 and len(found.presses) == len(forged.WAYS)
