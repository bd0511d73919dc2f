"""The guarded client: whatever an address looks like and wherever it leads, nothing of ours is connected to."""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.domain.picture import Unkept
from bot.ingest.fetching import FEED, PAGE, PICTURE, Fetcher, NotFetched, Want
from bot.ingest.guard import PORTS, Guard, is_public
from tests.conftest import free_port

#: What leads to this machine, its network or its cloud, in all spellings; {port} is where somebody listens.
FORMS = (
    *(f"http://{host}:{{port}}/" for host in (
        "127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
        "017700000001", "0177.0.0.1", "0177.1", "0000127.0.0.1", "127.0.0.1.", "127.000.000.001", "0", "0.0.0.0", "0.0",
        "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "ip6-localhost", "foo.localhost",
        "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "%31%32%37.0.0.1", "127.0.0.1%00.example.org",
        "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
        "[::127.0.0.1]", "[::1%25lo]", "[::1%lo]", "[fe80::1%25eth0]", "[64:ff9b::7f00:1]", "[64:ff9b::127.0.0.1]",
        "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::7f00:1]", "[2001:0:7f00:1::]", "[fd00::1]",
        "[fc00::1]", "[3fff::1]", "[2001:db8::1]", "[5f00::1]",
        "[fec0::1]", "[ff02::1]", "[fe80::5efe:127.0.0.1]", "[2001:4860::5efe:7f00:1]", "[fd00:ec2::254]",
    )),
    *(f"http://{host}/" for host in (
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "169.254.169.254", "0xa9fea9fe", "2852039166",
        "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.0.192", "192.0.2.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    )),
    "http://example.org@127.0.0.1:{port}/", "http://user:word@127.0.0.1:{port}/", "http://127.0.0.1:{port}@example.invalid/",
    "http://127.0.0.1:{port}#@example.org/", "http://127.0.0.1:{port}\\@example.org/", "http://example.org\\@127.0.0.1:{port}/",
    "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}", "//127.0.0.1:{port}/", "https://127.0.0.1:{port}/", "HTTP://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/", "file:///etc/hostname", "gopher://127.0.0.1:{port}/_x", "unix:///run/a.sock", "dict://127.0.0.1:{port}/",
    "data:text/html,a", "javascript:alert(1)", "http://", "", "http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:-1/",
    " http://127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nHost: a", "http://127.0.0.1 :{port}/", "http://\t127.0.0.1:{port}/",
)  # fmt: skip


@dataclass(slots=True)
class Listener:
    """Counts who connects to any of this machine's addresses at `port`."""

    port: int
    connects: int = 0
    servers: list[asyncio.Server] = field(default_factory=list)

    def came(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connects += 1
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nContent-Type: text/html\r\n\r\nsecret")
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener(free_port())
    for host in ("0.0.0.0", "::"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((host, listener.port))
        listener.servers.append(await asyncio.start_server(listener.came, sock=made))
    try:
        yield listener
    finally:
        for server in listener.servers:
            server.close()
            await server.wait_closed()


async def refused(fetcher: Fetcher, url: str, want: Want = PAGE) -> str:
    with pytest.raises(NotFetched) as failed:
        await fetcher.get(url, want)
    return failed.value.reason


class Alias(AbstractResolver):
    """A name server: each look-up of any name gives the next of these addresses, the last for ever."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = list(addresses)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self._addresses.pop(0) if len(self._addresses) > 1 else self._addresses[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def site(answer: Answering, *later: str, patience: float = 5.0) -> AsyncIterator[tuple[Fetcher, str]]:
    """A site that stands for one of the public web, a client that may go there, and its address.

    `later`: where its name leads from the second look-up on.
    """
    runner = web.AppRunner(web.Application())
    runner.app.router.add_route("GET", "/{path:.*}", answer)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.2", port).start()
    guard = Guard(("127.0.0.2", port), PORTS | {port})
    fetcher = Fetcher(patience=patience, guard=guard, names=Alias("127.0.0.2", *later))
    try:
        yield fetcher, f"http://site.example:{port}"
    finally:
        await fetcher.close()
        await runner.cleanup()


async def test_no_spelling_of_an_address_of_ours_is_connected_to() -> None:
    assert len(FORMS) >= 60
    async with listening() as listener:
        fetcher = Fetcher(guard=Guard(ports=PORTS | {listener.port}), patience=2.0)
        reasons = {url: await refused(fetcher, url.format(port=listener.port)) for url in FORMS}
        await fetcher.close()

        assert listener.connects == 0
        assert {url for url, reason in reasons.items() if reason not in (Unkept.ADDRESS, Unkept.SILENT)} == set()


async def test_no_name_that_leads_to_an_address_of_ours_is_connected_to() -> None:
    led = ("127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", "64:ff9b::7f00:1", "2002:7f00:1::")
    async with listening() as listener:
        for address in led:
            fetcher = Fetcher(guard=Guard(ports=PORTS | {listener.port}), names=Alias(address), patience=2.0)
            assert await refused(fetcher, f"http://news.example:{listener.port}/") == Unkept.ADDRESS
            await fetcher.close()

        assert listener.connects == 0


async def test_no_redirect_to_an_address_of_ours_is_followed() -> None:
    async with listening() as listener:
        whole = [url for url in FORMS if re.match(r"\w+://[^/]", url) and "\r" not in url]
        forms = [url.format(port=listener.port) for url in whole]

        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": forms[int(request.path[1:])]})

        async with site(answer, "127.0.0.2") as (fetcher, home):
            for number in range(len(forms)):
                assert await refused(fetcher, f"{home}/{number}") in (Unkept.ADDRESS, Unkept.SILENT)

        assert listener.connects == 0


async def test_a_name_that_leads_elsewhere_at_the_second_look_is_refused() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/again"})

    async with site(answer, "127.0.0.1") as (fetcher, home):

        async def came(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            raise AssertionError("connected")

        server = await asyncio.start_server(came, "127.0.0.1", int(home.rpartition(":")[2]))
        assert await refused(fetcher, f"{home}/") == Unkept.ADDRESS
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("port", [22, 81, 3306, 5432, 6379, 8000, 8080, 9200, 11211])
def test_only_the_webs_own_ports_are_asked(port: int) -> None:
    assert not Guard().allows(f"http://news.example:{port}/a")
    assert not Guard().allows(f"https://news.example:{port}/a")


def test_what_is_of_the_public_web_is_asked() -> None:
    whole = (
        "https://news.example/a",
        "http://news.example:80/",
        "https://news.example:443/a?b=1#c",
        "https://8.8.8.8/",
    )
    assert [
        url for url in (*whole, "https://новини.укр/міст", "https://[2606:4700::1111]/") if not Guard().allows(url)
    ] == []
    assert is_public("2606:4700::1111")


def packed(content: bytes, way: str) -> bytes:
    return gzip.compress(content) if way == "gzip" else zlib.compress(content)


#: What takes long to pack is packed where it is sent, not in each process that looks for tests here.
BODIES: dict[str, tuple[bytes | Callable[[], bytes], dict[str, str], str]] = {
    "plain": (b"<p>a", {}, ""),
    "gzip": (packed(b"<p>a" * 100_000, "gzip"), {"Content-Encoding": "gzip"}, ""),
    "deflate": (packed(b"<p>a", "deflate"), {"Content-Encoding": "deflate"}, ""),
    "empty": (b"", {}, ""),
    "bomb": (lambda: packed(bytes(64_000_000), "gzip"), {"Content-Encoding": "gzip"}, Unkept.TOO_LARGE),
    "a bomb in a bomb": (
        lambda: packed(packed(bytes(64_000_000), "gzip") * 99, "gzip"),
        {"Content-Encoding": "gzip, gzip"},
        Unkept.PACKED,
    ),
    "too large": (bytes(PAGE.largest + 1), {}, Unkept.TOO_LARGE),
    "no gzip": (b"<p>a", {"Content-Encoding": "gzip"}, Unkept.PACKED),
    "half a gzip": (packed(b"<p>abc" * 999, "gzip")[:-20], {"Content-Encoding": "gzip"}, Unkept.PACKED),
    "packed in an unknown way": (b"a", {"Content-Encoding": "br"}, Unkept.PACKED),
    "a PDF": (b"%PDF-1.7", {"Content-Type": "application/pdf"}, Unkept.PDF),
    "an archive": (b"PK", {"Content-Type": "application/zip"}, Unkept.NO_PAGE),
    "a picture": (b"\xff\xd8\xff", {"Content-Type": "image/jpeg"}, Unkept.NO_PAGE),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES)
async def test_a_page_is_taken_or_refused_by_what_it_is(what: str) -> None:
    made, headers, reason = BODIES[what]
    body = made if isinstance(made, bytes) else made()

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Type": "text/html", **headers})

    async with site(answer) as (fetcher, home):
        if reason:
            assert await refused(fetcher, home) == reason
        else:
            assert (await fetcher.get(home, PAGE)).content.startswith(b"<p>a"[: len(body)])


async def test_a_page_that_only_drips_is_given_up() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        dripping = web.StreamResponse(headers={"Content-Type": "text/html"})
        await dripping.prepare(request)
        with suppress(ConnectionError):
            while True:
                await dripping.write(b"<p>")
                await asyncio.sleep(0.02)
        return dripping

    async with site(answer, patience=0.4) as (fetcher, home):
        assert await refused(fetcher, home) == Unkept.SILENT
        assert await refused(fetcher, f"{home}/again") == Unkept.SILENT


async def test_redirects_end_after_three() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        left = int(request.query["left"])
        if not left:
            return web.Response(text="arrived", content_type="text/html")
        return web.Response(status=307, headers={"Location": f"/?left={left - 1}"})

    async with site(answer) as (fetcher, home):
        arrived = await fetcher.get(f"{home}/?left=3", PAGE)
        assert (arrived.content, arrived.url) == (b"arrived", f"{home}/?left=0")
        assert await refused(fetcher, f"{home}/?left=4") == Unkept.SILENT


async def test_nothing_of_ours_goes_along_with_a_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie that a site set, no proxy and no password of the environment."""
    asked: list[web.Request] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        return web.Response(text="a", content_type="text/html", headers={"Set-Cookie": "a=b"})

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    async with site(answer) as (fetcher, home):
        await fetcher.get(home, PAGE)
        await fetcher.get(home, FEED)

    assert [request.headers.get("Cookie") for request in asked] == [None, None]
    assert not any("Authorization" in request.headers or "Referer" in request.headers for request in asked)


async def test_only_what_changed_is_asked_for_and_a_busy_host_says_when() -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/busy":
            return web.Response(status=429, headers={"Retry-After": "120"})
        is_known = request.headers.get("If-None-Match") == '"7"'
        return web.Response(status=304 if is_known else 200, headers={"ETag": '"7"'})

    async with site(answer) as (fetcher, home):
        first = await fetcher.get(home, FEED)
        assert (await fetcher.get(home, FEED, first.marks)).status == 304
        with pytest.raises(NotFetched) as busy:
            await fetcher.get(f"{home}/busy", FEED)

    assert (busy.value.reason, busy.value.retry_after) == ("status HTTP 429", "120")


async def test_a_picture_larger_than_any_platform_takes_is_not_read_to_its_end() -> None:
    sent = 0

    async def answer(request: web.Request) -> web.StreamResponse:
        nonlocal sent
        growing = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        await growing.prepare(request)
        with suppress(ConnectionError):
            for _ in range(50):
                await growing.write(bytes(1024 * 1024))
                sent += 1
        return growing

    async with site(answer) as (fetcher, home):
        assert await refused(fetcher, home, PICTURE) == Unkept.TOO_LARGE
    assert sent < 25
