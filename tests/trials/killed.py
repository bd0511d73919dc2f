"""Published is recorded, also after kills: `python -m tests.trials.killed [KILLS=100]`. Exit 1 for any difference."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bot import logs
from bot.newsroom import publishing
from bot.record.entries import Entry
from bot.storage import open_store
from tests.helpers.indoors import a_house

KILLS = 100
#: Publications after which one is killed, at most.
MOST = 6


def killed(folder: Path, kills: int, seed: int = 1) -> tuple[int, list[str]]:
    """Publish in a process of its own and kill that, again and again.

    Return how many articles went out, and what is published and not recorded, or recorded and not published.
    """
    draw = random.Random(seed)
    for number in range(kills):
        _kill(lambda heard: asyncio.run(_publish(folder, heard)), draw.randint(0, MOST), is_first=not number)
    return asyncio.run(_compared(folder))


def _kill(work: Callable[[int], None], after: int, *, is_first: bool) -> None:
    """Start a process and kill it once it has told of so many publications, amid whatever it does then."""
    heard, tells = os.pipe()
    child = os.fork()
    if not child:
        work(tells)
        os._exit(0)
    os.close(tells)
    for _ in range(max(after, is_first)):
        os.read(heard, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(heard)


async def _publish(folder: Path, tells: int) -> None:
    """Publish without an end, and tell of each."""
    is_first = not (folder / "visnyk.db").exists()
    async with a_house(folder, approvals=0, **({} if is_first else {"desk": {}})) as house:  # type: ignore[arg-type]
        while True:
            entry = await house.writes()
            await house.do(publishing.publish, "olena", entry.id)
            os.write(tells, b".")


async def _compared(folder: Path) -> tuple[int, list[str]]:
    store = await open_store(folder / "visnyk.db")
    try:
        size = (await store.read.record_head()).size
        bodies = enumerate(await store.read.record_bodies(0, size))
        noted = await store.read.noted_publications(0)
    finally:
        await store.close()
    recorded = {(each.article, each.version, index) for index, each in ((i, Entry.parse(b)) for i, b in bodies)}
    published = {(each.article, each.version, each.index) for each in noted}
    return len(published), sorted(map(str, recorded ^ published))


def main() -> bool:
    logs.set_up_logs("ERROR", False, ())
    kills = int(sys.argv[1]) if sys.argv[1:] else KILLS
    with tempfile.TemporaryDirectory() as name:
        count, differences = killed(Path(name), kills)
    print(f"kills {kills}, publications {count}, published and recorded differ: {len(differences)}")
    print(*differences[:10], sep="\n")
    return not differences and count > 0


if __name__ == "__main__":
    sys.exit(not main())
