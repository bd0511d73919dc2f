"""What the desk must learn is said until it has arrived, whatever happens to the connection meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain import Address, Platform
from bot.domain.people import Role
from bot.storage.schema import migrations
from tests.conftest import ARTICLE, NEWSROOM, READER, Scene, a_scene
from tests.helpers.crowd import hear_all, said
from tests.promises.moments import Time

#: A question about a doubt, one that was answered, and an answer.
OWED = """
    INSERT INTO button (id, action, args, chat, expires_at, used_at) VALUES
        ('open', 'post_again', '{}', 'telegram:1', 0, NULL), ('done', 'post_again', '{}', 'telegram:1', 0, 1),
        ('else', 'now', '{}', 'telegram:1', 0, NULL);
    INSERT INTO reply (id, platform, chat, body, created_at, not_before) VALUES
        (1, 'telegram', '1', '{"buttons": "open"}', 0, 0), (2, 'telegram', '1', '{"buttons": "done"}', 0, 0),
        (3, 'telegram', '1', '{"buttons": "else"}', 0, 0);
"""
WAITS, HELD = "чекає на ваше погодження", " настав час, але він не вийшов"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A desk that approves: Ivan is the second editor, on Telegram."""
    (tmp_path / "newsroom.toml").write_text(NEWSROOM.replace("desk.approvals = 0", "desk.approvals = 1"), "utf-8")
    async with a_scene(tmp_path) as running:
        await running.says("/list", "", person=READER)
        ivan, now = Address(Platform.TELEGRAM, str(READER)), running.clock()
        await running.app.store.write(
            lambda tx: tx.add_person(ivan, "Іван", Role.EDITOR, now, invited_by=None, wait_until=None)
        )
        await running.says(f"/queue {ARTICLE}", "#1 · чернетка")
        await hear_all(running)
        yield running


def breaks(scene: Scene, fault: str, times: int | None = None) -> None:
    """What goes to Ivan gets no answer."""
    scene.sandbox.faults.add("telegram", fault, method="sendMessage", chat=READER, times=times)


async def _comes(scene: Scene, text: str) -> None:
    """It is on Ivan's phone before four minutes have passed."""
    time = Time(scene)
    for _ in range(48):
        if said(scene.telegram(READER), text):
            return
        await time.passes(5, step=5)
    await scene.until(lambda: said(scene.telegram(READER), text))


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
async def test_a_question_for_approval_comes_however_often_the_connection_breaks(scene: Scene, fault: str) -> None:
    breaks(scene, fault, times=5)
    await scene.says("/submit 1", ". Якщо змінити текст")
    await _comes(scene, WAITS)

    question = said(scene.telegram(READER), WAITS)[-1]
    await scene.presses(question, "✅ Погодити", "#1 погоджено", person=READER)


async def test_a_question_is_put_once_more_after_a_restart_in_the_middle_of_it(scene: Scene) -> None:
    breaks(scene, "drop_before")
    await scene.says("/submit 1", ". Якщо змінити текст")
    await scene.stop()
    scene.sandbox.faults.clear()
    await scene.start()
    scene.advance(seconds=60)

    await scene.until(lambda: said(scene.telegram(READER), WAITS))


async def test_a_hold_is_told_although_the_connection_breaks_just_then(scene: Scene) -> None:
    await scene.says("/at 1 14:00", "Бракує погоджень")
    breaks(scene, "drop_before", times=3)
    scene.advance(hours=1)

    await _comes(scene, HELD)


async def test_an_answer_to_a_command_is_not_repeated(scene: Scene) -> None:
    before = len(scene.telegram(READER))
    breaks(scene, "drop_after", times=1)
    await scene.sandbox.telegram.say(READER, "/list")
    await scene.until(lambda: len(scene.telegram(READER)) > before)
    await Time(scene).passes(60, step=20)

    assert len(scene.telegram(READER)) == before + 1


@pytest.mark.sqlite
async def test_a_question_that_an_older_version_owed_is_known_by_its_button(tmp_path: Path) -> None:
    """The migration marks it once, by the rule of before."""
    with sqlite3.connect(tmp_path / "old.db") as file:
        file.row_factory = sqlite3.Row
        for number, sql in migrations():
            if number == 16:
                file.executescript(OWED)
            file.executescript(sql)
        marked = [row["id"] for row in file.execute("SELECT id FROM reply WHERE must_arrive = 1")]
    assert marked == [1]
