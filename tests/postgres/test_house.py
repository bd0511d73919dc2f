"""Visnyk on a PostgreSQL server: it runs, is looked at from beside, and loses nothing when the server goes away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from bot import app as house
from bot.app.status import status
from bot.doctor import examine
from tests.conftest import ARTICLE, Scene, a_scene
from tests.helpers.crowd import said


@pytest.fixture
async def scene(address: str, tmp_path: Path, newsroom: str) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, DATABASE_URL=address, DATA_FOLDER=str(tmp_path)) as running:
        yield running


async def publish(scene: Scene, number: int = 1) -> None:
    await scene.says(f"/queue {ARTICLE}", f"#{number} · чернетка")
    await scene.says(f"/now {number}", f"#{number} ")
    await scene.until(lambda: len(scene.channel()) == number and len(scene.viber_channel()) == number)


async def test_an_article_goes_out_and_is_there_after_a_restart(scene: Scene) -> None:
    await publish(scene)
    await scene.stop()
    await scene.start()
    await scene.says("/latest", "Міст через Сулу", person=2002)

    assert (len(scene.channel()), len(scene.viber_channel())) == (1, 1)


async def test_it_is_looked_at_from_beside_while_it_runs(scene: Scene) -> None:
    await publish(scene)

    seen = await status(scene.settings, scene.clock())
    assert seen.database.startswith("postgresql://visnyk@/")
    assert seen.running is not None
    assert seen.amounts is not None
    assert seen.amounts.latest_at is not None
    verdict = await house.audit(scene.settings, (), None)
    assert (verdict.fault, verdict.unproven) == (None, ())
    assert verdict.head == await scene.app.store.read.audit_head()
    said_by_doctor = [finding.what for finding in await examine(scene.settings, scene.clock)]
    assert "The database's server answers, and may be used." in said_by_doctor


async def test_what_somebody_changed_in_the_server_is_found(scene: Scene, address: str) -> None:
    await publish(scene)
    await scene.says(f"/queue {ARTICLE.replace('Сулу', 'Ворсклу')}", "#2 · чернетка")
    await scene.stop()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(b"UPDATE article SET state = 'queued', due_at = 1 WHERE id = 2")
        assert (await house.audit(scene.settings, (), None)).unproven
        connection.execute(b"ALTER TABLE audit DISABLE TRIGGER audit_is_not_changed")
        assert "audit_is_not_changed" in str((await house.audit(scene.settings, (), None)).fault)
        connection.execute(b"UPDATE audit SET actor = 'person:9' WHERE id = 3")
    fault = (await house.audit(scene.settings, (), None)).fault
    assert fault is not None
    assert fault.entry == 3
    await scene.start()


async def test_while_its_connections_break_nothing_is_lost_and_nothing_comes_twice(scene: Scene, address: str) -> None:
    end = b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'visnyk%'"

    def break_often() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            for _ in range(12):
                connection.execute(end)
                connection.execute(b"SELECT pg_sleep(0.03)")

    breaking = asyncio.create_task(asyncio.to_thread(break_often))
    for number in (1, 2, 3):
        await scene.sandbox.telegram.say(1001, f"/queue {ARTICLE.replace('Сулу', f'річку {number}')}")
    await breaking
    await scene.until(lambda: len(said(scene.telegram(), "чернетка")) >= 3)
    # What was undone has used up its number: a server gives none twice.
    for (number,) in await scene.app.store.read.all("SELECT id FROM article ORDER BY id"):
        await scene.sandbox.telegram.say(1001, f"/now {number}")
    await scene.until(lambda: len(scene.channel()) == 3 and len(scene.viber_channel()) == 3)

    assert len({bubble.text for bubble in scene.channel()}) == 3
