"""Pictures by address under attack: what a hostile, slow or dead host, or a stranger at the door, gets out of them."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.app.configured import picture_secret
from bot.domain.picture import Unkept, digest_of
from bot.ingest.fetching import AT_ONCE, Fetcher
from bot.sandbox import Sandbox
from bot.web import Pictures
from tests.conftest import VIBER_OWNER, Scene, settings_for
from tests.helpers.crowd import finished, readers, rows, said, telegram_ids
from tests.helpers.pictures import BORROWED, PICTURE, PUBLIC, TEXT, TYPED, a_public_scene, looked_at, media, refusal


@pytest.fixture
async def public(tmp_path: Path) -> AsyncIterator[Scene]:
    async with a_public_scene(tmp_path) as scene:
        yield scene


async def test_a_picture_that_came_hours_before_its_text_is_kept_all_the_same(public: Scene) -> None:
    await public.sandbox.viber.send_picture(VIBER_OWNER, BORROWED, "/queue", file=PICTURE)
    await public.until(lambda: public.viber() and "заголовок" in public.viber()[-1].text)
    public.clock.at += timedelta(hours=3)
    await public.says_on_viber(TEXT, "Є фото")

    assert (await media(public)).digest == digest_of(PICTURE)


@pytest.mark.parametrize("broken", ["picture", "picture_file"])
async def test_a_table_of_pictures_that_breaks_makes_no_doubt(public: Scene, broken: str) -> None:
    await readers(public, telegram=3)
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says_on_viber(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    await public.app.store.write(lambda tx: tx.run("DELETE FROM picture_file"))
    await public.app.store.write(lambda tx: tx.run(f"ALTER TABLE {broken} RENAME TO gone"))
    await public.stop()
    await public.start()
    await public.says("/now 1", "#1")
    await finished(public)

    assert len(public.channel()) == 1
    assert not said(public.telegram(), "Невідомо")
    assert all(public.sandbox.telegram.phone(each) for each in telegram_ids(3))
    assert bool(public.channel()[-1].photo) is (broken == "picture_file")
    assert await rows(public, "SELECT 1 FROM dispatch WHERE state = 'in_doubt'") == []


async def test_who_has_the_bytes_learns_of_no_picture_that_waits(public: Scene) -> None:
    public.sandbox.internet.put(TYPED, PICTURE)
    await public.says(f"/queue {TEXT}\nphoto: {TYPED}", "#1 · чернетка")
    digest = digest_of(PICTURE)
    own = Pictures(PUBLIC, picture_secret(public.settings)).kept_at(digest, "jpg")
    sign = own.split("/")[-2]
    guesses = [
        f"{PUBLIC}/media/{digest}.jpg",
        f"{PUBLIC}/media/{'0' * 32}/{digest}.jpg",
        f"{PUBLIC}/media/{sign}/{'0' * 64}.jpg",
        f"{PUBLIC}/media/{sign}/{digest}.png",
        f"{PUBLIC}/media/{sign}/..%2f{digest}.jpg",
        f"{PUBLIC}/media/{sign}/{digest.upper()}.jpg",
    ]

    assert await looked_at(public, own) == (200, PICTURE)
    assert [(await looked_at(public, each))[0] for each in guesses] == [404] * len(guesses)
    async with aiohttp.ClientSession() as phone, phone.head(public.sandbox.board.routed(own)) as answer:
        assert (answer.status, answer.content_length) == (200, len(PICTURE))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.content_type == "image/jpeg"


def test_a_newsroom_without_telegram_signs_with_a_secret_too(tmp_path: Path, sandbox: Sandbox) -> None:
    settings = settings_for(sandbox, tmp_path, 1, TELEGRAM_TOKEN="")

    assert picture_secret(settings) != hashlib.sha256(b"pictures:").digest()


async def test_a_host_that_lets_us_wait_is_not_waited_for_again(sandbox: Sandbox) -> None:
    fetcher = Fetcher(f"{sandbox.url}/internet", patience=2)
    for number in range(3):
        sandbox.internet.put(f"https://slow.example/{number}.jpg", PICTURE, delay=30.0)
    sandbox.internet.put("https://quick.example/a.jpg", PICTURE)

    assert [await refusal(fetcher, f"https://slow.example/{number}.jpg") for number in range(3)] == [Unkept.SILENT] * 3
    assert sandbox.internet.asked == ["https://slow.example/0.jpg"]
    assert (await fetcher.fetch("https://quick.example/a.jpg"))[0] == PICTURE
    await fetcher.close()


async def test_a_slow_name_server_takes_no_thread_from_others(sandbox: Sandbox) -> None:
    asked: list[object] = []

    class Others(ThreadPoolExecutor):
        def submit(self, work, /, *args, **named):  # type: ignore[no-untyped-def]
            asked.append(work)
            return super().submit(work, *args, **named)

    asyncio.get_running_loop().set_default_executor(Others(1))
    fetcher = Fetcher()

    assert await refusal(fetcher, "http://localhost/a.jpg") == Unkept.ADDRESS
    assert asked == []
    await fetcher.close()


async def test_slow_hosts_take_no_time_from_a_quick_one(sandbox: Sandbox) -> None:
    fetcher = Fetcher(f"{sandbox.url}/internet", patience=3)
    slow = [f"https://slow{number}.example/a.jpg" for number in range(AT_ONCE)]
    for url in slow:
        sandbox.internet.put(url, PICTURE, delay=30.0)
    sandbox.internet.put("https://quick.example/a.jpg", PICTURE)

    async with asyncio.TaskGroup() as fetching:
        waiting = [fetching.create_task(refusal(fetcher, url)) for url in slow]
        quick = fetching.create_task(fetcher.fetch("https://quick.example/a.jpg"))
    assert {each.result() for each in waiting} == {Unkept.SILENT}
    assert quick.result()[0] == PICTURE
    await fetcher.close()
