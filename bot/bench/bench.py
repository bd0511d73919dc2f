"""The sections in their order, and what they were measured on."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from rich.console import Console
from rich.table import Table

from bot.bench import latency, ledger, limiter, speed, start

_PACKAGES = ("python-telegram-bot", "aiogram", "aiohttp", "aiosqlite", "httpx")


async def _speed(quick: bool) -> Table:
    return speed.table(await speed.measure(quick=quick))


async def _limiter(quick: bool) -> Table:
    return limiter.table(await limiter.measure(quick=quick))


async def _ledger(quick: bool) -> Table:
    return ledger.table(await ledger.measure(quick=quick))


async def _latency(quick: bool) -> Table:
    return latency.table(await latency.measure(quick=quick))


async def _start(quick: bool) -> Table:
    return start.table(await start.measure(quick=quick))


SECTIONS: Mapping[str, Callable[[bool], Awaitable[Table]]] = {
    "speed": _speed,
    "limiter": _limiter,
    "ledger": _ledger,
    "latency": _latency,
    "start": _start,
}


async def bench(only: str | None, *, quick: bool) -> None:
    """Each table is printed as soon as it is measured. `only`: one of SECTIONS, None: all."""
    console = Console(highlight=False)
    console.print(_machine(), highlight=False)
    for name, section in SECTIONS.items():
        if only in (None, name):
            console.print(await section(quick))


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
