"""A row that can't be read stops itself alone, wherever its article stands, also over a restart."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ARTICLE, Clock, Scene, a_scene, newsroom_with
from tests.helpers.crowd import said

#: What breaks the first article, and in which of its rows.
DAMAGES = {
    "its text": "UPDATE version SET content = '{' WHERE article_id = 1",
    "a text of a later form": """UPDATE version SET content = '{"kind": "hologram"}' WHERE article_id = 1""",
    "its time on the wall": "UPDATE article SET due_wall = 'noon' WHERE id = 1 AND due_wall IS NOT NULL",
    "its zone": "UPDATE article SET due_zone = 'Europe/Atlantis' WHERE id = 1 AND due_zone IS NOT NULL",
    "its author": "UPDATE article SET author = 'pigeon' WHERE id = 1",
    "its time": "UPDATE article SET due_at = 9223372036854775807 WHERE id = 1",
    "when it came in": "UPDATE article SET created_at = -9223372036854775808 WHERE id = 1",
    "its number": "UPDATE article SET id = -7 WHERE id = 1",
    "its version": "UPDATE version SET number = 9 WHERE article_id = 1",
    "who wrote it": "UPDATE version SET author = '' WHERE article_id = 1",
    "its expiry on the wall": "UPDATE article SET expires_wall = 'noon' WHERE id = 1 AND expires_wall IS NOT NULL",
}
UNREADABLE = ("its text", "a text of a later form")
SOUND = "Другий міст відкрили"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    (tmp_path / "newsroom.toml").write_text(newsroom_with(undo="30 s"), encoding="utf-8")
    async with a_scene(tmp_path, Clock()) as made:
        await made.says(f"/queue {ARTICLE}\nдо: завтра 18:00", "#1")
        await made.says(f"/queue {ARTICLE.replace(ARTICLE.splitlines()[0], SOUND)}", "#2")
        yield made


async def are_timed(scene: Scene) -> None:
    for number in (1, 2):
        await scene.says(f"/at {number} через 10 хв", f"#{number}")


async def count_down(scene: Scene) -> None:
    for number in (1, 2):
        await scene.says(f"/now {number}", f"#{number}")


async def is_damaged(scene: Scene, damage: str) -> None:
    """Somebody's hand, or the disk, is in the database."""

    def damages() -> None:
        with closing(sqlite3.connect(scene.settings.database_path, timeout=60)) as file:
            file.execute(DAMAGES[damage])
            file.commit()

    await asyncio.to_thread(damages)


async def restarts_damaged(scene: Scene, damage: str) -> None:
    await scene.stop()
    await is_damaged(scene, damage)
    await scene.start()


@pytest.mark.parametrize("restarts", [False, True])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("stand", [are_timed, count_down])
async def test_what_stands_beside_a_damaged_article_goes_out(
    scene: Scene, stand: Callable[[Scene], Awaitable[None]], damage: str, restarts: bool
) -> None:
    await stand(scene)
    if restarts:
        await restarts_damaged(scene, damage)
    else:
        await is_damaged(scene, damage)
    scene.advance(minutes=10)

    await scene.until(lambda: [bubble for bubble in scene.channel() if SOUND in bubble.text])
    await scene.says("/list", "")
    await scene.says("/week", "")
    if damage in UNREADABLE:
        await scene.until(lambda: said(scene.telegram(), "не читається"))


async def test_a_damaged_countdown_keeps_no_other_from_being_shown(scene: Scene) -> None:
    await count_down(scene)
    await scene.until(lambda: said(scene.telegram(), "⏳ #2") and said(scene.telegram(), "⏳ #1"))
    await is_damaged(scene, "its text")
    scene.advance(seconds=31)

    await scene.until(lambda: said(scene.telegram(), "🚀 #2"))


async def test_a_damaged_article_that_is_edited_keeps_no_other_card_from_showing_it(scene: Scene) -> None:
    await scene.says_on_viber("/show 1", "#1")
    await scene.says_on_viber("/show 2", "#2")
    await scene.says("/edit 1", "")
    await scene.says_on_viber("/edit 1", "")
    await is_damaged(scene, "its text")
    await scene.says_on_viber("/edit 2", "")

    await scene.until(
        lambda: [bubble for bubble in scene.telegram() if "\n#2 · " in bubble.text and "✏️" in bubble.text]
    )


def _is_asked(scene: Scene, number: int) -> bool:
    return bool(said(scene.viber(), f"#{number} чекає"))


@pytest.mark.parametrize("minutes", [15, 60])  # reminded, and told to the owners
async def test_a_damaged_question_keeps_no_other_from_being_put_again(tmp_path: Path, minutes: int) -> None:
    (tmp_path / "newsroom.toml").write_text(newsroom_with(approvals=1), encoding="utf-8")
    async with a_scene(tmp_path, Clock()) as scene:
        await scene.says_on_viber("/list", "")
        for number, article in enumerate((ARTICLE, ARTICLE.replace(ARTICLE.splitlines()[0], SOUND)), 1):
            await scene.says(f"/queue {article}", f"#{number}")
            await scene.says(f"/submit {number}", f"#{number}")
            await scene.until(partial(_is_asked, scene, number))
        await is_damaged(scene, "its text")
        before = len(said(scene.viber(), SOUND))
        scene.advance(minutes=minutes)

        await scene.until(lambda: len(said(scene.viber(), SOUND)) > before)
        await scene.until(lambda: said(scene.viber(), "#1 мав вийти") or said(scene.viber(), "не читається"))


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_start_in_another_zone_survives_a_damaged_article(scene: Scene, damage: str) -> None:
    await are_timed(scene)
    path = scene.settings.newsroom
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Europe/Kyiv", "Europe/Lisbon"), encoding="utf-8")
    assert "Europe/Lisbon" in path.read_text(encoding="utf-8")
    await restarts_damaged(scene, damage)

    await scene.until(lambda: said(scene.telegram(), "#2"))
    await scene.says("/list", "#2")
