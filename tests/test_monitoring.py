"""Alerts and the dashboard name figures that exist, and each alert has its page in the docs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.score import Ending, Score, To, ending_of
from bot.errors import (
    Gone,
    HandedBack,
    InDoubt,
    Misconfigured,
    NotForMany,
    NotSent,
    Rejected,
    SendError,
    TokenTaken,
    Wait,
)
from tests.conftest import Clock, Scene
from tests.helpers.crowd import an_article, publishes, readers, telegram_ids
from tests.helpers.doors import look
from tests.promises.moments import comes_true

ROOT = Path(__file__).resolve().parent.parent
ALERTS = ROOT / "deploy/alerts.yml"
NAME = re.compile(r"\bvisnyk_[a-z_]+")


def page() -> str:
    return (ROOT / "docs/monitoring.md").read_text("utf-8")


def asked_for() -> set[str]:
    """The figures for which alerts and the dashboard ask."""
    panels = json.loads((ROOT / "deploy/grafana.json").read_text("utf-8"))["panels"]
    asked = [target["expr"] for panel in panels for target in panel["targets"]]
    return {
        name
        for expression in [*asked, *re.findall(r"expr: (.+)", ALERTS.read_text("utf-8"))]
        for name in NAME.findall(expression)
    }


async def test_alerts_dashboard_and_page_name_the_figures_that_there_are(scene: Scene) -> None:
    _, metrics = await look(scene, "/metrics")
    there = {re.sub("_created$", "_total", name) for name in re.findall(r"^# TYPE (visnyk_\w+)", metrics, re.M)}

    assert asked_for() <= there
    assert {name for name in NAME.findall(page()) if name != "visnyk_"} == there


def test_each_alert_leads_to_a_paragraph_that_says_what_to_do() -> None:
    alerts = re.findall(r"alert: (\w+)", ALERTS.read_text("utf-8"))

    assert re.findall(r"docs/monitoring\.md#(\w+)", ALERTS.read_text("utf-8")) == [name.lower() for name in alerts]
    assert re.findall(r"^### (\w+)", page(), re.M) == alerts
    assert len(re.findall(r"severity: (?:page|ticket)", ALERTS.read_text("utf-8"))) == len(alerts)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_the_alerts() -> None:
    said = subprocess.run(["promtool", "check", "rules", str(ALERTS)], capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(
    ("error", "ending"),
    [
        (HandedBack(), None),
        (NotForMany(), None),
        (Wait(1), Ending.WAIT),
        (NotSent(), Ending.NOT_SENT),
        (InDoubt(), Ending.IN_DOUBT),
        (Rejected(), Ending.REJECTED),
        (Gone(), Ending.GONE),
        (Misconfigured(), Ending.MISCONFIGURED),
        (TokenTaken(), Ending.MISCONFIGURED),
    ],
)
def test_each_error_counts_as_one_end(error: SendError, ending: Ending | None) -> None:
    assert ending_of(error) is ending


def test_a_post_that_was_tried_twice_is_late_by_its_first_moment() -> None:
    score, now = Score(), Clock().at
    score.begins(1, now)
    score.not_posted(1, NotSent(), is_over=False)
    score.begins(1, now + timedelta(seconds=30))
    score.posted(1, now + timedelta(seconds=40))
    score.begins(2, now)
    score.not_posted(2, Rejected(), is_over=True)

    assert score.lag == timedelta(seconds=40)
    assert score.endings[To.CHANNEL, Ending.SENT] == 1
    assert score.endings[To.CHANNEL, Ending.REJECTED] == 1


async def test_what_went_out_and_what_did_not_is_counted(scene: Scene) -> None:
    await readers(scene, telegram=3, viber=2)
    for person in telegram_ids(3):
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=3600)
    await publishes(scene, an_article())
    await comes_true(scene, "SELECT 1 FROM dispatch WHERE channel = 'main' AND state = 'delivered'")
    await comes_true(scene, "SELECT 1 FROM hold")
    await scene.app.newsroom.forecast.count(scene.app.store.read)
    _, metrics = await look(scene, "/metrics")

    def counted(platform: str, to: str, outcome: str) -> float:
        (figure,) = re.findall(
            f'visnyk_deliveries_total{{outcome="{outcome}",platform="{platform}",to="{to}"}} (.+)', metrics
        )
        return float(figure)

    assert counted("telegram", "channel", "sent") == 1
    assert counted("telegram", "reader", "sent") == 0
    assert re.search(r'visnyk_told_to_wait_total\{account="telegram"\} [1-3]\.0', metrics)
    assert 'visnyk_post_lag_seconds{platform="telegram"} 0.0' in metrics
    assert re.search(r'visnyk_readers_by_language\{language="\w+",platform="viber"\} \d', metrics)
    assert "visnyk_ready 1.0" in metrics
    assert "visnyk_halted 0.0" in metrics
