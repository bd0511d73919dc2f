"""After a long absence nothing goes out late by surprise: all of it waits for a person's yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.storage.convert import to_ms
from tests.conftest import CHANNEL, Scene, a_scene
from tests.helpers.crowd import an_article, count, publishes, queues, readers, said, states, telegram_ids
from tests.promises.moments import Time, comes_true

#: Of whom the last three must wait a minute.
READERS = 6
ASKED = " саме надсилався"


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path) as running:
        await running.says("/list", "")
        await readers(running, telegram=READERS)
        for person in telegram_ids(READERS)[3:]:
            running.sandbox.faults.add("telegram", "429", chat=person, retry_after=60)
        yield running


def got(scene: Scene) -> list[int]:
    return [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(READERS)]


async def half_sent(scene: Scene, *, urgent: bool = False) -> None:
    await publishes(scene, an_article(urgent=urgent))
    await scene.until(lambda: sum(got(scene)) == 3 and count(scene.channel()) and count(scene.viber_channel()))
    await comes_true(scene, f"SELECT 1 FROM page WHERE state = 'waiting' AND not_before > {to_ms(scene.clock())}")


async def is_away(scene: Scene, **long: float) -> None:
    await scene.stop()
    scene.clock.at += timedelta(**long)
    await scene.start()


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_broadcast_left_under_way_for_a_day_waits_for_a_yes(scene: Scene, urgent: bool) -> None:
    await half_sent(scene, urgent=urgent)
    await is_away(scene, hours=24)
    await scene.until(lambda: said(scene.telegram(), ASKED))
    (question,) = said(scene.telegram(), ASKED)
    assert "минуло 1 д" in question.text, question.text
    scene.advance(minutes=10)
    await scene.says("/list", "")
    assert got(scene) == [1, 1, 1, 0, 0, 0]

    await scene.presses(question, "▶️ Продовжити", "#1")
    await scene.until(lambda: got(scene) == [1] * READERS)
    assert count(scene.channel()) == count(scene.viber_channel()) == 1


async def test_a_broadcast_that_is_left_as_it_is_reaches_nobody_else(scene: Scene) -> None:
    await half_sent(scene)
    await is_away(scene, hours=24)
    await scene.until(lambda: said(scene.telegram(), ASKED))
    await scene.presses(said(scene.telegram(), ASKED)[0], "✖️ Не треба", "#1")
    scene.advance(hours=1)
    await is_away(scene, hours=24)
    await scene.says("/list", "")

    assert got(scene) == [1, 1, 1, 0, 0, 0]
    assert len(said(scene.telegram(), ASKED)) == 1


async def test_after_a_short_absence_a_broadcast_goes_on_by_itself(scene: Scene) -> None:
    await half_sent(scene)
    await is_away(scene, minutes=29)
    await scene.until(lambda: got(scene) == [1] * READERS)

    assert not said(scene.telegram(), ASKED)


async def test_what_was_slow_but_looked_after_goes_on_by_itself(scene: Scene) -> None:
    """Hours on its way, and Visnyk away for a minute only."""
    scene.sandbox.faults.clear()
    for person in telegram_ids(READERS)[3:]:
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=20_000)
    await half_sent(scene)
    scene.advance(hours=5)
    await comes_true(scene, f"SELECT 1 FROM dispatch WHERE state = 'running' AND changed_at = {to_ms(scene.clock())}")
    await is_away(scene, minutes=1)
    # The waits of this many chats are the bot's, and hold over the restart.
    await Time(scene).passes(3600, step=600)
    await scene.until(lambda: got(scene) == [1] * READERS)

    assert not said(scene.telegram(), ASKED)


async def test_a_post_that_had_to_wait_for_its_channel_asks_too(scene: Scene) -> None:
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=60)
    await publishes(scene, an_article())
    await scene.until(lambda: count(scene.viber_channel()) and sum(got(scene)) == 3)
    await is_away(scene, hours=24)
    await scene.until(lambda: said(scene.telegram(), ASKED))
    scene.advance(minutes=10)
    await scene.says("/list", "")
    assert not scene.channel()
    assert (await states(scene))["main"] == "stopped"

    # One question for the whole article.
    (question,) = said(scene.telegram(), ASKED)
    await scene.presses(question, "▶️ Продовжити", "#1")
    await scene.until(lambda: count(scene.channel()) and got(scene) == [1] * READERS)


async def test_a_day_of_queued_posts_goes_nowhere_without_a_yes(scene: Scene) -> None:
    for hour in range(1, 6):
        await queues(scene, an_article(f"О {hour}-й"), hours=hour)
    await queues(scene, an_article("Завтра"), hours=25)
    await is_away(scene, hours=24)
    await scene.until(lambda: len(said(scene.telegram(), "запізнюється")) == 5 or len(scene.telegram()) > 10)
    assert not scene.channel()

    scene.advance(hours=1)
    await scene.until(lambda: count(scene.channel(), "Завтра"))
    assert len(scene.channel()) == 1
