"""Answers that a platform gives seldom: each costs only whom it concerns."""

from __future__ import annotations

import pytest

from tests.conftest import CHANNEL, Scene
from tests.helpers.crowd import (
    PICTURE,
    an_article,
    count,
    finished,
    meet_the_desk,
    publishes,
    readers,
    requests,
    said,
    states,
    tallies,
    telegram_ids,
    viber_ids,
)
from tests.promises.moments import Time


def viber_phones(scene: Scene, people: int) -> list[int]:
    return [count(scene.sandbox.viber.phone(reader)) for reader in viber_ids(people)]


def telegram_phones(scene: Scene, people: int) -> list[int]:
    return [count(scene.sandbox.telegram.phone(person)) for person in telegram_ids(people)]


async def test_where_viber_takes_nothing_for_many_each_reader_gets_it_by_itself(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, viber=40)
    scene.sandbox.faults.add("viber", "refuse", method="broadcast_message", code=20, times=None)
    await publishes(scene, an_article(), an_article("Друга"))
    await finished(scene, 1)
    await finished(scene, 2)

    assert viber_phones(scene, 40) == [1] * 40
    assert requests(scene, "broadcast_message") == 1
    assert (await tallies(scene, 1))["viber"].delivered == (await tallies(scene, 2))["viber"].delivered == 40
    # Slower, so that the desk should know why.
    await scene.until(lambda: len(said(scene.telegram(), "кожному окремо")) == 1)


async def test_a_request_to_many_that_failed_is_tried_again_as_one(scene: Scene) -> None:
    await readers(scene, viber=299)
    passing = Time(scene)
    scene.sandbox.faults.add("viber", "refuse", method="broadcast_message", code=19, times=1)
    scene.sandbox.faults.add("viber", "late", method="broadcast_message", times=1)
    scene.sandbox.faults.add("viber", "refuse", method="broadcast_message", code=19, times=1)
    await publishes(scene, an_article())
    while (await states(scene))["viber readers"] != "done":
        await passing.passes(0.25, step=0.25)

    assert viber_phones(scene, 299) == [1] * 299
    # The first reader twice, a second one in between, and all others twice.
    assert requests(scene, "broadcast_message") <= 5
    assert not [r for r in scene.sandbox.requests if r.method == "send_message" and r.chat in viber_ids(299)]


async def test_a_request_to_many_that_fails_again_and_again_is_made_for_each(scene: Scene) -> None:
    await readers(scene, viber=30)
    passing = Time(scene)
    scene.sandbox.faults.add("viber", "refuse", method="broadcast_message", code=19, times=None)
    await publishes(scene, an_article())
    while (await states(scene))["viber readers"] != "done":
        await passing.passes(1, step=1)

    assert viber_phones(scene, 30) == [1] * 30
    assert requests(scene, "broadcast_message") <= 4


async def test_a_reader_whom_telegram_refuses_for_a_reason_unheard_of_stops_nobody_else(scene: Scene) -> None:
    await readers(scene, telegram=40)
    odd = telegram_ids(40)[20]
    scene.sandbox.faults.add("telegram", "refuse", chat=odd, code=400, text="Bad Request: PECULIAR_PEER", times=None)
    await publishes(scene, an_article(picture=PICTURE))
    await finished(scene)

    assert telegram_phones(scene, 40) == [1] * 20 + [0] + [1] * 19
    # Whether the picture was at fault is tried with this reader alone.
    assert [bool(scene.sandbox.telegram.phone(person)[-1].photo) for person in telegram_ids(20)] == [True] * 20
    assert requests(scene, "sendMessage", str(odd)) == 1
    tally = (await tallies(scene))["telegram"]
    assert (tally.delivered, tally.failed, tally.waiting) == (39, 1, 0)
    assert (await states(scene))["telegram readers"] == "done"


async def test_a_picture_that_telegram_takes_no_longer_gives_way_for_all_who_come_after(scene: Scene) -> None:
    await readers(scene, telegram=300)
    scene.sandbox.faults.add("telegram", "slow", method="sendPhoto", delay=0.01, times=None)
    await publishes(scene, an_article(picture=PICTURE))
    await scene.until(lambda: sum(telegram_phones(scene, 300)) > 30)
    text = "Bad Request: IMAGE_PROCESS_FAILED"
    scene.sandbox.faults.add("telegram", "refuse", method="sendPhoto", code=400, text=text, times=None)
    await finished(scene)

    assert telegram_phones(scene, 300) == [1] * 300
    assert (await tallies(scene))["telegram"].delivered == 300
    # Not each of them was tried with the picture first.
    assert len(scene.sandbox.requests) < 450


async def test_what_is_refused_to_one_after_the_other_stops_although_some_have_it(scene: Scene) -> None:
    await meet_the_desk(scene)
    await readers(scene, telegram=300)
    for person in telegram_ids(300)[100:]:
        scene.sandbox.faults.add("telegram", "refuse", chat=person, code=400, text="Bad Request: NO_MORE", times=None)
    await publishes(scene, an_article())
    await finished(scene)

    tally = (await tallies(scene))["telegram"]
    assert tally.delivered == 100
    assert tally.failed <= 60
    assert (await states(scene))["telegram readers"] == "stopped"


async def test_an_app_that_is_too_old_on_viber_stops_nobody_else(scene: Scene) -> None:
    await readers(scene, viber=30)
    old = viber_ids(30)[7]
    scene.sandbox.viber.world.people[old].api_version = 0
    await publishes(scene, an_article())
    await finished(scene)

    assert viber_phones(scene, 30) == [1] * 7 + [0] + [1] * 22
    tally = (await tallies(scene))["viber"]
    assert (tally.delivered, tally.failed, tally.waiting) == (29, 1, 0)
    assert (await states(scene))["viber readers"] == "done"


@pytest.mark.parametrize("seconds", [0, 10**9, 10**15])
async def test_a_wait_without_measure_is_no_fault_of_ours(scene: Scene, seconds: int) -> None:
    await readers(scene, telegram=5)
    for chat in (CHANNEL, telegram_ids(5)[3]):
        scene.sandbox.faults.add("telegram", "429", chat=chat, retry_after=seconds)
    await publishes(scene, an_article())
    await scene.until(lambda: sum(r.status == 429 for r in scene.sandbox.requests) == 2)
    await scene.until(lambda: sum(telegram_phones(scene, 5)) >= 4)
    await Time(scene).rests()
    scene.advance(days=1, seconds=1)
    await finished(scene)

    assert telegram_phones(scene, 5) == [1] * 5
    assert count(scene.channel()) == 1
