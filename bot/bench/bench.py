"""The sections in their order, and what they were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table

from bot.bench import latency, ledger, limiter, past, speed, start
from bot.bench.figures import Figure

#: The section that compares; the others only measure us.
SPEED = "speed"
#: Width of what is written into a file, in columns.
_WIDTH = 120
_MARKS = {True: "✓", False: "missed", None: ""}
_PACKAGES = ("python-telegram-bot", "aiogram", "aiohttp", "aiosqlite", "httpx", "uvloop")


SECTIONS: Mapping[str, Callable[[bool], Awaitable[list[Figure]]]] = {
    "limiter": limiter.measure,
    "ledger": ledger.measure,
    "latency": latency.measure,
    "start": start.measure,
    "past": past.measure,
}


async def bench(only: str | None, *, quick: bool) -> None:
    """A table of the clients side by side, and one of everything that must be reached. `only`: one of SECTIONS."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    console.print(_machine(), highlight=False)
    figures: list[Figure] = []
    if only in (None, SPEED):
        costs = await speed.measure(quick=quick)
        console.print(speed.table(costs))
        figures += speed.figures(costs)
    for name, section in SECTIONS.items():
        if only in (None, name):
            figures += await section(quick)
    console.print(_verdicts(figures))


def _verdicts(figures: Sequence[Figure]) -> Table:
    made = Table(title="What must be reached", title_justify="left")
    for column in ("what", "measured", "target"):
        made.add_column(column)
    made.add_column("", no_wrap=True)
    for figure in figures:
        made.add_row(figure.what, figure.measured, figure.target, _MARKS[figure.reached])
    return made


def _machine() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    packages = " · ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {load} · {platform.system()} {platform.release()} · "
        f"Python {platform.python_version()} · SQLite {sqlite3.sqlite_version}\n{packages}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
