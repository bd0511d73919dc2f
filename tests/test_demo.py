"""The demo, as somebody types it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.domain import Run
from bot.domain.parse import parse

ARTICLE = """Ferry to the island runs again

The first boat left the harbour at seven in the morning.

Tickets cost as much as before the repairs."""


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "demo", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)


def test_demo_once_ends_well_when_every_phone_shows_the_article_once(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(ARTICLE, encoding="utf-8")

    played = demo("--once", "--article", str(file))

    assert played.returncode == 0, played.stdout + played.stderr
    assert played.stdout.count("1 ✓") == 6
    assert not played.stderr


def test_a_missing_article_is_answered_with_a_sentence() -> None:
    played = demo("--once", "--article", "nowhere.txt")

    assert played.returncode == 1
    assert "There is no file nowhere.txt" in played.stderr
    assert "Traceback" not in played.stderr


def test_the_sample_article_has_a_repeat_a_call_and_teasers() -> None:
    text = (Path(__file__).parent.parent / "bot/demo/articles/trolleybus.txt").read_text("utf-8")

    article = parse([Run(text)]).article

    assert article.headline == "У Полтаві запустили тролейбус до нового мікрорайону"
    assert len(article.body) == 3
    assert [(teaser.lead, teaser.video) for teaser in article.related] == [
        ("Роботи триватимуть до весни", False),
        ("Показуємо котельні та склади", True),
    ]
