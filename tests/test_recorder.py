"""The flight recorder: what it remembers over a kill, and when it is not believed."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.recorder import REGIONS, SLOTS, Mark, Recorder, Trace
from tests.conftest import CHANNEL, Scene
from tests.helpers.catalogue import stretch
from tests.helpers.crowd import an_article, finished, publishes, rows, said

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
    left = Recorder.open(path).left.pages

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

    assert Recorder.open(path).left.pages == {}


def test_a_page_that_is_given_back_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"
    recorder = Recorder.open(path)
    recorder.wipe()
    region = recorder.take(7, 3)
    assert region is not None
    region.started(511)
    recorder.give_back(7, 3)

    assert Recorder.open(path).left.pages == {}
    assert path.stat().st_mode & 0o077 == 0


def test_more_pages_than_regions_just_go_unrecorded(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "visnyk.db.flight")
    recorder.wipe()

    taken = [recorder.take(1, number) for number in range(REGIONS + 1)]

    assert taken[-1] is None
    assert all(region is not None for region in taken[:-1])


def test_posts_are_remembered_by_their_dispatch_until_their_outcome_is_written_down(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"
    recorder = Recorder.open(path)
    recorder.wipe()
    slots = [recorder.depart(number) for number in (1, 2, 3, 4)]
    assert all(slots)
    settled, arrived, refused, _ = slots
    recorder.forget(settled)  # type: ignore[arg-type]
    arrived.arrived(77)  # type: ignore[union-attr]
    refused.not_taken()  # type: ignore[union-attr]

    left = Recorder.open(path).left.posts

    assert left == {2: Trace(Mark.ARRIVED, 77), 3: Trace(Mark.NOT_TAKEN), 4: Trace(Mark.STARTED)}


def test_a_post_that_left_twice_is_open_if_either_departure_is(tmp_path: Path) -> None:
    for order in (0, 1):
        path = tmp_path / f"{order}.flight"
        recorder = Recorder.open(path)
        recorder.wipe()
        slots = [recorder.depart(7), recorder.depart(7)]
        slots[order].not_taken()  # type: ignore[union-attr]

        assert Recorder.open(path).left.posts == {7: Trace(Mark.STARTED)}


def test_no_more_posts_leave_than_can_be_remembered(tmp_path: Path) -> None:
    recorder = Recorder.open(tmp_path / "visnyk.db.flight")
    recorder.wipe()

    assert [recorder.depart(number) is None for number in range(1, SLOTS + 2)] == [False] * SLOTS + [True]


def test_a_recorder_of_an_earlier_form_knows_of_no_posts(tmp_path: Path) -> None:
    path = tmp_path / "visnyk.db.flight"
    path.write_bytes(bytes(1 << 16))

    assert Recorder.open(path).left.posts is None


@pytest.mark.parametrize("number", [5, 0])
async def test_a_post_that_was_answered_before_a_kill_has_its_link_or_is_said_to_have_none(
    scene: Scene, number: int
) -> None:
    await publishes(scene, an_article())
    await finished(scene)
    [[dispatch]] = await rows(scene, "SELECT id FROM dispatch WHERE channel = 'main'")
    await scene.stop()
    path = scene.settings.database_path
    await asyncio.to_thread(kill_between_the_answer_and_its_commit, path, dispatch, number)
    await scene.start()

    [[state, recovered]] = await rows(scene, f"SELECT state, link FROM dispatch WHERE id = {dispatch}")
    assert (state, recovered) == ("delivered", f"https://t.me/c/{str(CHANNEL)[4:]}/{number}" if number else "")
    await scene.says("/show 1", "#1")
    no_link = stretch("#{id}: {where} is still processing the video.", id=1)["uk"]
    await scene.until(lambda: bool(said(scene.telegram(), no_link)) is (number == 0))
    assert len(scene.channel()) == 1


def kill_between_the_answer_and_its_commit(path: Path, dispatch: int, number: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        way_back = "state = 'sending', message_id = NULL, link = '', recorded = 1"
        db.execute(f"UPDATE dispatch SET {way_back} WHERE id = ?", (dispatch,))
    slot = Recorder.open(path.with_name(f"{path.name}.flight")).depart(dispatch)
    assert slot is not None
    slot.arrived(number)


async def test_the_recorder_of_a_machine_is_not_believed_when_another_has_led_since(scene: Scene) -> None:
    """It knows nothing of the post, and would say that it never left."""
    await publishes(scene, an_article())
    await finished(scene)
    await scene.stop()
    with closing(sqlite3.connect(scene.settings.database_path, isolation_level=None)) as db:
        db.execute("UPDATE dispatch SET state = 'sending', recorded = 1 WHERE channel = 'main'")
        db.execute("UPDATE leader SET flight = 'of another machine'")
    await scene.start()

    assert await rows(scene, "SELECT state FROM dispatch WHERE channel = 'main'") == [("in_doubt",)]
    assert len(scene.channel()) == 1
