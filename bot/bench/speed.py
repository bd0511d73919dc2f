"""Messages per second and processor time per message, side by side, against a server that answers at once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from rich.table import Table
from rich.text import Text

from bot.adapters.telegram import TelegramMessenger
from bot.bench import scene
from bot.bench.clients import AIOGRAM, BARE, OTHERS, PTB, Client, Missing, send_all
from bot.bench.figures import Figure, Watch, at_least, at_most
from bot.bench.helper import helper
from bot.delivery import Delivery
from bot.domain import Pace, Platform
from bot.storage import Store, open_store

OURS = "Visnyk, with its ledger"
CONNECTIONS = (50, 100)
#: Messages of a full round of the fast ones, how many rounds (the median counts), messages to warm up.
MESSAGES, ROUNDS, WARM = 30_000, 3, 300


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one message. `why` is set where there is nothing to measure."""

    name: str
    connections: int
    per_second: float = 0.0
    cpu: float = 0.0
    why: str = ""


async def measure(*, quick: bool) -> list[Cost]:
    messages, rounds = (MESSAGES // 2, 1) if quick else (MESSAGES, ROUNDS)
    async with helper("bot.bench.null_server") as server:
        url = server.hello["url"]
        return [cost for connections in CONNECTIONS for cost in await _side_by_side(url, connections, messages, rounds)]


async def _side_by_side(url: str, connections: int, messages: int, rounds: int) -> list[Cost]:
    taken: list[list[Cost]] = []
    # In turns, because the machine's mood changes and the ratios are what counts.
    for _ in range(rounds):
        costs = [await _loop(client, url, connections, int(messages * client.share)) for client in (*OTHERS, BARE)]
        taken.append([*costs, await _delivery(url, connections, messages)])
    return [_middle(costs) for costs in zip(*taken, strict=True)]


def _middle(rounds: Sequence[Cost]) -> Cost:
    return replace(
        rounds[0],
        per_second=median(cost.per_second for cost in rounds),
        cpu=median(cost.cpu for cost in rounds),
    )


async def _loop(client: Client, url: str, connections: int, messages: int) -> Cost:
    try:
        async with client.open(url, connections) as send:
            await send_all(send, range(scene.FIRST, scene.FIRST + min(WARM, messages)), connections)
            watch = Watch()
            await send_all(send, range(scene.FIRST, scene.FIRST + messages), connections)
            return _cost(watch, client.name, connections, messages)
    except Missing as missing:
        return Cost(client.name, connections, why=str(missing))


def _cost(watch: Watch, name: str, connections: int, messages: int) -> Cost:
    return Cost(name, connections, messages / watch.wall, watch.cpu / messages)


async def _delivery(url: str, connections: int, messages: int) -> Cost:
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as folder:
        store = await open_store(Path(folder) / "visnyk.db")
        try:
            await scene.fill(store, messages)
            async with working(store, url, Pace(1e6, connections, chat_per_second=1e6)):
                await deliver(store)
                watch = Watch()
                await deliver(store)
                return _cost(watch, OURS, connections, messages)
        finally:
            await store.close()


@asynccontextmanager
async def working(store: Store, url: str, pace: Pace) -> AsyncIterator[None]:
    """Our delivery at work on a store, against a Telegram at `url`."""
    async with at_work(store, TelegramMessenger(scene.TOKEN, api_url=url), pace):
        yield


@asynccontextmanager
async def at_work(store: Store, messenger: TelegramMessenger, pace: Pace) -> AsyncIterator[None]:
    await messenger.open()
    delivery = Delivery(
        store, {Platform.TELEGRAM: messenger}, scene.PRESS, (), {Platform.TELEGRAM: pace}, now=scene.now
    )
    await delivery.start()
    try:
        yield
    finally:
        await delivery.stop(1.0)
        await messenger.close()


async def deliver(store: Store) -> int:
    """One article to all readers, from the making of its dispatch until the desk is told; returns its number."""
    done = asyncio.Event()
    store.on("notice", done.set)
    entry = await scene.article(store)
    await scene.dispatch(store, entry)
    while await store.read.open_dispatches(entry.id):
        done.clear()
        await done.wait()
    return entry.id


def table(costs: list[Cost]) -> Table:
    skipped = {f"{cost.name}: {cost.why}" for cost in costs if cost.why}
    made = Table(
        title="Sending, to a server that answers at once",
        caption=Text("\n".join(sorted(skipped))),
        title_justify="left",
    )
    made.add_column("client")
    for column in ("conn.", "msg/s", "CPU µs/msg", "× bare", "× Visnyk"):
        made.add_column(column, justify="right", no_wrap=True)
    for cost in costs:
        made.add_row(cost.name, str(cost.connections), *_figures(cost, costs))
    return made


def _figures(cost: Cost, costs: list[Cost]) -> list[str]:
    if cost.why:
        return ["skipped", "–", "–", "–"]
    bare, ours = _of(costs, BARE.name, cost.connections), _of(costs, OURS, cost.connections)
    return [
        f"{cost.per_second:,.0f}",
        f"{cost.cpu * 1e6:,.0f}",
        f"{cost.cpu / bare.cpu:.2f}",
        f"{cost.cpu / ours.cpu:.1f}",
    ]


def figures(costs: list[Cost]) -> list[Figure]:
    """What a message costs us against the bare loop, and others against us."""
    return [figure for connections in CONNECTIONS for figure in _promised(costs, connections)]


def _promised(costs: list[Cost], connections: int) -> list[Figure]:
    ours = _of(costs, OURS, connections).cpu
    bare = _of(costs, BARE.name, connections).cpu
    made = [at_most(f"CPU a message, {connections} connections: of a bare aiohttp loop's", ours / bare, 1.6, "×", 2)]
    for client, limit in ((PTB, 15), (AIOGRAM, 2)):
        theirs = _of(costs, client.name, connections)
        if not theirs.why:
            made.append(at_least(f"… less than {client.name}'s", theirs.cpu / ours, limit, "×"))
    return made


def _of(costs: list[Cost], name: str, connections: int) -> Cost:
    return next(cost for cost in costs if (cost.name, cost.connections) == (name, connections))
