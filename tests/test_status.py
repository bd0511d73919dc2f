"""`visnyk status`: an operator sees at a glance how it is, a monitor reads it from the exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.backups import TOO_OLD
from bot.app.status import LITTLE, TOO_LITTLE, Amounts, Level, Status, as_json, remarks
from bot.sandbox import Sandbox
from tests.helpers.process import Run, environment

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
AMOUNTS = Amounts(
    {"articles": 2, "dispatches": 0, "updates": 0, "replies": 0, "doubts": 0},
    NOW + timedelta(hours=1),
    NOW - timedelta(minutes=5),
    {"Telegram": 12_000, "Viber": 300},
    halted=False,
)
WELL = Status(
    at=NOW,
    database="visnyk.db",
    running=(4711, NOW - timedelta(days=3, hours=2)),
    ready="ready",
    amounts=AMOUNTS,
    backs_up=True,
    backup_age=timedelta(hours=8),
    free=LITTLE,
)


@pytest.mark.parametrize(
    ("status", "level", "what"),
    [
        (WELL, Level.FINE, ""),
        (replace(WELL, running=None, ready=None), Level.BAD, "runs"),
        (replace(WELL, ready=None), Level.BAD, "ready"),
        (replace(WELL, ready="starting"), Level.BAD, "ready"),
        (replace(WELL, ready="stands by: Another Visnyk (desk:17) leads."), Level.FINE, ""),
        (
            replace(WELL, ready="stands by: The clock of this machine is 5 s ahead of the database's."),
            Level.BAD,
            "ready",
        ),
        (replace(WELL, amounts=None), Level.BAD, "database"),
        (replace(WELL, amounts=replace(AMOUNTS, halted=True)), Level.LOOK, "halt"),
        (replace(WELL, amounts=replace(AMOUNTS, waits={**AMOUNTS.waits, "doubts": 1})), Level.LOOK, "in doubt"),
        (replace(WELL, backup_age=TOO_OLD + timedelta(hours=1)), Level.LOOK, "backup"),
        (replace(WELL, backup_age=None), Level.LOOK, "backup"),
        (replace(WELL, backup_age=None, backs_up=False), Level.FINE, ""),
        (replace(WELL, free=LITTLE - 1), Level.LOOK, "disk"),
        (replace(WELL, free=TOO_LITTLE - 1), Level.BAD, "disk"),
    ],
)
def test_each_thing_that_is_wrong_is_named_and_makes_the_level(status: Status, level: Level, what: str) -> None:
    judged = remarks(status)

    assert max(remark.level for remark in judged) is level
    assert [remark.what for remark in judged if remark.level is not Level.FINE] == ([what] if what else [])
    assert as_json(status, judged)["level"] == level.name.lower()


async def test_a_visnyk_that_runs_is_found_and_one_that_was_killed_is_missed(sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox, tmp_path)
    async with Run(env) as visnyk:
        await visnyk.running()
        async with Run(env, "status", "--json") as look:
            await look.ended()
        found = json.loads(look.output[look.output.index("{") :])
        assert (found["running"], found["process"], found["ready"]) == (True, visnyk.pid, True)
        assert found["readers"] == {"Telegram": 0, "Viber": 0}
        visnyk.kill()
        await visnyk.ended()
        async with Run(env, "status") as look:
            assert await look.ended() == Level.BAD
        assert "✗ runs: no" in look.output
