"""A backup is made each day by itself, restored and checked; old ones go, and its age is seen."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.app import backups as module
from bot.app.backups import Backups, Shelf, make
from bot.app.elsewhere import Elsewhere
from bot.app.errands import _backups
from bot.domain.news import BackupFailed
from bot.errors import CannotStart
from bot.storage import Place, Store, verify_audit
from config.newsroom import load_newsroom
from tests.conftest import NEWSROOM, Clock, Scene, a_scene
from tests.helpers.crowd import said
from tests.promises.moments import comes_true

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
AT_FOUR = NEWSROOM.replace('backups.at = ""', 'backups.at = "04:00"\nbackups.keep = 2')
KYIV = ZoneInfo("Europe/Kyiv")


def shelf(folder: Path, keep: int = 7) -> Shelf:
    return Shelf(Place(folder / "visnyk.db"), keep)


async def test_the_house_makes_one_each_day_and_keeps_the_last(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(AT_FOUR, encoding="utf-8")
    async with a_scene(tmp_path, Clock()) as scene:
        await scene.says("/list", "")
        made: list[str] = []
        for day in (25, 26, 27):
            scene.clock.at = datetime(2026, 11, day, 2, 5, tzinfo=UTC)
            scene.app.look()
            await scene.until(lambda day=day: any(f"202611{day}" in path.name for _, path in shelf(tmp_path).made()))  # type: ignore[misc]
            made.append(shelf(tmp_path).made()[-1][1].name)
        await scene.until(lambda: len(shelf(tmp_path).made()) == 2)

        assert [path.name for _, path in shelf(tmp_path).made()] == made[1:]
        assert await figure(scene) == 0.0
        scene.clock.at += timedelta(hours=5)
        assert await figure(scene) == 5 * 3600
    assert [path.name for path in (tmp_path / "backups").iterdir() if not path.name.endswith(".db")] == []
    assert all(path.stat().st_mode & 0o077 == 0 for _, path in shelf(tmp_path).made())


async def test_a_backup_that_fails_is_told_once_and_so_is_its_end(tmp_path: Path) -> None:
    # By night it would be told in the morning.
    (tmp_path / "newsroom.toml").write_text(AT_FOUR.replace("04:00", "12:00"), encoding="utf-8")
    (tmp_path / "backups").touch()  # where the folder should be
    async with a_scene(tmp_path, Clock()) as scene:
        await scene.says("/list", "")
        scene.clock.at = datetime(2026, 11, 25, 10, 5, tzinfo=UTC)
        scene.app.look()
        await scene.until(lambda: said(scene.telegram(), "Щоденна резервна копія не вдалася"))
        scene.advance(hours=1)
        await scene.says("/list", "")
        (tmp_path / "backups").unlink()
        scene.advance(hours=1)
        await scene.until(lambda: shelf(tmp_path).made())
        await comes_true(scene, "SELECT 1 FROM notice WHERE key = 'backup' AND well_at IS NOT NULL")
        scene.advance(minutes=2)
        await scene.until(lambda: said(scene.telegram(), "Щоденне резервне копіювання знову працює"))

        (told,) = said(scene.telegram(), "Щоденна резервна копія не вдалася")
        assert str(tmp_path) not in told.text


async def test_backups_that_were_switched_off_are_nobodys_trouble(store: Store, tmp_path: Path) -> None:
    backups = Backups(store, shelf(tmp_path), None, KYIV, now=lambda: NOW)
    await store.write(lambda tx: tx.tell_desk(module.TROUBLE, BackupFailed("no room"), NOW))
    await backups._step()

    assert not await store.read.all("SELECT 1 FROM notice WHERE over_at IS NULL")


async def figure(scene: Scene) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{scene.app.url}/metrics") as response:
        (line,) = [x for x in (await response.text()).splitlines() if x.startswith("visnyk_backup_age_seconds ")]
    return float(line.split()[1])


async def test_a_copy_counts_only_after_it_was_restored_and_checked(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: tx.record("system", "article.held", "article:1", {}, NOW))
    path = await make(shelf(tmp_path), NOW)

    assert path.name.startswith("visnyk-20261124-020000-1-")
    assert verify_audit(path).fault is None
    assert shelf(tmp_path).age(NOW + timedelta(hours=2)) == timedelta(hours=2)


async def test_a_copy_that_can_not_be_restored_leaves_nothing(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: tx.record("system", "article.held", "article:1", {}, NOW))
    await store.write(lambda tx: tx.run("DROP TRIGGER audit_is_not_changed"))
    await store.write(lambda tx: tx.run("UPDATE audit SET act = 'article.drafted'"))

    with pytest.raises(CannotStart, match="can't be restored"):
        await make(shelf(tmp_path), NOW)

    assert list((tmp_path / "backups").iterdir()) == []


async def test_each_backup_is_copied_to_the_second_place_and_kept_as_long(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: tx.record("system", "article.held", "article:1", {}, NOW - timedelta(days=9)))
    far = tmp_path / "far"
    both = Shelf(Place(tmp_path / "visnyk.db"), 2, to=Elsewhere(far))
    clock = Clock()
    backups = Backups(store, both, time(4), KYIV, now=clock)
    clock.at = NOW + timedelta(minutes=1)
    await backups._step()
    failed = await store.read.all("SELECT args FROM notice WHERE key = 'backup'")
    far.mkdir()
    for _ in range(3):
        await backups._step()
        clock.at += timedelta(days=1)

    assert ["not there" in row["args"] for row in failed] == [True]
    assert sorted(path.name for path in far.iterdir()) == sorted(path.name for _, path in both.made())
    assert all(path.read_bytes() == (far / path.name).read_bytes() for _, path in both.made())
    assert all(path.stat().st_mode & 0o077 == 0 for path in far.iterdir())
    assert await store.read.all("SELECT 1 FROM notice WHERE key = 'backup' AND well_at IS NOT NULL")


def test_a_copy_that_is_cut_short_has_no_name_and_is_made_again(tmp_path: Path) -> None:
    backup, far = tmp_path / "visnyk-20261124-020000.db", Elsewhere(tmp_path / "far")
    backup.write_bytes(b"rows")
    far.folder.mkdir()
    (far.folder / f"{backup.name}.part").write_bytes(b"ro")
    before = far.has(backup)
    far.take(backup)

    assert not before and far.has(backup)
    assert [path.name for path in far.folder.iterdir()] == [backup.name]


async def test_other_files_in_the_folder_are_not_deleted(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "mine.db").touch()
    (folder / "visnyk-before-the-move.db").touch()
    for day in range(3):
        await make(shelf(tmp_path, keep=1), NOW + timedelta(days=day))

    assert len(shelf(tmp_path).made()) == 1
    assert (folder / "mine.db").exists() and (folder / "visnyk-before-the-move.db").exists()


async def test_doctor_warns_of_an_old_backup_and_of_none(scene: Scene, tmp_path: Path) -> None:
    await scene.says("/list", "")
    (tmp_path / "rules.toml").write_text(AT_FOUR, encoding="utf-8")
    rules, off = load_newsroom(tmp_path / "rules.toml"), load_newsroom(scene.settings.newsroom)

    # The scene's clock stands in the past or in the future: what counts is the operator's.
    none = await _backups(scene.settings, rules)
    old = (tmp_path / "backups") / "visnyk-20200101-040000.db"
    old.parent.mkdir()
    shutil.copy(scene.settings.database_path, old)
    late = await _backups(scene.settings, rules)
    old.rename(old.with_name(f"visnyk-{datetime.now(UTC):{module.STAMP}}.db"))
    young = await _backups(scene.settings, rules)

    assert "no backup yet" in none.what
    assert (late.ok, young.ok) == (False, True)
    assert "h old" in late.what
    assert (await _backups(scene.settings, off)).ok
    (tmp_path / "far.toml").write_text(
        f"{AT_FOUR}\n".replace("backups.keep", f'backups.to = "{tmp_path}/far"\nbackups.keep')
    )
    far = await _backups(scene.settings, load_newsroom(tmp_path / "far.toml"))
    assert not far.ok and "which is not there" in far.what
