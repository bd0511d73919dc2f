"""Somebody who writes a thousand messages must not keep the desk from working."""

from __future__ import annotations

from datetime import timedelta

from bot.domain import Address, Platform
from bot.web.flood import AT_ONCE, EVERY, Flood
from tests.conftest import OWNER, READER, Clock, Scene

PERSON = Address(Platform.TELEGRAM, "1")


def test_a_person_may_write_a_burst_and_then_one_after_another() -> None:
    flood, now = Flood(), Clock()()
    assert not any(flood.is_too_much(PERSON, now) for _ in range(AT_ONCE))
    assert flood.is_too_much(PERSON, now)
    assert not flood.is_too_much(PERSON, now + EVERY)
    assert flood.is_too_much(PERSON, now + EVERY)
    assert not flood.is_too_much(Address(Platform.VIBER, "1"), now)


def test_a_clock_that_was_set_back_silences_nobody() -> None:
    flood, now = Flood(), Clock()()
    assert not any(flood.is_too_much(PERSON, now) for _ in range(AT_ONCE))

    assert not flood.is_too_much(PERSON, now - timedelta(hours=1))


async def test_a_flood_costs_a_burst_and_the_desk_is_answered(scene: Scene) -> None:
    for number in range(1000):
        await scene.sandbox.telegram.say(READER, f"{number}")
    for number in range(2 * AT_ONCE):
        await scene.sandbox.telegram.say(OWNER, f"/show {number}")
    await scene.says("/list", "Черга порожня")

    await scene.until(lambda: len(scene.telegram(READER)) == AT_ONCE)
    assert len(scene.telegram(OWNER)) == 2 * AT_ONCE + 1
    assert scene.app is not None
    kept = await scene.app.store.read.value("SELECT count(*) FROM inbox WHERE platform = 'telegram'")
    assert kept == AT_ONCE + 2 * AT_ONCE + 1
