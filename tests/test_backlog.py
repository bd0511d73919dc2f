"""A start does not overtake what the desk said while Visnyk was down: it is read before anything leaves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.base import WayIn
from bot.app.backlog import GRACE, Backlog
from bot.domain import Platform
from bot.storage import open_store
from tests.conftest import ARTICLE, OWNER, VIBER_OWNER, Scene, a_scene
from tests.helpers.simulated import simulate

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


class _Newsroom:
    """Viber, its line and a store as the backlog sees them: an article is due once Viber was asked, if not before."""

    platform = Platform.VIBER

    def __init__(self, *, due_before: bool, stands_after: float = 0.0) -> None:
        self.is_due = due_before
        self.read = self
        self.stands = asyncio.Event()
        self._stands_after = stands_after

    async def opens(self) -> None:
        await asyncio.sleep(self._stands_after)
        self.is_due |= bool(self._stands_after)
        self.stands.set()

    async def way_in(self) -> WayIn:
        self.is_due = True
        return WayIn(True)

    async def next_at_a_word(self) -> datetime | None:
        return datetime(2026, 11, 24, 11, 0, tzinfo=UTC) if self.is_due else None

    async def amounts(self) -> dict[str, int]:
        return {"dispatches": 0}

    async def waiting(self, limit: int) -> list[str]:
        return []

    def polls(self, platform: Platform) -> bool:
        return False


async def _seconds_until_it_is_read(newsroom: _Newsroom) -> float:
    """Return the seconds, of a loop whose time is made, until what is due may leave to Viber."""
    over = asyncio.Event()
    parts: Any = newsroom
    backlog = Backlog(
        parts,
        {Platform.VIBER: parts},
        parts,
        [parts],
        now=lambda: datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
        let_go=lambda platform: over.set(),
        heard=lambda: None,
    )
    begun = asyncio.get_running_loop().time()
    backlog.start()
    await asyncio.gather(newsroom.opens(), over.wait())
    await backlog.stop()
    return asyncio.get_running_loop().time() - begun


@pytest.mark.parametrize(
    ("newsroom", "seconds"),
    [
        (_Newsroom(due_before=False), 0),
        (_Newsroom(due_before=True), GRACE),
        (_Newsroom(due_before=False, stands_after=60), 60 + GRACE),
        (_Newsroom(due_before=True, stands_after=60), 60 + GRACE),
    ],
)
def test_only_what_was_due_at_the_start_waits_for_words_on_their_way(newsroom: _Newsroom, seconds: float) -> None:
    assert simulate(_seconds_until_it_is_read(newsroom)) == pytest.approx(seconds, abs=0.2)


async def test_at_a_first_start_nothing_is_waited_for(scene: Scene) -> None:
    """The owners were seated in this very start, and nobody knows yet when they are told what waits for them."""
    assert await scene.app.store.read.next_at_a_word() is None
