"""A Telegram that answers at once and does nothing else, also over TLS: `python -m bot.bench.null_server [SERVER.PEM]`.

A raw protocol on keep-alive connections, so that what is measured is the client. Stopped by closing stdin.
"""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import sys
from functools import partial
from itertools import count
from typing import cast

from bot.app import run
from bot.bench.helper import say

_LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
_BOT = {"id": 1000001, "is_bot": True, "first_name": "Null", "username": "null_bot"}
#: About as long as the answer to a short post; the number goes into the gap.
_SENT = json.dumps(
    {
        "ok": True,
        "result": {
            "message_id": 0,
            "from": _BOT,
            "chat": {"id": 2001, "first_name": "Reader", "type": "private"},
            "date": 1767225600,
            "text": "An article's text as the platform tells it back. " * 8,
            "entities": [{"offset": 0, "length": 10, "type": "bold"}],
        },
    }
).encode()
_BEFORE, _AFTER = _SENT.split(b'"message_id": 0')
_ME = json.dumps({"ok": True, "result": _BOT | {"can_join_groups": True}}).encode()


class NullProtocol(asyncio.Protocol):
    def __init__(self, numbers: count[int]) -> None:
        self._numbers = numbers
        self._rest = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # which uvloop's only looks like

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._end_of_request()) and self._transport is not None:
            request, self._rest = self._rest[:end], self._rest[end:]
            self._transport.write(self._answer(request))

    def _end_of_request(self) -> int:
        """Return where the request ends; 0: it has not arrived whole."""
        head = self._rest.find(b"\r\n\r\n")
        if head < 0:
            return 0
        length = _LENGTH.search(self._rest, 0, head)
        end = head + 4 + (int(length[1]) if length else 0)
        return end if len(self._rest) >= end else 0

    def _answer(self, request: bytes) -> bytes:
        body = _ME
        if b"getMe" not in request[:200]:
            body = b'%s"message_id": %d%s' % (_BEFORE, next(self._numbers), _AFTER)
        return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


async def serve(certificate: str | None) -> None:
    numbers = count(1)
    addresses = {"plain": f"http://127.0.0.1:{await _listen(numbers)}"}
    if certificate:
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(certificate)
        addresses["TLS"] = f"https://127.0.0.1:{await _listen(numbers, tls)}"
    say(addresses)
    await asyncio.to_thread(sys.stdin.read)


async def _listen(numbers: count[int], tls: ssl.SSLContext | None = None) -> int:
    """The port."""
    protocol = partial(NullProtocol, numbers)
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, backlog=512, ssl=tls)
    return int(server.sockets[0].getsockname()[1])


if __name__ == "__main__":
    run(serve(sys.argv[1] if len(sys.argv) > 1 else None))
