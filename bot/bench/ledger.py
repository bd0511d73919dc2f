"""What the ledger costs: time and memory to make a dispatch, bytes a reader to keep it and to write it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from bot.bench import scene
from bot.bench.helper import helper
from bot.storage import open_store

SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Seconds and bytes. What is delivered goes to a platform that answers at once, without a wire."""

    readers: int
    created_in: float
    creation_memory: int
    delivered_in: float
    delivery_memory: int
    stored: float
    written: float


async def measure(*, quick: bool) -> list[Ledger]:
    return [await _ledger(readers) for readers in (SIZES[:2] if quick else SIZES)]


async def _ledger(readers: int) -> Ledger:
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as folder:
        database = Path(folder) / "visnyk.db"
        await filled(database, readers)
        # Delivered first: what is only created would be delivered too.
        delivered = await _run(database, "deliver")
        created = await _run(database, "create")
    return Ledger(
        readers,
        created["seconds"],
        int(created["memory"]),
        delivered["seconds"],
        int(delivered["memory"]),
        delivered["stored"] / readers,
        delivered["written"] / readers,
    )


async def filled(database: Path, readers: int) -> None:
    store = await open_store(database)
    try:
        await scene.fill(store, readers)
    finally:
        await store.close()


async def _run(database: Path, what: str) -> dict[str, float]:
    async with helper("bot.bench.ledger_process", str(database), what) as process:
        return process.hello


def table(ledgers: list[Ledger]) -> Table:
    made = Table(title="The ledger (MB: the process's peak)", title_justify="left")
    for column in ("readers", "made in s", "MB", "delivered in s", "MB", "B kept/reader", "B written"):
        made.add_column(column, justify="right", no_wrap=True)
    for ledger in ledgers:
        made.add_row(
            f"{ledger.readers:,}",
            f"{ledger.created_in:.2f}",
            f"{ledger.creation_memory / 1e6:.0f}",
            f"{ledger.delivered_in:.1f}",
            f"{ledger.delivery_memory / 1e6:.0f}",
            f"{ledger.stored:.2f}",
            f"{ledger.written:.0f}",
        )
    return made
