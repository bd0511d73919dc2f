"""The trial of a working week, in short: one hour of it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.trials.week.clock import MovableLoop
from tests.trials.week.evidence import Row
from tests.trials.week.play import played

#: An hour with five articles.
HOURS = range(9, 10)


async def _rows(folder: Path) -> dict[str, Row]:
    async with played(folder, days=1, seed=13, hours=HOURS) as week:
        kinds = week.table.kinds()
        rows = {row.what: row for row in week.table.rows}
        return rows | {"kinds": Row("kinds", str(dict(kinds)), "each known", well=not kinds["other"])}


def test_no_question_is_lost_and_no_article_stuck_in_an_hour_of_the_week(tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=MovableLoop) as runner:
        rows = runner.run(_rows(tmp_path))

    assert rows["articles written, out"].measured.startswith("5, ")
    kept = ("questions that never arrived", "articles stuck", "kinds")
    assert [str(rows[each]) for each in kept if not rows[each].well] == []
