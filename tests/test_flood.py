"""Somebody who writes a thousand messages must not keep the desk from working."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.domain import Address, Platform
from bot.errors import NotStored
from bot.storage import FULL, Queries
from bot.web.flood import AT_ONCE, EVERY, Flood
from tests.conftest import OWNER, READER, Clock, Scene, a_scene

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
    kept = await scene.app.store.read.value("SELECT count(*) FROM inbox WHERE platform = 'telegram'")
    assert kept == AT_ONCE + 2 * AT_ONCE + 1


async def test_what_must_be_kept_in_several_tries_is_no_flood(tmp_path: Path) -> None:
    async with a_scene(tmp_path, PUBLIC_URL="", VIBER_TOKEN="", VIBER_CHANNEL_TOKEN="") as scene:
        await scene.says("/list", "Черга порожня")
        store = scene.app.store
        failures: list[None] = []
        store.on(FULL, lambda: failures.append(None))

        async def has_room(tx: Queries, pages: int) -> None:
            await tx.value(f"PRAGMA max_page_count = {await tx.value('PRAGMA page_count') + pages}")

        await store.write(lambda tx: has_room(tx, 0))
        await asyncio.gather(*(scene.sandbox.telegram.say(READER, f"{n} {'ї' * 2000}") for n in range(AT_ONCE)))
        await scene.until(lambda: len(failures) >= 3)
        while store.trouble:
            with suppress(NotStored):  # together with somebody's who has none
                await store.write(lambda tx: has_room(tx, 1_000_000))

        await scene.until(lambda: len(scene.telegram(READER)) >= AT_ONCE)
