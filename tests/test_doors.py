"""The doors under attack: nobody who never asks anything, or sends what nobody wants, keeps the others out."""

from __future__ import annotations

import asyncio
import gzip
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.app import remedies
from bot.web.bodies import Bodies
from bot.web.connections import EACH, Connections, is_public
from bot.web.refusals import Refusals
from tests.conftest import Clock, Scene, a_scene
from tests.helpers.doors import SECRET, UPDATE, call, look, signed


@cache
def bomb() -> bytes:
    return gzip.compress(b"0" * 50_000_000)


@pytest.mark.parametrize("path", ["/telegram/webhook", "/viber/webhook", "/viber/channel/webhook"])
async def test_a_packed_body_is_refused_and_never_unpacked(scene: Scene, path: str) -> None:
    headers = {**SECRET, **signed(bomb()), "Content-Encoding": "gzip"}

    assert (await call(scene, path, bomb(), headers))[0] in (403, 415)
    assert (await call(scene, path, UPDATE, {**SECRET, **signed(UPDATE), "Content-Encoding": "gzip"}))[0] in (403, 415)


async def test_a_packed_body_with_the_right_secret_is_named_as_what_it_is(scene: Scene) -> None:
    assert (await call(scene, "/telegram/webhook", bomb(), {**SECRET, "Content-Encoding": "gzip"}))[0] == 415


