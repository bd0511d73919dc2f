"""A hit of every crash point, and two crashes in a row; `make faults POINTS=1` walks all hits of all of them."""

from __future__ import annotations

import pytest

from tests.faults.crashing import POINTS
from tests.faults.nursery import nursery
from tests.faults.points import PointsFound, crash_at


@pytest.mark.parametrize("when", ["before", "after"])
async def test_killed_at_any_point_nothing_is_lost_nothing_comes_twice_and_the_desk_knows(when: str) -> None:
    found = PointsFound()
    async with nursery() as children:
        for number, point in enumerate(point for point in POINTS if point.startswith(when)):
            hit = 1 + number % 3
            assert await crash_at(children, found, (point, hit)), f"{point} was never come to {hit} times"

    assert not found.broken


async def test_killed_again_while_it_recovers_it_still_knows() -> None:
    found = PointsFound()
    async with nursery() as children:
        for second in (("before commit", 1), ("after commit", 1), ("after commit", 2), ("after show", 1)):
            await crash_at(children, found, ("after publish", 1), second)

    assert not found.broken
