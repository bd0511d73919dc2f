"""The head of the audit log leaves the house: once a day to the desk, and in the name of every backup."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app.configured import place_of
from bot.domain.audit import Head
from bot.newsroom.daily_head import DailyHead
from bot.newsroom.desk import Desk
from bot.storage import verify_audit
from config.newsroom import load_newsroom
from tests.conftest import TELEGRAM_TOKEN, Scene
from tests.dialogues.conftest import Chat
from tests.helpers.catalogue import written
from tests.helpers.crowd import an_article, queues, said
from tests.helpers.groups import GROUP
from tests.helpers.process import Run, environment

TOLD = written("Today the record of who did what ends with")


pytestmark = pytest.mark.newsroom(head_at="19:00", groups=[str(GROUP)])


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.sandbox.telegram.add_group(GROUP, title="Редакція")
    scene.sandbox.telegram.set_admin(GROUP, TELEGRAM_TOKEN)
    return scene


def heads(scene: Scene) -> list[str]:
    return re.findall(r"\d+:[0-9a-f]{64}", "".join(bubble.text for bubble in scene.telegram()))


async def test_the_head_of_the_day_is_told_to_everybody_of_the_desk(scene: Scene, platform: str, language: str) -> None:
    desk = Chat(scene, platform, language).arrives()
    await desk.drafts()
    scene.advance(hours=5, minutes=59)
    await desk.says("/list", "#1")
    assert not said(desk.heard(), TOLD[language])

    scene.advance(minutes=1)
    told = await desk.hears(TOLD[language])
    head = await scene.app.store.read.audit_head()
    assert str(head) in told.text
    assert verify_audit(place_of(scene.settings), [head]).fault is None


async def test_the_desks_group_is_told_the_head_of_the_day_too(scene: Scene) -> None:
    await scene.says("/list", "")
    scene.advance(hours=6)
    await scene.until(lambda: said(scene.sandbox.telegram.phone(GROUP), TOLD["uk"]))


async def test_the_head_is_told_once_despite_restarts_and_not_for_days_slept_through(scene: Scene) -> None:
    await scene.says("/list", "")
    scene.advance(hours=6)
    await scene.until(lambda: len(heads(scene)) == 1)
    await scene.stop()
    await scene.start()
    await scene.says("/list", "")
    assert len(heads(scene)) == 1

    await scene.stop()
    scene.clock.at = datetime(2026, 11, 28, 5, 0, tzinfo=UTC)
    await scene.start()
    await scene.until(lambda: len(heads(scene)) == 2)
    scene.advance(hours=11, minutes=59)
    await scene.says("/list", "")
    assert len(heads(scene)) == 2


async def test_once_it_is_told_the_house_is_at_rest(scene: Scene) -> None:
    await scene.says("/list", "")
    scene.advance(hours=6)
    await scene.until(lambda: len(heads(scene)) == 1)
    woken: list[str] = []
    scene.app.store.on("notice", lambda: woken.append("again"))
    scene.app.look()
    await scene.says("/list", "")

    assert not woken


async def test_a_log_that_began_after_the_hour_waits_for_the_next_day(scene: Scene) -> None:
    head = DailyHead(scene.clock.at.time().replace(hour=9), ZoneInfo("Europe/Kyiv"))
    app = scene.app
    await app.store.write(lambda tx: head.tell(Desk(app.newsroom, tx, scene.clock())))

    await scene.says("/list", "")
    assert not heads(scene)


def test_an_empty_hour_is_never_and_the_default_is_in_the_morning(tmp_path: Path) -> None:
    for line, hour in (("", 9), ('[desk]\nhead_at = "07:30"', 7)):
        (tmp_path / "newsroom.toml").write_text(f'name = "Вісник"\n{line}', encoding="utf-8")
        at = load_newsroom(tmp_path / "newsroom.toml").desk.head_at
        assert at is not None and at.hour == hour
    (tmp_path / "newsroom.toml").write_text('name = "Вісник"\n[desk]\nhead_at = ""', encoding="utf-8")
    assert load_newsroom(tmp_path / "newsroom.toml").desk.head_at is None
    assert DailyHead(None, ZoneInfo("Europe/Kyiv")).next_instant(datetime(2026, 11, 24, tzinfo=UTC)) is None


async def test_a_backup_is_named_by_its_head_which_can_be_compared(scene: Scene, tmp_path: Path) -> None:
    await queues(scene, an_article(), hours=1)
    head = await scene.app.store.read.audit_head()
    settings = environment(scene.sandbox, tmp_path)
    async with Run(settings, "backup") as run:
        assert await run.ended() == 0
    named = re.search(rf"{tmp_path}/visnyk-\d{{8}}-\d{{6}}-{head.id}-{head.hash[:12]}\.db", run.output)
    assert named is not None

    noted = f"{head.id}-{head.hash[:12]}"
    for where, told, code in (("copy", noted, 0), ("copy", f"{head.id}-{'0' * 12}", 1), ("original", noted, 0)):
        args = ["audit", "verify", "--head", told, *(["--file", named[0]] if where == "copy" else [])]
        async with Run(settings, *args) as run:
            assert await run.ended() == code
    assert Head.parse(noted).id == head.id
