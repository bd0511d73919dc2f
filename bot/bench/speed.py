"""Messages per second and processor time per message, side by side, against a server that answers at once."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.table import Table
from rich.text import Text

from bot.app import fastest
from bot.bench.certificate import Certificate, issue
from bot.bench.clients import AIOGRAM, BARE, CLIENTS, OURS, PTB
from bot.bench.figures import Figure, at_least, at_most
from bot.bench.helper import Helper, helper

CONNECTIONS = (50, 100)
#: The null server's name for the wire that Telegram speaks; the other one is “plain”.
TLS = "TLS"
#: Messages of a round of the fast ones, and how many rounds: the least disturbed one counts.
MESSAGES, ROUNDS, QUICK_ROUNDS = 6_000, 9, 3
#: Promised shares of the bare loop's processor time, and of ours by client.
BARE_LIMIT = 1.15
OTHERS_LIMITS = {PTB.name: 17.0, AIOGRAM.name: 2.5}


@dataclass(frozen=True, slots=True)
class Lane:
    """One client on one event loop. `share`: of the messages of a full round, as slow ones would take minutes."""

    client: str
    loop: str
    share: float = 1.0

    @property
    def name(self) -> str:
        return self.client if self.loop == "asyncio" else f"{self.client}, on uvloop"


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one message. `why` is set where there is nothing to measure."""

    name: str
    wire: str
    connections: int
    per_second: float = 0.0
    cpu: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Costs:
    """`ours`: the name of what runs in production, whose promises are checked."""

    of: Sequence[Cost]
    ours: str

    def find(self, name: str, like: Cost) -> Cost:
        """The same of another, over the same wire with as many connections."""
        key = (name, like.wire, like.connections)
        return next(cost for cost in self.of if (cost.name, cost.wire, cost.connections) == key)


def lanes() -> list[Lane]:
    """Return the clients with their loops: others on the one that they come with, we and the bare loop on both."""
    found = [Lane(client.name, "asyncio", client.share) for client in CLIENTS] + [Lane(OURS, "asyncio")]
    return found if fastest() is None else [*found, Lane(BARE.name, "fastest"), Lane(OURS, "fastest")]


async def measure(*, quick: bool) -> Costs:
    rounds = QUICK_ROUNDS if quick else ROUNDS
    with tempfile.TemporaryDirectory(prefix="visnyk-bench-") as folder:
        certificate = issue(Path(folder))
        async with _server(certificate) as urls, _at_hand(certificate) as clients:
            costs = [
                cost
                for wire, url in urls.items()
                for connections in CONNECTIONS
                for cost in await _side_by_side(clients, wire, url, connections, rounds)
            ]
    return Costs(costs, lanes()[-1].name)


@asynccontextmanager
async def _server(certificate: Certificate | None) -> AsyncIterator[Mapping[str, str]]:
    """Run the server and yield its address for each wire."""
    arguments = [str(certificate.server)] if certificate else []
    async with helper("bot.bench.null_server", *arguments) as server:
        yield server.hello


@asynccontextmanager
async def _at_hand(certificate: Certificate | None) -> AsyncIterator[Mapping[Lane, Helper]]:
    """A process for each: what one leaves behind must not slow down another."""
    environment = {"SSL_CERT_FILE": str(certificate.authority)} if certificate else {}
    async with AsyncExitStack() as stack:
        yield {
            lane: await stack.enter_async_context(
                helper("bot.bench.sending", lane.client, lane.loop, environment=environment)
            )
            for lane in lanes()
        }


async def _side_by_side(
    clients: Mapping[Lane, Helper], wire: str, url: str, connections: int, rounds: int
) -> list[Cost]:
    # In turns, because the machine's mood changes and the ratios are what counts.
    taken = [
        [await _cost(lane, process, wire, url, connections) for lane, process in clients.items()] for _ in range(rounds)
    ]
    return [_least(costs) for costs in zip(*taken, strict=True)]


async def _cost(lane: Lane, process: Helper, wire: str, url: str, connections: int) -> Cost:
    messages = int(MESSAGES * lane.share)
    took = await process.ask(url=url, connections=connections, messages=messages)
    if "missing" in took:
        return Cost(lane.name, wire, connections, why=took["missing"])
    return Cost(lane.name, wire, connections, messages / took["wall"], took["cpu"] / messages)


def _least(rounds: Sequence[Cost]) -> Cost:
    """Return the least cost of several runs: whatever else the machine does only adds."""
    return replace(
        rounds[0],
        per_second=max(cost.per_second for cost in rounds),
        cpu=min(cost.cpu for cost in rounds),
    )


def table(costs: Costs) -> Table:
    skipped = {f"{cost.name}: {cost.why}" for cost in costs.of if cost.why}
    if not any(cost.wire == TLS for cost in costs.of):
        skipped.add("over TLS: trustme is not installed (pip install -r tests/requirements.txt)")
    made = Table(
        title="Sending, to a server that answers at once",
        caption=Text("\n".join(sorted(skipped))),
        title_justify="left",
    )
    made.add_column("client")
    made.add_column("wire")
    for column in ("conn.", "msg/s", "CPU µs/msg", "× bare", "× Visnyk"):
        made.add_column(column, justify="right", no_wrap=True)
    for cost in costs.of:
        made.add_row(cost.name, cost.wire, str(cost.connections), *_compared(cost, costs))
    return made


def _compared(cost: Cost, costs: Costs) -> list[str]:
    if cost.why:
        return ["skipped", "–", "–", "–"]
    return [
        f"{cost.per_second:,.0f}",
        f"{cost.cpu * 1e6:,.0f}",
        f"{cost.cpu / costs.find(BARE.name, cost).cpu:.2f}",
        f"{cost.cpu / costs.find(costs.ours, cost).cpu:.1f}",
    ]


def figures(costs: Costs) -> list[Figure]:
    """Return our cost of a message against the bare loop's, and that of others against ours."""
    ours = [cost for cost in costs.of if cost.name == costs.ours]
    return [figure for cost in ours for figure in _promised(cost, costs)]


def _promised(ours: Cost, costs: Costs) -> list[Figure]:
    bare = costs.find(BARE.name, ours)
    what = f"CPU a message, {ours.wire}, {ours.connections} connections: of a bare aiohttp loop's"
    made = [at_most(what, ours.cpu / bare.cpu, BARE_LIMIT, "×", 2)]
    for name, limit in OTHERS_LIMITS.items():
        theirs = costs.find(name, ours)
        if not theirs.why:
            made.append(at_least(f"… less than {name}'s", theirs.cpu / ours.cpu, limit, "×"))
    return made
