"""A platform that is down for hours: nothing lost, nothing twice, the other one untouched, the desk told once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.conftest import CHANNEL, OWNER, VIBER_OWNER, Scene, a_scene
from tests.helpers.crowd import an_article, count, publishes, readers, said, states, tallies, telegram_ids, viber_ids
from tests.promises.moments import NOTHING_UNDER_WAY, Time, comes_true

READERS = 30
HOURS = 6


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path) as running:
        await running.sandbox.viber.open_chat(VIBER_OWNER)
        await running.says_on_viber("/list", "")
        await running.says("/list", "")
        await readers(running, telegram=READERS, viber=READERS)
        yield running


@pytest.mark.parametrize("fault", ["drop_before", "502"])
async def test_six_hours_without_telegram_lose_and_repeat_nothing(scene: Scene, fault: str) -> None:
    """An article before, in the middle of which it begins, and one in each hour of it."""
    time = Time(scene)
    phones, viber = scene.sandbox.telegram, scene.sandbox.viber
    # Nobody is reached: no reader, no channel, no question of ours. Updates don't come either.
    for method in ("sendMessage", "getMe", "setMyCommands"):
        scene.sandbox.faults.add("telegram", fault, method=method, times=None)
    for hour in range(HOURS):
        await publishes(scene, an_article(f"Новина {hour}-ї години"))
        await scene.until(  # the other platform notices nothing
            lambda hour=hour: all(  # type: ignore[misc]
                count(phone, f"Новина {hour}-ї години")
                for phone in (scene.viber_channel(), *map(viber.phone, viber_ids(READERS)))
            )
        )
        await time.passes(3600, step=120)
    for reader in viber_ids(READERS):
        assert [count(viber.phone(reader), f"Новина {hour}-ї години") for hour in range(HOURS)] == [1] * HOURS
    assert len(said(scene.viber(), "). Нічого не втрачено")) == 1
    doubts = [(await tallies(scene, article))["telegram"].in_doubt for article in range(1, HOURS + 1)]
    posts = [(await states(scene, article))["main"] for article in range(1, HOURS + 1)]
    # What was on the wire when it began; then only questions go out.
    assert sum(doubts) + posts.count("in_doubt") <= 5
    assert not scene.channel()

    scene.sandbox.faults.clear()
    await time.passes(70, step=70)  # the next question comes within a minute
    await comes_true(scene, "SELECT 1 FROM notice WHERE well_at IS NOT NULL")
    await time.passes(61, step=61)  # a trouble is over after a minute without it
    await scene.until(lambda: said(scene.viber(), "знову працює"))
    await comes_true(scene, NOTHING_UNDER_WAY)
    assert len(said(scene.viber(), "). Нічого не втрачено")) == 1
    for article in range(1, HOURS + 1):
        tally = (await tallies(scene, article))["telegram"]
        assert (tally.delivered + tally.in_doubt, tally.waiting) == (READERS, 0)
    copies = [count(phones.phone(p), f"Новина {hour}-ї") for p in telegram_ids(READERS) for hour in range(HOURS)]
    assert max(copies) == 1
    assert copies.count(0) == sum(doubts)
    order = [bubble.text.partition("-ї")[0] for bubble in phones.phone(CHANNEL)]
    assert order == [f"Новина {hour}" for hour in range(HOURS) if posts[hour] != "in_doubt"]


async def test_an_outage_is_told_by_what_the_desk_is_not_answered(scene: Scene) -> None:
    """Nothing is published meanwhile: only answers to one chat fail."""
    scene.sandbox.faults.add("telegram", "502", method="sendMessage", times=None)
    for _ in range(6):
        await scene.sandbox.telegram.say(OWNER, "/list")
    await scene.until(lambda: said(scene.viber(), "). Нічого не втрачено"))
    scene.sandbox.faults.clear()
    time = Time(scene)
    await time.passes(70, step=10)
    await scene.says("/list", "")
    await time.passes(61, step=61)
    await scene.until(lambda: said(scene.viber(), "знову працює"))

    assert len(said(scene.viber(), "). Нічого не втрачено")) == 1


async def test_when_viber_falls_silent_only_what_was_on_the_wire_is_in_doubt(scene: Scene) -> None:
    people = 3000
    await readers(scene, viber=people)
    time = Time(scene)
    scene.sandbox.faults.add("viber", "slow", method="broadcast_message", delay=0.02, times=4)
    await publishes(scene, an_article("Новина"))
    viber = scene.sandbox.viber
    await scene.until(lambda: count(viber.phone(viber_ids(people)[500]), "Новина"))
    scene.sandbox.faults.add("viber", "drop_before", times=None)
    await time.passes(300, step=10)
    tally = (await tallies(scene))["viber"]
    assert tally.waiting > 1000
    # Two requests, and one reader each until it counts as down.
    assert tally.in_doubt <= 2 * 300 + 5

    scene.sandbox.faults.clear()
    await time.passes(70, step=70)
    await comes_true(scene, NOTHING_UNDER_WAY)
    after = (await tallies(scene))["viber"]
    # A request that had begun when the answers came back may end in doubt: the phones tell how many readers that are.
    without = sum(not count(viber.phone(reader), "Новина") for reader in viber_ids(people))
    assert (after.delivered, after.in_doubt) == (people - without, without)
    assert without <= 2 * 300 + 5
