"""A row that can't be read stops itself alone, wherever its article stands, also over a restart."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
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


def is_damaged(scene: Scene, damage: str) -> None:
    """Somebody's hand, or the disk, is in the database."""
    with closing(sqlite3.connect(scene.settings.database_path)) as file:
        file.execute(DAMAGES[damage])
        file.commit()


async def restarts_damaged(scene: Scene, damage: str) -> None:
    await scene.stop()
    is_damaged(scene, damage)
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
        is_damaged(scene, damage)
    scene.advance(minutes=10)

    await scene.until(lambda: [bubble for bubble in scene.channel() if SOUND in bubble.text])
    await scene.says("/list", "")
    await scene.says("/week", "")
    if damage in UNREADABLE:
        await scene.until(lambda: said(scene.telegram(), "не читається"))


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
