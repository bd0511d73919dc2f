"""`visnyk restore`: a backup takes the database's place, or nothing is changed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import CannotStart
from bot.storage import Place, backup_of, restore_to
from tests.conftest import Scene
from tests.helpers.crowd import an_article, queues
from tests.helpers.process import Run, environment


async def _backed_up(scene: Scene, tmp_path: Path) -> Path:
    """A backup with one article; a second one came after it. Visnyk has stopped."""
    await queues(scene, an_article("Є в копії"), hours=1)
    copy = tmp_path / "copy.db"
    await backup_of(Place(scene.settings.database_path), copy, scene.clock())
    await queues(scene, an_article("Прийшов після копії"), hours=2)
    await scene.stop()
    return copy


def _named(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))


async def test_the_copy_is_there_again_and_what_was_there_is_kept(scene: Scene, tmp_path: Path) -> None:
    copy = await _backed_up(scene, tmp_path)
    before = copy.read_bytes()

    async with Run(environment(scene.sandbox, tmp_path), "restore", str(copy)) as run:
        assert await run.ended() == 0

    assert "Nothing leaves by itself" in run.output
    assert copy.read_bytes() == before
    (kept,) = _named(tmp_path, "visnyk-before-*.db")
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as there:
        assert there.execute("SELECT count(*) FROM article").fetchone() == (2,)
    await scene.start()
    listed = await scene.says("/list", "Є в копії")
    assert "Прийшов після копії" not in listed.text


async def test_while_visnyk_runs_nothing_is_restored(scene: Scene, tmp_path: Path) -> None:
    await backup_of(Place(scene.settings.database_path), tmp_path / "copy.db", scene.clock())

    with pytest.raises(CannotStart, match="Another Visnyk"):
        await restore_to(tmp_path / "copy.db", Place(scene.settings.database_path), scene.clock())


@pytest.mark.parametrize("fault", ["cut in half", "another program's", "of a newer Visnyk", "not there", "itself"])
async def test_what_can_not_be_restored_changes_nothing(scene: Scene, tmp_path: Path, fault: str) -> None:
    copy, path = await _backed_up(scene, tmp_path), scene.settings.database_path
    if fault == "cut in half":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    if fault == "another program's":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE theirs (id INTEGER)")
    if fault == "of a newer Visnyk":
        with closing(sqlite3.connect(copy)) as newer:
            newer.execute("PRAGMA user_version = 9999")
    if fault == "not there":
        copy.unlink()
    before = path.read_bytes()

    with pytest.raises(CannotStart):
        await restore_to(path if fault == "itself" else copy, Place(path), scene.clock())

    assert path.read_bytes() == before
    assert {file.name for file in _named(tmp_path, "visnyk*.db*")} <= {
        "visnyk.db", "visnyk.db.ballast", "visnyk.db.flight", "visnyk.db.key", "visnyk.db.lock",
    }  # fmt: skip


async def test_where_no_database_was_yet_there_is_one_then(scene: Scene, tmp_path: Path) -> None:
    copy = await _backed_up(scene, tmp_path)

    restored = await restore_to(copy, Place(tmp_path / "another" / "visnyk.db"), scene.clock())

    assert restored.kept is None
    assert restored.head.id > 0
    with closing(sqlite3.connect(tmp_path / "another" / "visnyk.db")) as there:
        assert there.execute("SELECT state FROM article").fetchall() == [("held",)]
