"""Room that is kept for the moment when the disk has none left."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.storage.sqlite.ballast import Ballast

SIZE = 1 << 20


def test_the_ballast_gives_its_room_once_and_takes_it_again(tmp_path: Path) -> None:
    file = tmp_path / "ballast"
    ballast = Ballast(file, SIZE)
    assert (file.stat().st_size, ballast.is_gone) == (SIZE, False)

    ballast.drop()
    assert (file.stat().st_size, ballast.is_gone) == (0, True)
    assert ballast.take()
    assert (file.stat().st_size, ballast.is_gone) == (SIZE, False)


def test_that_the_disk_was_full_outlives_a_stop_and_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "ballast"
    too_much = shutil.disk_usage(tmp_path).free
    Ballast(file, SIZE).drop()

    after_a_kill = Ballast(file, too_much)
    assert after_a_kill.is_gone
    after_a_kill.close()
    assert Ballast(file, too_much).is_gone
    assert not Ballast(file, SIZE).is_gone


def test_the_ballast_never_fills_the_disk_and_nothing_waits_for_a_missing_one(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", shutil.disk_usage(tmp_path).free)
    ballast.drop()

    assert not ballast.is_gone
    assert not ballast.take()
    assert not list(tmp_path.iterdir())
