"""A copy made while Visnyk works can be started from, and nothing leaves it by itself."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.errors import CannotStart
from bot.sandbox import Sandbox
from bot.storage import Place, backup_of
from tests.conftest import OWNER, Clock, Scene, free_port, people, settings_for
from tests.helpers.crowd import an_article, count, publishes, queues, readers, said, states
from tests.helpers.process import Run, environment


async def test_what_is_restored_keeps_every_article_and_sends_nothing_by_itself(scene: Scene, tmp_path: Path) -> None:
    await scene.says("/list", "")
    await readers(scene, telegram=900)
    await queues(scene, an_article("Чекає години"), hours=1)
    await queues(scene, an_article("Чекає дня"), days=1)
    scene.sandbox.faults.add("telegram", "late", times=None, delay=0.1, method="sendMessage")
    await publishes(scene, an_article("Саме виходить"))
    await backup_of(Place(scene.settings.database_path), tmp_path / "copy.db", scene.clock())
    under_way = await states(scene, 3)
    scene.sandbox.faults.clear()
    assert set(under_way.values()) & {"ready", "sending", "running"}
    await scene.stop()

    folder = tmp_path / "restored"
    folder.mkdir()
    shutil.copy(tmp_path / "copy.db", folder / "visnyk.db")
    async with Sandbox() as sandbox:
        people(sandbox)
        sandbox.telegram.add_person(OWNER, name="Олена", language="uk", started=True)
        restored = Scene(sandbox, settings_for(sandbox, folder, free_port()), Clock())
        await restored.start()
        await restored.until(lambda: said(restored.telegram(), "/сумніви"))
        restored.advance(minutes=61)
        listed = await restored.says("/list", "Чекає години")
        assert "Чекає дня" in listed.text

        assert not restored.channel()
        assert not restored.viber_channel()
        sent = [r for r in sandbox.requests if r.method in ("sendMessage", "broadcast_message", "post")]
        assert {r.chat for r in sent} <= {str(OWNER)}
        await restored.stop()


async def test_the_command_makes_a_copy_beside_the_running_bot(scene: Scene, tmp_path: Path) -> None:
    await queues(scene, an_article(), hours=1)
    async with Run(environment(scene.sandbox, tmp_path), "backup", str(tmp_path / "copy.db")) as run:
        assert await run.ended() == 0

    assert "Backup written and checked" in run.output
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


async def test_while_the_copy_is_made_the_bot_goes_on(scene: Scene, tmp_path: Path) -> None:
    copying = asyncio.create_task(
        backup_of(Place(scene.settings.database_path), tmp_path / "copy.db", scene.clock())
    )  # fmt: skip
    await publishes(scene, an_article())
    await scene.until(lambda: count(scene.channel()))
    await copying


async def test_a_copy_is_never_written_over_anything(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")

    with pytest.raises(CannotStart, match="exists already"):
        await backup_of(Place(scene.settings.database_path), tmp_path / "copy.db", scene.clock())
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "mine"


async def test_a_place_that_can_not_be_written_is_named_and_nothing_is_left(scene: Scene, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="failed"):
        await backup_of(Place(scene.settings.database_path), tmp_path / "nowhere" / "copy.db", scene.clock())
    with pytest.raises(CannotStart, match="no database"):
        await backup_of(Place(tmp_path / "none.db"), tmp_path / "copy.db", scene.clock())
    assert not (tmp_path / "copy.db").exists()


async def test_what_was_asked_for_at_the_time_of_the_copy_is_not_done_again(scene: Scene, tmp_path: Path) -> None:
    from bot.domain import Platform
    from bot.storage import open_store

    path = scene.settings.database_path
    await scene.stop()
    store = await open_store(path)
    await store.write(lambda tx: tx.receive(Platform.TELEGRAM, "1", b"{}", scene.clock()))
    await backup_of(Place(path), tmp_path / "copy.db", scene.clock())
    await store.close()

    copy = await open_store(tmp_path / "copy.db")
    assert await copy.read.waiting(10) == []
    await copy.close()
