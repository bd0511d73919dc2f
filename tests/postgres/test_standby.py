"""A second machine stands by: it takes over when the first one is killed or cut off, and nothing comes twice."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.conftest import ARTICLE, CHANNEL, OWNER
from tests.helpers.process import Run, environment
from tests.helpers.server import Server
from tests.helpers.wire import Wire


@pytest.fixture
async def wire(server: Server, address: str) -> AsyncIterator[Wire]:
    async with Wire(server.folder / ".s.PGSQL.5432", address) as wire:
        yield wire


def machine(sandbox: Sandbox, folder: Path, address: str) -> Run:
    """One of two machines: a folder of its own, the same database."""
    folder.mkdir(exist_ok=True)
    return Run(environment(sandbox, folder, DATABASE_URL=address, DATA_FOLDER=str(folder)))


async def says(sandbox: Sandbox, text: str, expected: str) -> None:
    before = len(sandbox.telegram.phone(OWNER))
    await sandbox.telegram.say(OWNER, text)
    await sandbox.until(
        lambda: any(expected in each.text for each in sandbox.telegram.phone(OWNER)[before:] if each.sender == "bot")
    )


async def test_a_second_machine_goes_on_where_the_first_was_killed(
    sandbox: Sandbox, address: str, tmp_path: Path
) -> None:
    async with machine(sandbox, tmp_path / "one", address) as one:
        await one.running()
        await says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка")
        async with machine(sandbox, tmp_path / "two", address) as refused:
            assert await refused.ended() == 1
            assert "Another Visnyk (" in refused.output
        one.kill()
        began = time.monotonic()
        async with machine(sandbox, tmp_path / "two", address) as two:
            await two.running()
            assert time.monotonic() - began < 20  # as busy as a test machine may be; docs/scale.md has the figure
            await says(sandbox, "/now 1", "#1 виходить")
            await sandbox.until(lambda: len(sandbox.telegram.phone(CHANNEL)) == 1)
            two.terminate()
            assert await two.ended() == 0


async def test_who_was_cut_off_ends_when_another_has_taken_over(
    sandbox: Sandbox, wire: Wire, address: str, tmp_path: Path
) -> None:
    async with machine(sandbox, tmp_path / "one", wire.address) as one:
        await one.running()
        await says(sandbox, f"/queue {ARTICLE}", "#1 · чернетка")
        await wire.part()
        async with machine(sandbox, tmp_path / "two", address) as two:
            await two.running()
            await wire.join()
            assert await one.ended() == 1
            assert "Another Visnyk (" in one.output
            await says(sandbox, "/now 1", "#1 виходить")
            await sandbox.until(lambda: len(sandbox.telegram.phone(CHANNEL)) == 1)
            assert "tampered" not in one.output + two.output
