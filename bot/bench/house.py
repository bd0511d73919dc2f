"""A whole Visnyk to measure: its settings, with the sandbox in the platform's place."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from bot.bench.scene import CHANNEL, OWNER, TOKEN

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Rules:
    """Differences between the newsroom.toml of one scene and another. `slots`: posting times of every day."""

    approvals: int = 0
    readers: str = "all"
    per_second: int = 1000
    slots: Sequence[time] = ()

    def toml(self) -> str:
        times = [f"{clock:%H:%M}" for clock in self.slots]
        slots = "".join(f"{day} = {times}\n" for day in _WEEKDAYS)
        return f"""
name = "Bench"
desk.approvals = {self.approvals}
desk.undo = "0 s"
[[channels]]
key = "main"
platform = "telegram"
chat = "{CHANNEL}"
title = "Bench"
[slots]
{slots}
[pace.telegram]
per_second = {self.per_second}
# One editor types here as fast as a hundred would, and all posts go to one channel.
chat_per_second = 1000
group_per_minute = 1000
parallel = {16 if self.per_second < 1000 else 100}
[readers]
telegram = "{self.readers}"
"""


#: Articles go out without anybody's yes, to all readers, as fast as is ever allowed.
AT_ONCE = Rules()


def environment(folder: Path, telegram_url: str, rules: Rules = AT_ONCE) -> dict[str, str]:
    newsroom = folder / "newsroom.toml"
    newsroom.write_text(rules.toml(), encoding="utf-8")
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
