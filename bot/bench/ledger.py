"""The cost of the ledger: time and memory to make a dispatch, bytes a reader to keep it and to write it."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from bot.bench import scene
from bot.bench.figures import WRITTEN, Figure, at_most
from bot.bench.helper import helper
from bot.storage import open_store

SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Ledger:
    """Seconds and bytes. What is delivered goes to a platform that answers at once, without a wire."""

    readers: int
    created_in: float
    creation_memory: int
    delivery_memory: int
    stored: float
    written: float


async def measure(quick: bool) -> list[Figure]:
    ledgers = [await _ledger(readers) for readers in (SIZES[:2] if quick else SIZES)]
    return [figure for ledger in ledgers for figure in _figures(ledger)]


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


def _figures(ledger: Ledger) -> list[Figure]:
    return [
        at_most(f"{ledger.readers:,} readers: counted in", ledger.created_in, 3, "s", 2),
        at_most("… memory of the process", ledger.creation_memory / 1e6, 150, "MB"),
        at_most("… kept a reader", ledger.stored, 3, "B", 2),
        at_most("… written a reader, at full speed", ledger.written, WRITTEN, "B"),
        at_most("… memory while delivering", ledger.delivery_memory / 1e6, 150, "MB"),
    ]
