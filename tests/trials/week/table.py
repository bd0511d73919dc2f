"""The table of the week: what was measured, beside its target."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tests.trials.week import asked, screens, told, ways
from tests.trials.week.evidence import Evidence, Row
from tests.trials.week.looks import Looks
from tests.trials.week.week import Week


@dataclass(frozen=True)
class Table:
    evidence: Evidence
    rows: tuple[Row, ...]

    @classmethod
    async def of(cls, week: Week, looks: Looks) -> Table:
        evidence = await Evidence.of(week, looks)
        rows = [*told.rows(evidence), *await asked.rows(evidence), *screens.rows(evidence), *await ways.rows(evidence)]
        return cls(evidence, tuple(rows))

    @property
    def missed(self) -> int:
        """How many targets are not reached."""
        return sum(not row.well for row in self.rows)

    def kinds(self) -> Counter[str]:
        return Counter(each.kind for each in self.evidence.messages)
