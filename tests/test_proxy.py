"""The way to a platform through the proxy of a newsroom's network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.proxy import proxy_for, shown
from bot.adapters.telegram import TelegramMessenger
from bot.doctor import examine
from bot.errors import CannotStart, NotSent
from tests.conftest import Scene

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("address", "environment", "expected"),
    [
        ("https://api.telegram.org", {}, ""),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY}, PROXY),
        ("https://api.telegram.org", {"https_proxy": PROXY}, PROXY),
        ("https://api.telegram.org", {"HTTPS_PROXY": "proxy.example:3128"}, PROXY),
        ("https://api.telegram.org", {"HTTP_PROXY": PROXY}, ""),
        ("https://api.telegram.org", {"ALL_PROXY": PROXY}, PROXY),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY, "NO_PROXY": ".telegram.org"}, ""),
        ("https://api.telegram.org", {"HTTPS_PROXY": PROXY, "no_proxy": "*"}, ""),
        ("https://chatapi.viber.com/pa", {"HTTPS_PROXY": PROXY, "NO_PROXY": ".telegram.org"}, PROXY),
        ("http://127.0.0.1:8081", {"HTTP_PROXY": PROXY}, ""),
        ("http://localhost:8081", {"HTTP_PROXY": PROXY}, ""),
        ("http://[::1]:8081", {"ALL_PROXY": PROXY}, ""),
    ],
)
def test_the_proxy_is_the_one_that_other_programs_would_use(
    address: str, environment: Mapping[str, str], expected: str
) -> None:
    assert proxy_for(address, environment) == expected


def test_a_proxy_of_an_unknown_kind_is_refused_and_a_password_is_not_shown() -> None:
    with pytest.raises(CannotStart, match="socks5"):
        proxy_for("https://api.telegram.org", {"ALL_PROXY": "socks5://proxy.example:1080"})
    assert shown("http://somebody:secret@proxy.example:3128") == "proxy.example:3128"


@asynccontextmanager
async def a_proxy(asked: list[str], *, refuses: bool = False) -> AsyncIterator[str]:
    """Takes requests for any host and answers them itself, as Telegram would."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        asked.append(head.split("\r\n")[0])
        body = b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"Visnyk","username":"visnyk_bot"}}'
        status = b"407 Proxy Authentication Required" if refuses else b"200 OK"
        writer.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        )
        writer.write(body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_requests_go_through_the_proxy() -> None:
    asked: list[str] = []
    async with a_proxy(asked) as proxy:
        messenger = TelegramMessenger("1:token", api_url="http://telegram.example", proxy=proxy)
        await messenger.open()
        await messenger.ping()
        await messenger.close()

    assert asked == ["POST http://telegram.example/bot1:token/getMe HTTP/1.1"]


async def test_what_never_left_because_the_proxy_is_gone_is_not_sent() -> None:
    async with a_proxy([]) as proxy:
        pass
    messenger = TelegramMessenger("1:token", api_url="https://telegram.example", proxy=proxy)
    await messenger.open()
    with pytest.raises(NotSent):
        await messenger.ping()
    await messenger.close()


async def test_doctor_says_which_way_it_goes(scene: Scene, tmp_path: Path) -> None:
    said = [finding.what for finding in await examine(scene.settings)]

    assert "The way to Telegram goes directly, without a proxy." in said
    assert "The way to Viber goes directly, without a proxy." in said
