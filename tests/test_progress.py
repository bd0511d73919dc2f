"""How long a large sending takes is said before it, and how far it is while it runs, in one message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import Receipt
from bot.app.configured import TRAITS
from bot.commands.progress import bar
from bot.delivery.progress import LOOK, ProgressBoard
from bot.domain import Address, Screen
from bot.domain.chat import View
from bot.sandbox import Bubble
from bot.storage import Queries, open_store
from tests.conftest import NEWSROOM, Scene, a_scene
from tests.helpers.crowd import (
    an_article,
    count,
    finished,
    hear_all,
    publishes,
    readers,
    rows,
    said,
    tallies,
    telegram_ids,
)

RUNNING, SENT, OUTCOME = "#1 розсилаємо", "#1 розіслано", "#1 вийшов"
#: At this pace four readers take two seconds, and the two that have to wait still as long as what is announced.
SLOW = NEWSROOM.replace("per_second = 1000", "per_second = 2").replace(
    "desk.approvals = 0", 'desk.approvals = 0\ndesk.progress_from = "1 s"'
)


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Scene]:
    (tmp_path / "newsroom.toml").write_text(SLOW, encoding="utf-8")
    async with a_scene(tmp_path) as running:
        await running.says("/list", "")
        await running.says_on_viber("/list", "")
        await hear_all(running)
        await readers(running, telegram=4)
        yield running


def boards(bubbles: list[Bubble]) -> list[Bubble]:
    return said(bubbles, RUNNING) + said(bubbles, SENT)


async def a_sending_that_waits_for_two(scene: Scene) -> None:
    for place in (1, 2):
        scene.sandbox.faults.add("telegram", "429", chat=telegram_ids(4)[place], retry_after=60)
    await publishes(scene, an_article())
    await scene.until(lambda: boards(scene.telegram()))
    await scene.until(lambda: count(scene.sandbox.telegram.phone(telegram_ids(4)[3])))


def edits(scene: Scene) -> int:
    return sum(request.method == "editMessageText" for request in scene.sandbox.requests)


async def settled(scene: Scene, delivered: int) -> None:
    while (await tallies(scene))["telegram"].delivered != delivered:
        await scene.until(lambda: True)


async def test_one_message_in_each_chat_shows_how_far_it_is_until_the_end(slow: Scene) -> None:
    await a_sending_that_waits_for_two(slow)
    await settled(slow, 2)
    (first,) = boards(slow.telegram())
    slow.advance(seconds=3)
    await slow.until(lambda: "доставлено: 2" in boards(slow.telegram())[0].text)

    (shown,) = boards(slow.telegram())
    assert shown.message_id == first.message_id
    assert "Telegram ▓▓▓▓▓░░░░░ 50 %" in shown.text
    assert "ще чекають: 2" in shown.text
    assert "лишилося приблизно 1 с" in shown.text

    slow.advance(seconds=61)
    await finished(slow)
    await slow.until(lambda: said(slow.telegram(), OUTCOME))
    slow.advance(seconds=3)
    await slow.until(lambda: said(slow.telegram(), SENT))
    assert [board.message_id for board in boards(slow.telegram())] == [first.message_id]
    assert len(boards(slow.viber())) == 1, "on Viber nothing can be edited: the start is told, and the outcome"
    await slow.until(lambda: said(slow.viber(), OUTCOME))


async def test_the_progress_message_is_edited_at_most_every_three_seconds(slow: Scene) -> None:
    await a_sending_that_waits_for_two(slow)
    await settled(slow, 2)
    before = edits(slow)
    slow.advance(seconds=2)
    await slow.says("/whoami", "telegram:1001")
    await slow.says("/whoami", "telegram:1001")
    assert edits(slow) == before

    slow.advance(seconds=1)  # the first look may have shown both already: then there is nothing new to show
    await slow.until(lambda: "доставлено: 2" in boards(slow.telegram())[0].text)
    assert edits(slow) <= before + 1


async def test_after_a_restart_the_same_message_goes_on_being_edited(slow: Scene) -> None:
    await a_sending_that_waits_for_two(slow)
    await settled(slow, 2)
    (first,) = boards(slow.telegram())

    await slow.stop()
    await slow.start()
    slow.advance(seconds=3)
    await slow.until(lambda: "доставлено: 2" in boards(slow.telegram())[0].text)
    slow.advance(seconds=61)
    await finished(slow)
    slow.advance(seconds=3)
    await slow.until(lambda: said(slow.telegram(), SENT))
    assert [board.message_id for board in boards(slow.telegram())] == [first.message_id]
    assert len(boards(slow.viber())) == 1
    slow.advance(seconds=3)
    while await rows(slow, "SELECT * FROM progress"):
        await slow.until(lambda: True)


async def test_a_slow_platform_does_not_hold_up_the_progress_shown_on_the_other(slow: Scene) -> None:
    slow.sandbox.faults.add("viber", "slow", method="send_message", delay=30, times=None)
    await a_sending_that_waits_for_two(slow)
    await settled(slow, 2)
    for _ in range(2):
        slow.advance(seconds=3)
        await slow.until(lambda: "доставлено: 2" in boards(slow.telegram())[0].text)

    assert slow.sandbox.in_flight
    assert len(boards(slow.telegram())) == 1


async def test_who_waits_behind_another_sending_waits_for_that_too(slow: Scene) -> None:
    for person in telegram_ids(4):
        slow.sandbox.faults.add("telegram", "429", chat=person, retry_after=60)
    await publishes(slow, an_article(), an_article("Лелеки вернулися"))
    app = slow.app
    while not all(one.dispatch.is_counted for one in await app.newsroom.forecast.under_way(app.store.read)):
        await slow.until(lambda: True)

    first, second = await app.newsroom.forecast.under_way(app.store.read)
    assert (first.tally.waiting, second.tally.waiting) == (4, 4)
    assert second.time_left == 2 * first.time_left > timedelta(0)


async def test_a_small_sending_is_not_announced(scene: Scene) -> None:
    await scene.says("/list", "")
    await readers(scene, telegram=3)
    await publishes(scene, an_article())
    await finished(scene)
    await scene.until(lambda: said(scene.telegram(), OUTCOME))
    assert not boards(scene.telegram())


async def test_the_card_says_before_how_long_it_will_take(slow: Scene) -> None:
    await slow.stop()
    await slow.start()
    app = slow.app
    await app.newsroom.forecast.count(app.store.read)
    await slow.says("/queue Міст відкрили", "⏳ Telegram, читачів: 4. За нинішнього темпу це приблизно 2 с")


@pytest.mark.parametrize(
    ("fraction", "shown"), [(0, "░" * 10), (0.56, "▓▓▓▓▓░░░░░"), (0.999, "▓" * 9 + "░"), (1, "▓" * 10)]
)
def test_the_progress_bar_is_full_only_at_the_end(fraction: float, shown: str) -> None:
    assert bar(fraction) == shown


async def test_the_progress_board_looks_at_most_once_a_second_however_much_happens(tmp_path: Path) -> None:
    """Each look asks how far every sending is: with large audiences that takes time that the posts wait for."""
    store = await open_store(tmp_path / "visnyk.db")
    looks: list[float] = []
    clock = asyncio.get_running_loop().time

    async def look(_tx: Queries) -> list[View]:
        looks.append(clock())
        return []

    async def show(_chat: Address, _screen: Screen) -> Receipt:
        raise AssertionError("there is nothing to be shown")

    board = ProgressBoard(store, look, show, TRAITS, now=lambda: datetime.now(UTC))
    board.start()
    begun = clock()
    for _ in range(60):
        await store.write(_something_happens)
    lasted = clock() - begun
    await board.stop()
    await store.close()

    assert 1 <= len(looks) <= 1 + lasted / LOOK


async def _something_happens(tx: Queries) -> None:
    tx.signal("dispatch")
