"""A second machine stands by: it keeps calls, takes over when the first is gone, and nothing comes twice."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.domain.ledger import Outcome
from bot.sandbox import Sandbox
from bot.storage import Place, looked_at
from tests.conftest import ARTICLE, CHANNEL, NEWSROOM
from tests.helpers.crowd import HEADLINE, telegram_ids
from tests.helpers.machines import Balancer, Machines, pause, says, wake
from tests.helpers.process import Run
from tests.helpers.server import Server
from tests.helpers.wire import Wire

#: Messages a second at which a page is long under way.
SLOW = NEWSROOM.replace("per_second = 1000", "per_second = 20", 1)
READERS = 80


@pytest.fixture
async def wire(server: Server, address: str) -> AsyncIterator[Wire]:
    async with Wire(server.folder / ".s.PGSQL.5432", address) as wire:
        yield wire


@pytest.fixture
async def balancer() -> AsyncIterator[Balancer]:
    async with Balancer() as balancer:
        yield balancer


@pytest.fixture
def machines(sandbox: Sandbox, tmp_path: Path, balancer: Balancer) -> Machines:
    return Machines(sandbox, tmp_path, balancer)


async def test_a_second_machine_keeps_calls_and_goes_on_where_the_first_was_killed(
    sandbox: Sandbox, machines: Machines, balancer: Balancer, address: str
) -> None:
    await machines.lay(address)
    async with pair(machines, address, address) as (one, two):
        await says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка")
        await says(sandbox, "/list", "Міст через Сулу")
        one.kill()
        began = time.monotonic()
        await two.running()
        assert time.monotonic() - began < 30  # as busy as a test machine may be; docs/scale.md has the figure
        await says(sandbox, "/now 1", "#1 виходить")
        await sandbox.until(lambda: len(sandbox.telegram.phone(CHANNEL)) == 1)
        assert balancer.failures == []
        two.terminate()
        assert await two.ended() == 0


async def test_a_machine_that_stands_by_is_healthy_and_not_ready_until_it_is_told_to_end(
    machines: Machines, address: str
) -> None:
    await machines.lay(address)
    async with pair(machines, address, address) as (_, two), aiohttp.ClientSession() as session:
        looks = {}
        for door in ("healthz", "readyz", "api/v1/articles/1"):
            async with session.get(f"{two.url}/{door}") as answer:
                looks[door] = answer.status, (await answer.text()).partition("\n")[0]
        assert looks["healthz"] == (200, "ok")
        assert looks["readyz"][0] == 503
        assert re.fullmatch(r"stands by: Another Visnyk \(.+:\d+\) leads\.", looks["readyz"][1])
        assert looks["api/v1/articles/1"][0] == 503
        two.terminate()
        assert await two.ended() == 0


async def test_a_leader_that_is_stopped_hands_over_at_once(
    sandbox: Sandbox, machines: Machines, balancer: Balancer, address: str
) -> None:
    await machines.lay(address)
    async with pair(machines, address, address) as (one, two):
        one.terminate()
        saying = asyncio.create_task(says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка"))
        assert await one.ended() == 0
        began = time.monotonic()
        await two.running()
        assert time.monotonic() - began < 30
        await saying
        assert balancer.failures == []


async def test_who_was_cut_off_stands_by_when_another_has_taken_over(
    sandbox: Sandbox, machines: Machines, wire: Wire, address: str
) -> None:
    await machines.lay(address)
    async with pair(machines, wire.address, address) as (one, two):
        await says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка")
        await wire.part()
        await two.running()
        await wire.join()
        await one.says("stands_by")
        await says(sandbox, "/now 1", "#1 виходить")
        await sandbox.until(lambda: len(sandbox.telegram.phone(CHANNEL)) == 1)
        assert "tampered" not in one.output + two.output


async def test_a_leader_that_wakes_after_a_pause_sends_nothing_of_what_it_had_reserved(
    sandbox: Sandbox, tmp_path: Path, balancer: Balancer, address: str
) -> None:
    machines = Machines(sandbox, tmp_path, balancer, rules=SLOW)
    await machines.lay(address, telegram=READERS)

    def got() -> Counter[int]:
        return Counter({p: sum(HEADLINE in b.text for b in sandbox.telegram.phone(p)) for p in telegram_ids(READERS)})

    async with pair(machines, address, address) as (one, two):
        await says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка")
        await says(sandbox, "/now 1", "#1 виходить")
        await sandbox.until(lambda: got().total() >= 10)
        pause(one)
        await two.running()
        doubts = await in_doubt(tmp_path, address)
        assert doubts > 2
        await sandbox.until(lambda: got().total() >= READERS - doubts, timeout=60)
        # Of what it had on the wire, some arrived.
        before = got()
        wake(one)
        await one.says("stands_by")
        assert got() == before
        assert set(before.values()) <= {0, 1}


@asynccontextmanager
async def pair(machines: Machines, way: str, address: str) -> AsyncIterator[tuple[Run, Run]]:
    """The first leads, and reaches the database by `way`; the second stands by."""
    async with machines.machine("one", way) as one:
        await one.running()
        async with machines.machine("two", address) as two:
            yield one, await two.says("stands_by")


async def in_doubt(folder: Path, address: str) -> int:
    found = await looked_at(
        Place(folder / "visnyk", address),
        lambda queries: queries.value("SELECT count(*) FROM exception WHERE kind = :kind", {"kind": Outcome.IN_DOUBT}),
    )
    return int(found or 0)
