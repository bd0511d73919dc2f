"""The demo, as somebody types it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from bot.domain import Run
from bot.domain.parse import Pasted, parse

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


def test_the_demo_prints_the_pages_address_first_and_ends_at_ctrl_c() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "bot", "demo", "--port", port]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert running.stdout is not None and running.stderr is not None
        address = running.stdout.readline().strip()
        with urllib.request.urlopen(address, timeout=10) as page:
            assert b"page.js" in page.read()
        running.send_signal(signal.SIGINT)
        said, complained = running.stdout.read(), running.stderr.read()
        running.wait(timeout=30)

    running.stdout.close()
    running.stderr.close()
    assert running.returncode == 0
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)
    assert f"Port {port} is taken" in said
    assert not complained


def test_a_missing_article_is_answered_with_a_sentence() -> None:
    played = demo("--once", "--article", "nowhere.txt")

    assert played.returncode == 1
    assert "There is no file nowhere.txt" in played.stderr
    assert "Traceback" not in played.stderr


def test_the_sample_article_has_a_repeat_a_call_and_teasers() -> None:
    text = (Path(__file__).parent.parent / "bot/demo/articles/trolleybus.txt").read_text("utf-8")

    article = parse(Pasted.of([Run(text)])).article

    assert article.headline == "У Полтаві запустили тролейбус до нового мікрорайону"
    assert len(article.body) == 3
    assert [(teaser.lead, teaser.video) for teaser in article.related] == [
        ("Роботи триватимуть до весни", False),
        ("Показуємо котельні та склади", True),
    ]
