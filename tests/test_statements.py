"""What an act of the desk asks of the store, counted: reading once is what keeps the house quick to walk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.authority import a_desk
from tests.trials.statements import ACTS, BUDGETS, READ, counted


@pytest.mark.parametrize("act", BUDGETS)
async def test_an_act_of_the_desk_keeps_its_budget_of_statements(tmp_path: Path, act: str) -> None:
    async with a_desk(tmp_path) as desk:
        found = await counted(desk, act)

    assert len(found.asked) <= BUDGETS[act], "\n".join(found.asked)
    assert found.articles <= READ[act]


@pytest.mark.parametrize("act", ACTS)
async def test_nothing_is_read_twice_in_one_act(tmp_path: Path, act: str) -> None:
    async with a_desk(tmp_path) as desk:
        found = await counted(desk, act)

    # Each entry of the audit log looks at the one before.
    once = [sql for sql in found.asked if "FROM audit_head" not in sql]
    assert len(once) == len(set(once))
