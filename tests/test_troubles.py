"""Troubles that come and go, long waits, programs that fight with us: what the desk hears, and how often."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bot.app.clocks import Clocks
from bot.doctor import examine
from bot.domain import Platform
from bot.domain.news import DiskFull, PlatformDown, PlatformHeld
from bot.storage import Queries, Store
from tests.conftest import CHANNEL, TELEGRAM_TOKEN, VIBER_TOKEN, Clock, Scene, a_scene
from tests.helpers.crowd import an_article, count, hear_all, publishes, readers, said, telegram_ids
from tests.promises.moments import Time, comes_true

TROUBLE = PlatformDown(Platform.VIBER, "no route")
POLLING = {"PUBLIC_URL": "", "VIBER_TOKEN": "", "VIBER_CHANNEL_TOKEN": ""}
FOREIGN = "https://elsewhere.example/bot100001:its-own-secret"


class Minutes:
    """A store in which time passes by the minute, and what the desk was told in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        self.told: list[tuple[str, int, bool]] = []

    async def pass_by(self, minutes: float, *, failing: bool | None) -> None:
        """`failing`: the trouble is there; None: nobody looks."""
        self.clock.at += timedelta(minutes=minutes)
        await self.store.write(lambda tx: self._minute(tx, failing))

    async def _minute(self, tx: Queries, failing: bool | None) -> None:
        now = self.clock()
        if failing:
            await tx.platform_fails(TROUBLE, now)
        elif failing is not None:
            await tx.platform_works(Platform.VIBER, now)
        await tx.end_troubles(now)
        for notice in await tx.to_be_told(now):
            news = notice.news
            self.told.append((notice.code, getattr(news, "times", 1), getattr(news, "is_over", False)))
            await tx.told(notice.id, now)


@pytest.fixture
def minutes(store: Store) -> Minutes:
    return Minutes(store)


async def test_a_trouble_is_told_once_and_its_end_after_a_minute_without_it(minutes: Minutes) -> None:
    for _ in range(3):
        await minutes.pass_by(1, failing=True)
    await minutes.pass_by(0.5, failing=False)
    assert minutes.told == [("platform_down", 1, False)]

    await minutes.pass_by(1, failing=False)

    assert minutes.told == [("platform_down", 1, False), ("platform_back", 1, False)]


async def test_a_disk_that_was_full_is_told_to_have_room_after_a_minute(store: Store) -> None:
    now = Clock()()

    async def work(tx: Queries) -> list[str]:
        await tx.tell_desk("disk:full", DiskFull(), now)
        for notice in await tx.to_be_told(now):
            await tx.told(notice.id, now)
        await tx.trouble_gone("disk:full", now)
        await tx.end_troubles(now + timedelta(minutes=1))
        return [notice.code for notice in await tx.to_be_told(now)]

    assert await store.write(work) == ["disk_has_room"]


async def test_a_trouble_that_comes_and_goes_each_second_is_one_trouble(minutes: Minutes) -> None:
    for _ in range(600):
        await minutes.pass_by(1 / 60, failing=True)
        await minutes.pass_by(1 / 60, failing=False)

    assert minutes.told == [("platform_down", 1, False)]


async def test_a_trouble_that_returns_is_told_after_a_quarter_of_an_hour_with_its_count(minutes: Minutes) -> None:
    for _ in range(4):  # each time it is over in between
        await minutes.pass_by(1, failing=True)
        await minutes.pass_by(0.1, failing=False)
        await minutes.pass_by(1.1, failing=False)
    assert [code for code, _, _ in minutes.told] == ["platform_down", "platform_back"]

    await minutes.pass_by(15, failing=None)
    assert minutes.told[2:] == [("platform_down", 3, True)]

    await minutes.pass_by(60, failing=True)
    assert minutes.told[3:] == [("platform_down", 1, False)]


async def test_what_the_clocks_step_back_does_to_a_trouble_is_undone(store: Store) -> None:
    now = Clock()()

    async def work(tx: Queries) -> list[str]:
        await tx.tell_desk("complete:1", TROUBLE, now)
        await tx.trouble_gone("complete:1", now)
        await tx._set_back(timedelta(hours=1))
        await tx.end_troubles(now - timedelta(minutes=58))
        return [row["key"] for row in await tx.all("SELECT key FROM notice WHERE over_at IS NULL")]

    assert await store.write(work) == []


