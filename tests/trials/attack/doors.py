"""Attacks at the doors: by callers who are not the platform, repeat its calls, or speak no HTTP."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import secrets
from contextlib import suppress
from functools import cache

from tests.conftest import OWNER, VIBER_CHANNEL_TOKEN, VIBER_OWNER
from tests.helpers.doors import SECRET, signed
from tests.trials.attack.town import Found, Town

_HOUR, _DAY = 3600.0, 86_400.0
_PATHS = ("/telegram/webhook", "/viber/webhook", "/viber/channel/webhook", "/healthz", "/nothing")


@cache
def bomb() -> bytes:
    """Return a tenth of a gigabyte of zeros, which is a tenth of a megabyte."""
    return gzip.compress(b"0" * 100_000_000)


async def strangers_calls(town: Town, tries: int) -> Found:
    """Calls in a platform's name, without what proves it."""
    body, callback = town.update(OWNER, "/halt"), town.callback(VIBER_OWNER, "/halt")
    (header, secret), *_ = SECRET.items()
    ways: tuple[tuple[str, bytes, dict[str, str]], ...] = (
        ("/telegram/webhook", body, {}),
        ("/telegram/webhook", body, {header: secrets.token_urlsafe(16)}),
        ("/telegram/webhook", body, {header: secret[:-1]}),
        ("/viber/webhook", callback, {}),
        ("/viber/webhook", callback, signed(callback + b" ")),
        ("/viber/webhook", callback, signed(callback, VIBER_CHANNEL_TOKEN)),
        ("/viber/webhook", callback, signed(callback, "")),
    )
    before, took = town.count("inbox"), []
    for turn in range(tries):
        path, said, headers = ways[turn % len(ways)]
        if await town.calls(path, said, headers) not in (0, 400, 403):
            took.append(path)
    return Found(tries, tuple(took) + ("kept",) * (town.count("inbox") - before))


async def old_calls(town: Town, tries: int) -> Found:
    """Repeat what a platform once said, after the time in which it does so itself."""
    took = []
    for _ in range(tries // 2):
        times = random.uniform(1.02, 100)
        if await town.telegram(town.update(OWNER, "/halt", ago=times * _DAY)) == 200:
            took.append(f"{times:.1f} days old")
        if await town.viber(town.callback(VIBER_OWNER, "/halt", ago=times * _HOUR)) == 200:
            took.append(f"{times:.1f} hours old")
    return Found(tries // 2 * 2, tuple(took))


async def repeated_calls(town: Town, tries: int) -> Found:
    """The same call again and again, at the same time: it counts once."""
    told = len(town.phone()), len(town.viber_phone())
    update, callback = town.update(OWNER, "/whoami"), town.callback(VIBER_OWNER, "/whoami")
    await asyncio.gather(*(town.telegram(update) for _ in range(tries)), *(town.viber(callback) for _ in range(tries)))
    await asyncio.gather(town.says("/list"), town.says_on_viber("/list"))
    answers = len(town.phone()) - told[0] + len(town.viber_phone()) - told[1]
    return Found(2 * tries, ("answered twice",) * max(0, answers - 4))


async def odd_wires(town: Town, tries: int) -> Found:
    """Bytes that are no request, requests that are no call, JSON that is no update."""
    rng, alive = random.Random(tries), 0
    before = town.count("inbox")
    for turn in range(tries):
        with suppress(OSError):
            await _speak(town, _oddity(rng, turn))
    for body in _ODD_BODIES:
        alive += await town.telegram(body) in (0, 200, 400) and await town.viber(body) in (0, 200, 400, 403)
    fell = () if (await town.looks("/healthz"))[0] == 200 else ("it no longer answers",)
    wrong = ("an odd body was an error",) * (len(_ODD_BODIES) - alive)
    return Found(tries + 2 * len(_ODD_BODIES), fell + wrong + ("kept",) * (town.count("inbox") - before))


_ODD_VALUES: tuple[object, ...] = (
    {}, [], None, 7, "x", {"update_id": True}, {"update_id": 2**70, "message": []}, {"update_id": 1, "message": {}},
    {"event": ["message"]}, {"event": "message", "message_token": {}}, {"event": "failed", "message_token": "1" * 99},
)  # fmt: skip
_ODD_TEXTS = (b"", b"\xff\xfe", b"[" * 100_000, b'{"update_id": 1e999}', b'{"a":' * 50_000)
_ODD_BODIES = (*(json.dumps(each).encode() for each in _ODD_VALUES), *_ODD_TEXTS)


def _oddity(rng: random.Random, turn: int) -> bytes:
    body = b'{"update_id": 1}'
    ways = (
        rng.randbytes(rng.randrange(1, 4000)),
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 5000 + b"\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        + body,
        b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" + body,
        b"POST /viber/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n" + body,
        b"BREW /telegram/webhook HTTP/9.9\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    )
    return ways[turn % len(ways)]


async def _speak(town: Town, said: bytes) -> None:
    reader, writer = await asyncio.open_connection(town.env["HOST"], int(town.env["PORT"]))
    try:
        writer.write(said)
        await writer.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await reader.read(1000)
    finally:
        writer.close()


async def open_figures(town: Town, tries: int) -> Found:
    """Figures and details for whoever comes through a proxy, and pictures with a made-up signature."""
    took = []
    for turn in range(tries):
        header = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP")[turn % 4]
        if (await town.looks("/metrics", {header: "203.0.113.7"}))[0] == 200:
            took.append(f"/metrics with {header}")
        if (await town.looks("/readyz", {header: "203.0.113.7"}))[1] not in ("ready\n", "not ready\n"):
            took.append(f"details of /readyz with {header}")
        if (await town.looks(f"/media/{secrets.token_hex(16)}/file{turn}.jpg"))[0] != 404:
            took.append("a picture")
    return Found(3 * tries, tuple(took))


async def bombs(town: Town, tries: int) -> Found:
    """A stream of packed zeros at every path, while an owner asks."""
    took = []
    loop = asyncio.get_running_loop()
    longest = 0.0
    for turn in range(tries):
        path = _PATHS[turn % len(_PATHS)]
        headers = {**SECRET, **signed(bomb()), "Content-Encoding": "gzip"}
        begun = loop.time()
        if await town.calls(path, bomb(), headers) in (200, 500):
            took.append(path)
        longest = max(longest, loop.time() - begun)
    return Found(tries, tuple(took), f"longest answer {longest:.2f} s")
