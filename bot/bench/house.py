"""A whole Visnyk to measure: its settings, with the sandbox in the platform's place."""

from __future__ import annotations

import socket
from pathlib import Path

from bot.bench.scene import CHANNEL, OWNER, TOKEN

_NEWSROOM = f"""
name = "Bench"
desk.approvals = 0
desk.undo = "0 s"
[[channels]]
key = "main"
platform = "telegram"
chat = "{CHANNEL}"
title = "Bench"
[pace.telegram]
per_second = 1000
# One editor types here as fast as a hundred would, and all posts go to one channel.
chat_per_second = 1000
group_per_minute = 1000
parallel = 100
[readers]
telegram = "all"
"""


def environment(folder: Path, telegram_url: str) -> dict[str, str]:
    newsroom = folder / "newsroom.toml"
    newsroom.write_text(_NEWSROOM, encoding="utf-8")
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "DATABASE_URL": f"sqlite:///{folder}/visnyk.db",
        "HOST": "127.0.0.1",
        "PORT": str(_free_port()),
        "OWNERS": f"telegram:{OWNER}",
        "NEWSROOM": str(newsroom),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
