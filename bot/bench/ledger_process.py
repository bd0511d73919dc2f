"""One dispatch in its own process, for its memory: `python -m bot.bench.ledger_process DATABASE create|deliver`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import count
from pathlib import Path

from bot import app as house
from bot import logs
from bot.adapters.base import Post, Receipt
from bot.adapters.telegram import TelegramMessenger
from bot.bench import scene
from bot.bench.delivery import at_work, deliver
from bot.bench.figures import peak_memory, written
from bot.domain import Pace
from bot.storage import Store, open_store


class Instant(TelegramMessenger):
    """A platform without a wire, where everything arrives at once: only the ledger's own work is measured."""

    def __init__(self) -> None:
        super().__init__(scene.TOKEN)
        self._numbers = count(1_000_000)

    async def send(self, chat: str, post: Post, *, paid: bool = False, thread: int = 0, reply_to: int = 0) -> Receipt:
        await asyncio.sleep(0)
        return Receipt(next(self._numbers))


async def run(database: Path, what: str) -> None:
    store = await open_store(database)
    size, bytes_before, begun = scene.size(database), written(), time.perf_counter()
    if what == "create":
        await scene.dispatch(store, await scene.article(store))
        await scene.count_in(store)
    else:
        await _deliver(store)
    seconds = time.perf_counter() - begun
    await store.close()
    answer = {
        "seconds": seconds,
        "memory": peak_memory(),
        "written": written() - bytes_before,
        "stored": scene.size(database) - size,
    }
    sys.stdout.write(json.dumps(answer) + "\n")


async def _deliver(store: Store) -> None:
    async with at_work(store, Instant(), Pace(1e6, 100)):
        await deliver(store)


if __name__ == "__main__":
    logs.set_up_logs("ERROR", False, ())
    house.run(run(Path(sys.argv[1]), sys.argv[2]))
