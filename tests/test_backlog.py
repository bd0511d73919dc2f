"""A start does not overtake what the desk said while Visnyk was down: it is read before anything leaves."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain import Platform
from bot.storage import open_store
from tests.conftest import ARTICLE, OWNER, VIBER_OWNER, Scene, a_scene

CANCELLED = "#1 скасовано"
HALTED = "Усе зупинено: жодна"


@pytest.fixture(params=["called", "polling"])
async def scene(tmp_path: Path, newsroom: str, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """Called by both platforms, or polling, which Viber can't: it is off then."""
    polling = {"PUBLIC_URL": "", "VIBER_TOKEN": "", "VIBER_CHANNEL_TOKEN": ""}
    changes = polling if request.param == "polling" else {}
    async with a_scene(tmp_path, None, **changes) as running:
        yield running


async def is_timed(scene: Scene) -> None:
    """An article is due at 18:30, and at 18:25 Visnyk stops."""
    await scene.says(f"/queue {ARTICLE}", "#1")
    await scene.says("/at 1 18:30", "18:30")
    scene.advance(hours=5, minutes=25)
    await scene.stop()


async def starts_late(scene: Scene) -> None:
    """At 18:35, and what Telegram has for us takes its time to come."""
    scene.clock.at += timedelta(minutes=10)
    scene.sandbox.faults.add("telegram", "late", method="getUpdates", delay=1)
    await scene.start()


def told(scene: Scene, text: str) -> bool:
    return any(text in bubble.text for bubble in scene.telegram())


@pytest.mark.parametrize(("words", "answer"), [("/cancel 1", CANCELLED), ("/halt", HALTED)])
async def test_what_was_stopped_while_it_was_down_does_not_go_out(scene: Scene, words: str, answer: str) -> None:
    await is_timed(scene)
    await scene.sandbox.telegram.say(OWNER, words)
    await starts_late(scene)
    await scene.until(lambda: told(scene, answer))
    await is_read(scene)

    assert not scene.channel()


async def is_read(scene: Scene) -> None:
    await scene.app.reception.backlog.is_read.wait()
    scene.advance(seconds=1)
    await scene.says("/whoami", "")


@pytest.mark.parametrize(("words", "answer"), [("/cancel 1", CANCELLED), ("/halt", HALTED)])
async def test_what_was_kept_but_not_handled_at_a_kill_comes_first(scene: Scene, words: str, answer: str) -> None:
    await is_timed(scene)
    store = await open_store(scene.settings.database_path)
    await store.write(lambda tx: tx.receive(Platform.TELEGRAM, "900000001", _said(words), scene.clock()))
    await store.close()
    await starts_late(scene)
    await scene.until(lambda: told(scene, answer))
    await is_read(scene)

    assert not scene.channel()


def _said(words: str) -> bytes:
    person = {"id": OWNER, "is_bot": False, "first_name": "Олена", "language_code": "uk"}
    chat = {"id": OWNER, "type": "private", "first_name": "Олена"}
    message = {"message_id": 900, "from": person, "chat": chat, "date": 1795538880, "text": words}
    return json.dumps({"update_id": 900000001, "message": message}).encode()


@pytest.mark.newsroom(undo="30 s")
async def test_a_countdown_that_was_undone_while_it_was_down_does_not_end(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1")
    await scene.says("/now 1", "⏳ #1 вийде за")
    await scene.stop()
    scene.clock.at += timedelta(seconds=10)
    await scene.sandbox.telegram.say(OWNER, "/undo 1")
    await starts_late(scene)
    await scene.until(lambda: told(scene, "Зупинено: #1 не виходить"))
    await is_read(scene)

    assert not scene.channel()


async def test_what_was_said_of_an_expiry_while_it_was_down_is_read_before_it_counts(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}\nexpires: 18:32", "#1")
    await scene.says("/at 1 18:30", "18:30")
    scene.advance(hours=5, minutes=25)
    await scene.stop()
    await scene.sandbox.telegram.say(OWNER, "/edit 1 expires: -")
    await starts_late(scene)

    await scene.until(scene.channel)


async def test_without_a_word_it_goes_out_a_moment_after_the_start(scene: Scene) -> None:
    await is_timed(scene)
    await starts_late(scene)

    await scene.until(scene.channel)


async def test_what_was_cancelled_on_viber_does_not_go_out(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await scene.says_on_viber("/list", "")
        await is_timed(scene)
        await scene.sandbox.viber.say(VIBER_OWNER, "/cancel 1")
        await starts_late(scene)
        await scene.until(lambda: any(CANCELLED in bubble.text for bubble in scene.viber()))
        await is_read(scene)

        assert not scene.channel()


async def test_a_platform_that_can_not_be_asked_holds_up_the_other_for_a_bounded_time(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await is_timed(scene)
        scene.sandbox.faults.add("telegram", "502", times=None)
        await starts_late(scene)
        await scene.until(scene.viber_channel)

        assert not scene.channel()
        scene.sandbox.faults.clear()
        await scene.until(scene.channel)
