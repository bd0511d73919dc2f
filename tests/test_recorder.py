"""The flight recorder: what it remembers over a kill, and when it is not believed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from bot.storage.recorder import REGIONS, Mark, Recorder, Trace

KILLED = """
import os, signal, sys
from pathlib import Path
from bot.storage.recorder import Recorder
recorder = Recorder.open(Path(sys.argv[1]))
recorder.wipe()
region = recorder.take(7, 3)
region.started(0); region.arrived(0, 900_000_000_001)
region.started(1)
region.started(2); region.not_taken(2)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_on_the_wire_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"

    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    left = Recorder.open(path).left

    assert killed.returncode == -signal.SIGKILL
    assert left == {(7, 3): {0: Trace(Mark.ARRIVED, 900_000_000_001), 1: Trace(Mark.STARTED), 2: Trace(Mark.NOT_TAKEN)}}


def test_another_boots_record_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"
    recorder = Recorder.open(path)
    recorder.wipe()
    region = recorder.take(7, 3)
    assert region is not None
    region.started(0)
    with path.open("r+b") as file:
        file.write(b"another boot")

    assert Recorder.open(path).left == {}


def test_a_page_that_is_given_back_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"
    recorder = Recorder.open(path)
    recorder.wipe()
    region = recorder.take(7, 3)
    assert region is not None
    region.started(511)
    recorder.give_back(7, 3)

    assert Recorder.open(path).left == {}
    assert path.stat().st_mode & 0o077 == 0


def test_more_pages_than_regions_just_go_unrecorded(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "visnyk.db.flight")
    recorder.wipe()

    taken = [recorder.take(1, number) for number in range(REGIONS + 1)]

    assert taken[-1] is None
    assert all(region is not None for region in taken[:-1])
