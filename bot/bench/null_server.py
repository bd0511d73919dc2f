"""A Telegram that answers at once and does nothing else: `python -m bot.bench.null_server`, stopped by closing stdin.

A raw protocol on keep-alive connections, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from itertools import count

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
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._rest += data
        while (end := self._end_of_request()) and self._transport is not None:
            request, self._rest = self._rest[:end], self._rest[end:]
            self._transport.write(self._answer(request))

    def _end_of_request(self) -> int:
        """0: it has not arrived whole."""
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


async def serve() -> None:
    numbers = count(1)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: NullProtocol(numbers), "127.0.0.1", 0, backlog=512)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(json.dumps({"url": f"http://127.0.0.1:{port}"}) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
