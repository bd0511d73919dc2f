"""Events out: the newsroom's own system is told what became of articles, signed, and until it has taken it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.app.configured import events_proxy
from bot.doctor import examine
from bot.domain.events import WAITS, Event, body_of, headers_of, key_of, wait_after
from config.settings import load_settings
from tests.conftest import ARTICLE, NEWSROOM, Scene, a_scene, newsroom_with
from tests.helpers.proxies import a_proxy

KEY = b"0123456789abcdef01234567"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@dataclass
class Receiver:
    """The newsroom's own system; it answers with these statuses in turn, then always with the last one."""

    answers: list[int] = field(default_factory=lambda: [204])
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=self.answers[min(len(self.heard), len(self.answers)) - 1], headers={"Location": "/"})

    @property
    def names(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.heard]


@asynccontextmanager
async def a_receiver(*answers: int) -> AsyncIterator[Receiver]:
    receiver = Receiver([*answers])
    app = web.Application()
    app.add_routes([web.post("/hook", receiver.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()


def is_signed(headers: dict[str, str], body: bytes) -> bool:
    """As the specification has it, written down once more."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.{body.decode()}"
    expected = base64.b64encode(hmac.digest(base64.b64decode(SECRET[6:]), signed.encode(), hashlib.sha256)).decode()
    return headers["webhook-signature"] == f"v1,{expected}"


async def publish(scene: Scene) -> None:
    await scene.says(f"/queue {ARTICLE}", "#1")
    await scene.says("/now 1", "#1")


async def test_a_publication_is_told_until_it_is_taken_under_one_name(tmp_path: Path) -> None:
    async with (
        a_receiver(500, 302, 204) as receiver,
        a_scene(tmp_path, EVENTS_URL=receiver.url, EVENTS_SECRET=SECRET) as scene,
    ):
        await publish(scene)
        await scene.until(lambda: len(receiver.heard) == 1)
        await scene.stop()
        await scene.start()
        # Time goes on until it is tried again, however late the house looks.
        for tries, seconds in ((2, 6), (3, 61)):
            while len(receiver.heard) < tries:
                scene.advance(seconds=seconds)
                await scene.says("/list", "")
        while await scene.app.store.read.events():
            pass

    assert len(set(receiver.names)) == 1 and all(is_signed(*each) for each in receiver.heard)
    told = json.loads(receiver.heard[-1][1])
    assert told["type"] == "article.published" and told["data"]["headline"] == ARTICLE.split("\n")[0]
    assert told["data"]["version"] == 1 and len(told["data"]["sha256"]) == 64


async def test_the_newsrooms_system_is_told_through_the_proxy_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url("http"))
        async with a_scene(tmp_path, EVENTS_URL="https://crm.example/hook", EVENTS_SECRET=SECRET) as scene:
            await publish(scene)
            await scene.until(lambda: proxy.asked)
            said = [finding.what for finding in await examine(scene.settings)]

    assert proxy.asked[0] == "crm.example:443"
    assert f"The way to EVENTS_URL goes through the proxy 127.0.0.1:{proxy.port}." in said


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("https://crm.example/hook", {"HTTPS_PROXY": "http://proxy.example:3128"}, "http://proxy.example:3128"),
        ("https://crm.example/hook", {"ALL_PROXY": "socks5://proxy.example"}, "socks5://proxy.example:1080"),
        ("https://crm.example/hook", {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "crm.example"}, ""),
        ("http://127.0.0.1:9/hook", {"HTTP_PROXY": "http://proxy.example:3128"}, ""),
        ("", {"ALL_PROXY": "http://"}, ""),
    ],
)
def test_events_go_the_way_that_other_programs_would(
    address: str, environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings({"EVENTS_URL": address, "EVENTS_SECRET": SECRET})

    assert events_proxy(settings) == expected


async def test_an_article_that_is_held_is_told_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "newsroom.toml").write_text(newsroom_with(NEWSROOM, approvals=1), encoding="utf-8")
    async with (
        a_receiver(204) as receiver,
        a_scene(tmp_path, EVENTS_URL=receiver.url, EVENTS_SECRET=SECRET) as scene,
    ):
        await scene.says(f"/queue {ARTICLE}", "#1")
        await scene.says("/at 1 18:30", "18:30")
        scene.advance(hours=6)
        await scene.until(lambda: receiver.heard)

    told = json.loads(receiver.heard[0][1])
    assert (told["type"], told["data"]["id"]) == ("article.held", 1) and told["data"]["why"]


async def test_a_change_of_what_is_out_is_told_with_its_kind(tmp_path: Path) -> None:
    async with (
        a_receiver(204) as receiver,
        a_scene(tmp_path, EVENTS_URL=receiver.url, EVENTS_SECRET=SECRET) as scene,
    ):
        await publish(scene)
        await scene.until(scene.channel)
        await scene.says("/checking 1", "#1")
        await scene.until(lambda: len(receiver.heard) == 2)

    told = json.loads(receiver.heard[1][1])
    assert (told["type"], told["data"]["change"], told["data"]["version"]) == ("article.corrected", "checking", 2)
    assert all(is_signed(*each) for each in receiver.heard)


async def test_nothing_is_kept_for_a_system_that_is_not_there(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        await publish(scene)
        await scene.until(scene.channel)

        assert await scene.app.store.read.events() == []


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!", base64.b64encode(KEY).decode(), "whsec_YWJj"])
def test_what_is_no_signing_secret_is_refused(secret: str) -> None:
    with pytest.raises(ValueError):
        key_of(secret)


def test_the_signature_is_that_of_the_specification_and_changes_with_the_attempt() -> None:
    event = Event(7, "article.held", 12, 0, "stale", NOW, 0, NOW)
    body = body_of(event, None)
    first, second = (headers_of(event, body, key_of(SECRET), NOW + timedelta(seconds=each)) for each in (0, 5))

    assert is_signed(first, body) and is_signed(second, body)
    assert first["webhook-id"] == second["webhook-id"] and first != second
    assert json.loads(body)["data"] == {"id": 12, "version": 0, "why": "stale"}


def test_attempts_come_ever_more_slowly_and_end_after_two_days() -> None:
    waits = [wait_after(attempts) for attempts in range(1, len(WAITS) + 2)]

    assert waits == [*sorted(WAITS), None]
    assert timedelta(days=2) < sum(WAITS, timedelta()) < timedelta(days=3)