@pytest.fixture
async def polling(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_scene(tmp_path, None, **POLLING) as scene:
        await scene.says("/list", "Черга порожня")
        yield scene


async def jumps(scene: Scene, time: Time, seconds: float, *, step: float) -> None:
    """Time passes although a poll is on the wire, as always when we poll."""
    for _ in range(int(seconds / step)):
        time.ahead += step
        scene.advance(seconds=step)
        await asyncio.sleep(0.02)


async def test_another_program_with_our_token_is_named_and_told_once(polling: Scene) -> None:
    time = Time(polling)
    for _ in range(20):
        polling.sandbox.faults.add(
            "telegram", "refuse", method="getUpdates", code=409, text="Conflict: terminated by other getUpdates request"
        )
        await jumps(polling, time, 3, step=1)
    await polling.until(lambda: said(polling.telegram(), "використовує ще одна програма"))
    polling.sandbox.faults.clear()
    await jumps(polling, time, 150, step=5)
    await polling.until(lambda: said(polling.telegram(), "Telegram знову працює"))

    assert len(said(polling.telegram(), "використовує ще одна програма")) == 1
    assert len(said(polling.telegram(), "знову працює")) == 1


async def set_webhook(scene: Scene, url: str) -> None:
    address = f"{scene.sandbox.telegram_url}/bot{TELEGRAM_TOKEN}/setWebhook"
    async with aiohttp.ClientSession() as session, session.post(address, data={"url": url}) as answer:
        assert answer.status == 200, await answer.text()


async def test_a_foreign_webhook_while_we_poll_is_put_right_and_named(polling: Scene) -> None:
    time = Time(polling)
    await set_webhook(polling, FOREIGN)
    await jumps(polling, time, 40, step=5)
    await polling.says("/whoami", "")
    await polling.until(lambda: said(polling.telegram(), "https://elsewhere.example"))

    assert "its-own-secret" not in " ".join(bubble.text for bubble in polling.telegram())


async def test_whoever_takes_the_webhook_twice_in_an_hour_is_not_fought_with(polling: Scene) -> None:
    time = Time(polling)
    await set_webhook(polling, FOREIGN)
    await polling.until(lambda: said(polling.telegram(), "https://elsewhere.example"))
    await jumps(polling, time, 600, step=30)
    await set_webhook(polling, FOREIGN)
    await jumps(polling, time, 60, step=5)
    await polling.until(lambda: said(polling.telegram(), "раз у раз перехоплює"))
    await jumps(polling, time, 600, step=30)

    found = [finding for finding in await examine(polling.settings) if "elsewhere" in finding.what]
    assert [finding.ok for finding in found] == [False]
    assert len(said(polling.telegram(), "раз у раз перехоплює")) == 1


@pytest.mark.parametrize("url", [FOREIGN, ""])
async def test_a_webhook_that_was_taken_from_us_is_found_within_minutes(scene: Scene, url: str) -> None:
    await scene.says("/list", "")
    time = Time(scene)
    await set_webhook(scene, url)
    await time.passes(200, step=4)
    await scene.until(lambda: said(scene.telegram(), "Вісник це виправив"))
    await scene.says("/list", "Черга порожня")


async def test_vibers_webhook_is_looked_after_too(scene: Scene) -> None:
    await scene.says("/list", "")
    scene.sandbox.viber.world.accounts[VIBER_TOKEN].webhook = "https://elsewhere.example/viber"
    await Time(scene).passes(200, step=4)
    await scene.until(lambda: said(scene.telegram(), "https://elsewhere.example"))
    await scene.says_on_viber("/list", "Черга порожня")


def sets_platforms_clocks(scene: Scene, **ahead: float) -> None:
    """Set both platforms' clocks ahead of ours."""
    scene.sandbox.board.now = lambda: (scene.clock.at + timedelta(**ahead)).timestamp()


@pytest.mark.parametrize(("minutes", "text"), [(6, "відстає від"), (-6, "випереджає")])
async def test_a_clock_that_is_wrong_is_told_on_both_platforms_until_it_is_right(
    scene: Scene, minutes: float, text: str
) -> None:
    await scene.says("/list", "")
    await scene.says_on_viber("/list", "")
    time = Time(scene)
    sets_platforms_clocks(scene, minutes=minutes)
    await time.passes(200, step=4)

    await scene.until(lambda: said(scene.telegram(), text) and said(scene.viber(), text))
    assert "6 хв" in said(scene.telegram(), text)[0].text
    sets_platforms_clocks(scene)
    await time.passes(260, step=4)
    await scene.until(lambda: said(scene.telegram(), "Годинник знову"))
    assert len(said(scene.telegram(), text)) == 1


async def test_a_clock_is_wrong_only_when_it_was_seen_so_twice(store: Store) -> None:
    clock = Clock()
    clocks = Clocks(store, now=clock)

    async def seen(platform: Platform, **behind: float) -> tuple[bool, list[str]]:
        look_again = await clocks.compare(platform, clock() + timedelta(**behind))
        rows = await store.read.all("SELECT key FROM notice WHERE well_at IS NULL")
        return look_again, [row["key"] for row in rows]

    assert await seen(Platform.VIBER, seconds=50) == (False, [])
    assert await seen(Platform.VIBER, hours=-1) == (True, [])  # an answer that was held up
    assert await seen(Platform.VIBER) == (False, [])
    assert await seen(Platform.VIBER, minutes=6) == (True, [])
    assert await seen(Platform.VIBER, minutes=6) == (False, ["clock"])
    assert await seen(Platform.TELEGRAM) == (False, ["clock"])  # Viber's calls are refused all the same
    assert await seen(Platform.VIBER) == (False, [])
    assert not await clocks.compare(Platform.VIBER, None)


@pytest.mark.parametrize(("seconds", "what"), [(0, "shows what"), (400, "0:06:40 behind"), (-400, "0:06:40 ahead of")])
async def test_the_doctor_compares_the_clocks(scene: Scene, seconds: float, what: str) -> None:
    sets_platforms_clocks(scene, seconds=seconds)

    found = [finding for finding in await examine(scene.settings, scene.clock) if "clock" in finding.what]
    assert [(finding.ok, what in finding.what) for finding in found] == [(not seconds, True)] * 2


async def is_held(scene: Scene, seconds: int = 3600) -> None:
    """Three readers' chats are sent away together, which the bot takes for itself."""
    await readers(scene, telegram=3)
    for person in telegram_ids(3):
        scene.sandbox.faults.add("telegram", "429", chat=person, retry_after=seconds)
    await publishes(scene, an_article())
    await comes_true(scene, "SELECT 1 FROM hold")


async def test_a_long_wait_is_told_with_its_end_on_the_platform_that_works(scene: Scene) -> None:
    await scene.says_on_viber("/list", "")
    await is_held(scene)

    await scene.until(lambda: said(scene.viber(), "Telegram просить зачекати"))
    (told,) = said(scene.viber(), "Telegram просить зачекати")
    assert re.search(r"сьогодні о 1[34]:\d\d", told.text), told.text


async def test_a_wait_that_the_platform_no_longer_wants_is_shortened_by_one_probe(scene: Scene) -> None:
    await scene.says("/list", "")
    await scene.says_on_viber("/list", "")
    time = Time(scene)
    await is_held(scene)
    await scene.until(lambda: said(scene.viber(), "Telegram просить зачекати"))
    assert scene.app.delivery.held()["telegram"] > 3000

    await time.passes(120, step=10)

    assert scene.app.delivery.held()["telegram"] == 0
    await scene.until(lambda: said(scene.telegram(), "Telegram просить зачекати"))
    await time.passes(65, step=5)
    await scene.until(lambda: said(scene.viber(), "Telegram знову працює"))


def held_for(minutes: float) -> PlatformHeld:
    return PlatformHeld(Platform.VIBER, "", "viber", (Clock()() + timedelta(minutes=minutes)).timestamp())


@pytest.mark.parametrize(
    ("waits", "told"),
    [
        ([(0, 10), (1, 60)], {1: 60}),  # more than doubles: at once
        ([(0, 60), (1, 70), (61, None)], {61: 70}),  # a little more: when the end that was told has come
        ([(0, 10), (1, 10.5), (11, None)], {}),
        ([(0, 10), (1, 5)], {}),
    ],
)
async def test_the_new_end_of_a_longer_wait_is_told(
    store: Store, waits: list[tuple[int, float | None]], told: dict[int, float]
) -> None:
    heard: dict[int, float] = {}

    async def minute(tx: Queries, at: int, until: float | None) -> None:
        now = Clock()() + timedelta(minutes=at)
        if until is not None:
            await tx.platform_fails(held_for(until), now)
        for notice in await tx.to_be_told(now):
            assert isinstance(notice.news, PlatformHeld)
            heard[at] = (notice.news.until - Clock()().timestamp()) / 60
            await tx.told(notice.id, now)

    for at, until in waits:
        await store.write(partial(minute, at=at, until=until))

    assert heard == {0: waits[0][1], **told}


async def test_a_channel_that_must_wait_again_is_told_with_the_new_end(scene: Scene) -> None:
    await scene.says_on_viber("/list", "")
    await hear_all(scene)
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=600)
    await publishes(scene, an_article())
    await scene.until(lambda: said(scene.viber(), "поки не приймає дописів"))
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=3600)
    scene.advance(seconds=601)
    await scene.until(lambda: len(said(scene.viber(), "поки не приймає дописів")) == 2)

    first, then = said(scene.viber(), "поки не приймає дописів")
    assert first.text != then.text


async def test_a_short_wait_is_nobodys_news(scene: Scene) -> None:
    await scene.says_on_viber("/list", "")
    await is_held(scene, seconds=20)
    await scene.says_on_viber("/list", "")

    assert not said(scene.viber(), "просить зачекати")


@pytest.mark.parametrize("hours", [-3, 0])
async def test_a_hold_is_no_longer_than_the_platform_said_after_a_restart(tmp_path: Path, hours: int) -> None:
    async with a_scene(tmp_path) as scene:
        await is_held(scene)
        await scene.stop()
        scene.clock.at += timedelta(hours=hours)
        await scene.start()

        assert 3000 < scene.app.delivery.held()["telegram"] <= 3600


async def test_a_channel_that_must_wait_for_long_is_told_with_the_end(scene: Scene) -> None:
    await scene.says_on_viber("/list", "")
    await hear_all(scene)
    scene.sandbox.faults.add("telegram", "429", chat=CHANNEL, retry_after=600)
    await publishes(scene, an_article())
    await scene.until(lambda: said(scene.viber(), "поки не приймає дописів"))
    scene.advance(seconds=601)
    await scene.until(lambda: count(scene.channel()))

    assert len(said(scene.viber(), "поки не приймає дописів")) == 1
