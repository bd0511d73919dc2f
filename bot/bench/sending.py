"""One client at work in its own process: `python -m bot.bench.sending CLIENT LOOP` (`asyncio` or `fastest`).

Question: `{"url": …, "connections": …, "messages": …}`; the answer has the seconds that they took and the processor's
seconds among them (`wall`, `cpu`), or why this client can't be measured here (`missing`).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from bot import logs
from bot.app import run
from bot.bench import scene
from bot.bench.clients import OURS, Client, Missing, named, send_all
from bot.bench.delivery import deliver, working
from bot.bench.figures import Watch
from bot.bench.helper import questions, say
from bot.domain import Pace
from bot.storage import open_store

#: Messages to warm up: every connection is open then.
WARM = 300

Seconds = dict[str, float | str]


async def serve(name: str) -> None:
    say({})
    async for question in questions():
        if name == OURS:
            say(await _delivery(question["url"], question["connections"], question["messages"]))
        else:
            say(await _sent(named(name), question["url"], question["connections"], question["messages"]))


async def _sent(client: Client, url: str, connections: int, messages: int) -> Seconds:
    try:
        async with client.open(url, connections) as send:
            await send_all(send, range(scene.FIRST, scene.FIRST + min(WARM, messages)), connections)
            watch = Watch()
            await send_all(send, range(scene.FIRST, scene.FIRST + messages), connections)
            return {"wall": watch.wall, "cpu": watch.cpu}
    except Missing as missing:
        return {"missing": str(missing)}


async def _delivery(url: str, connections: int, messages: int) -> Seconds:
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as folder:
        store = await open_store(Path(folder) / "visnyk.db")
        try:
            await scene.fill(store, messages)
            async with working(store, url, Pace(1e6, connections, chat_per_second=1e6)):
                await deliver(store)
                watch = Watch()
                await deliver(store)
                return {"wall": watch.wall, "cpu": watch.cpu}
        finally:
            await store.close()


if __name__ == "__main__":
    logs.set_up_logs("ERROR", False, ())
    (asyncio.run if sys.argv[2] == "asyncio" else run)(serve(sys.argv[1]))
