"""Rows that give authority, altered by hand: nothing goes out by them, and `audit verify` names each."""

from __future__ import annotations

import os
from pathlib import Path

from tests.trials import altered_rows

#: `EXAMPLES=10000` for a long run.
EXAMPLES = int(os.environ.get("EXAMPLES", "60"))


async def test_a_row_without_its_act_publishes_nothing_and_is_named(tmp_path: Path) -> None:
    found = await altered_rows.play(tmp_path, EXAMPLES)

    assert not found.published and not found.unnamed, str(found)
    assert found.tries.total() > EXAMPLES * 0.9