async def test_a_call_that_does_not_look_signed_is_refused_before_its_body_came(scene: Scene) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", scene.settings.port)
    writer.write(b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{")
    answer = await reader.readline()
    writer.close()

    assert b"403" in answer


@asynccontextmanager
async def half_open(port: int, count: int) -> AsyncIterator[list[asyncio.StreamReader]]:
    """Connections that promise a body and never send it."""
    head = b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
    head += b"X-Viber-Content-Signature: " + b"0" * 64 + b"\r\n\r\n{"
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(count)]
    for _, writer in pairs:
        writer.write(head)
    try:
        yield [reader for reader, _ in pairs]
    finally:
        for _, writer in pairs:
            writer.close()


@asynccontextmanager
async def a_server(most: int) -> AsyncIterator[int]:
    """A page behind bounds of our choosing, on a real socket; yields its port."""

    async def page(request: web.Request) -> web.Response:
        connections.heard(request.transport)
        return web.Response(text=str(len(connections)))

    async def door(request: web.Request) -> web.Response:
        return web.Response(body=await Bodies().read(request))

    app = web.Application()
    app.add_routes([web.get("/", page), web.post("/viber/webhook", door)])
    runner = web.AppRunner(app)
    await runner.setup()
    assert runner.server is not None
    connections = Connections(runner.server, most)
    server = await asyncio.get_running_loop().create_server(connections, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await runner.cleanup()


async def test_connections_that_ask_nothing_give_way_to_those_that_ask() -> None:
    async with (
        a_server(most=20) as port,
        half_open(port, 60) as readers,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/") as answer,
    ):
        assert (answer.status, int(await answer.text())) == (200, 20)
        assert await readers[0].read() == b""  # the one that was waited for longest was let go


class _Transport(asyncio.Transport):
    """A connection from an address of our choosing, which no socket of this machine can have."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 1)})
        self.is_gone = False

    def abort(self) -> None:
        self.is_gone = True


class _Handler(asyncio.Protocol):
    pass


def _connect(connections: Connections, peer: str) -> _Transport:
    transport = _Transport(peer)
    connections().connection_made(transport)
    return transport


async def test_one_public_address_has_no_more_than_its_share() -> None:
    connections = Connections(lambda: _Handler(), 1000)  # type: ignore[arg-type]
    stranger = [_connect(connections, "203.0.114.7") for _ in range(EACH + 5)]
    proxy = [_connect(connections, "10.0.0.2") for _ in range(EACH + 5)]

    assert [each.is_gone for each in stranger] == [True] * 5 + [False] * EACH
    assert not any(each.is_gone for each in proxy)


async def test_who_is_being_answered_is_never_let_go_for_a_newcomer() -> None:
    connections = Connections(lambda: _Handler(), 2)  # type: ignore[arg-type]
    served, silent = _connect(connections, "203.0.114.7"), _connect(connections, "203.0.114.8")
    connections.heard(served)

    assert not _connect(connections, "203.0.114.9").is_gone
    assert silent.is_gone
    assert not served.is_gone


@pytest.mark.parametrize(
    ("peer", "public"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("149.154.160.1", True),
        ("", False),
        ("fe80::1%eth0", False),
    ],
)
def test_only_addresses_of_the_internet_have_a_share_each(peer: str, public: bool) -> None:
    assert is_public(peer) is public


async def test_refused_calls_are_one_line_a_minute_and_address(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    refusals = Refusals(clock)
    for _ in range(1000):
        refusals.note("203.0.114.7", "/viber/webhook", 403)
    refusals.note("203.0.114.8", "/nothing", 404)
    clock.at = clock.at.replace(minute=clock.at.minute + 2)
    refusals.note("203.0.114.7", "/viber/webhook", 403)

    said = [line for line in capsys.readouterr().out.splitlines() if "call_refused" in line]
    assert len(said) == 3
    assert "1000" in said[2]


async def test_the_figures_are_for_the_operator_alone(tmp_path: Path) -> None:
    token = "CANARY-figures-token-0123456789"
    async with a_scene(tmp_path, METRICS_TOKEN=token) as scene, aiohttp.ClientSession() as session:
        assert (await look(scene, "/metrics"))[0] == 403
        for shown, expected in ((f"Bearer {token}", 200), ("Bearer wrong", 403)):
            async with session.get(scene.app.url + "/metrics", headers={"Authorization": shown}) as answer:
                assert answer.status == expected


async def test_without_a_token_a_caller_behind_a_proxy_sees_no_figures(scene: Scene) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(scene.app.url + "/metrics", headers={"X-Forwarded-For": "203.0.114.7"}) as answer,
    ):
        assert answer.status == 403
    assert (await look(scene, "/metrics"))[0] == 200


async def test_the_first_page_says_that_all_is_well_and_names_no_versions(scene: Scene) -> None:
    async with aiohttp.ClientSession() as session, session.get(scene.app.url + "/") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
        assert answer.headers["Server"] == "Visnyk"


async def test_we_are_not_ready_before_the_start_is_over(scene: Scene) -> None:
    scene.app.reception.health.is_settled = False

    assert await look(scene, "/readyz") == (503, "starting\n")


async def test_an_update_is_still_kept_when_it_comes_plain(scene: Scene) -> None:
    body = json.dumps({**json.loads(UPDATE), "update_id": 78}).encode()

    assert (await call(scene, "/telegram/webhook", body, {**SECRET, "Content-Encoding": "identity"}))[0] == 200


async def test_nobody_else_can_read_the_database_after_a_start(tmp_path: Path) -> None:
    async with a_scene(tmp_path) as scene:
        path = scene.settings.database_path
        path.chmod(0o644)
    async with a_scene(tmp_path) as scene:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "mode", "remedy"),
    [
        ("visnyk.db", 0o644, "chmod 600 {}"),
        ("visnyk.db-wal", 0o640, "chmod 600 {}"),
        (".env", 0o644, "chmod 600 .env"),
        ("", 0o775, "chmod go-w {}"),
        ("visnyk.db", 0o600, ""),
        (".env", 0o400, ""),
        ("", 0o755, ""),
    ],
)
def test_what_others_may_read_or_replace_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, mode: int, remedy: str
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o700)
    path = tmp_path / name
    if name:
        path.touch()
    path.chmod(mode)

    assert remedies(tmp_path / "visnyk.db") == ([remedy.format(path)] if remedy else [])


async def test_a_start_warns_of_what_others_may_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch(mode=0o644)
    (tmp_path / ".env").chmod(0o644)
    async with a_scene(tmp_path):
        assert "chmod 600 .env" in capsys.readouterr().out
