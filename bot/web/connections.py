"""Connections at the doors: how many at once, and how long one may take to bring a whole request."""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter
from typing import cast

from aiohttp import web

#: Seconds for a whole request, body included, from the moment that the connection stands.
REQUEST = 10.0
#: Seconds that a connection is kept after an answer, for the next request.
KEPT = 30.0
#: Connections from one public address. Those of this machine and of private networks come from a proxy for many.
EACH = 64


class Connections:
    """Makes aiohttp's protocol for each new connection, within bounds.

    When there are too many, the one that has been waited for longest gives way: whoever opens connections without
    ever asking anything keeps nobody out.
    """

    def __init__(self, server: web.Server, most: int) -> None:
        """`most`: connections at once, from everybody together."""
        self._server = server
        self._most = most
        self._each: Counter[str] = Counter()
        self._open: dict[asyncio.BaseTransport | None, Connection] = {}
        #: Those whose request is not here yet, the one that has been waited for longest first.
        self._waiting: dict[Connection, None] = {}

    def __call__(self) -> Connection:
        return Connection(self, self._server())

    def __len__(self) -> int:
        return len(self._open)

    def heard(self, transport: asyncio.BaseTransport | None) -> None:
        """The whole request of this connection is here: from now on its caller waits for us."""
        if (connection := self._open.get(transport)) is not None:
            self._waiting.pop(connection, None)
            connection.deadline(None)

    def answered(self, transport: asyncio.BaseTransport | None) -> None:
        """The next request of this connection may come."""
        if (connection := self._open.get(transport)) is not None:
            self._waiting[connection] = None
            connection.deadline(KEPT)

    def opened(self, connection: Connection) -> bool:
        """Take a new connection in; False if there is no room for it."""
        if self._is_crowded(connection.peer):
            rival = self._longest_waiting(connection.peer if len(self._open) < self._most else "")
            if rival is None:
                return False
            rival.close()
        self._open[connection.transport] = connection
        self._waiting[connection] = None
        self._each[connection.peer] += 1
        connection.deadline(REQUEST)
        return True

    def closed(self, connection: Connection) -> None:
        if self._open.pop(connection.transport, None) is None:
            return
        self._waiting.pop(connection, None)
        self._each[connection.peer] -= 1
        if not self._each[connection.peer]:
            del self._each[connection.peer]

    def _is_crowded(self, peer: str) -> bool:
        return len(self._open) >= self._most or (is_public(peer) and self._each[peer] >= EACH)

    def _longest_waiting(self, peer: str) -> Connection | None:
        """Return the connection to give up: of `peer`, or of anybody where it is empty."""
        return next((each for each in self._waiting if not peer or each.peer == peer), None)


class Connection(asyncio.Protocol):
    """One connection: everything goes on to aiohttp's own protocol, unless there is no room for it."""

    def __init__(self, connections: Connections, inner: web.RequestHandler) -> None:
        self._connections = connections
        self._inner = inner
        self._timer: asyncio.TimerHandle | None = None
        self._is_in = False
        self.transport: asyncio.Transport | None = None
        self.peer = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        address = transport.get_extra_info("peername")
        self.peer = str(address[0]) if address else ""
        self._is_in = self._connections.opened(self)
        if self._is_in:
            self._inner.connection_made(transport)
        else:
            self.transport.abort()

    def connection_lost(self, error: BaseException | None) -> None:
        if self._is_in:
            self.deadline(None)
            self._connections.closed(self)
            self._inner.connection_lost(error)

    def data_received(self, data: bytes) -> None:
        if self._is_in:
            self._inner.data_received(data)

    def eof_received(self) -> None:
        if self._is_in:
            self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def deadline(self, seconds: float | None) -> None:
        """Close the connection if no whole request is here within `seconds`; None: there is no deadline."""
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(seconds, self.close) if seconds is not None else None

    def close(self) -> None:
        """Let go of whoever sent no whole request. What was half sent is dropped."""
        self._connections.closed(self)
        if self.transport is not None:
            self.transport.abort()


def is_public(peer: str) -> bool:
    """True for an address of the internet; whatever is on this machine or in a private network is a proxy of ours."""
    try:
        return ipaddress.ip_address(peer.split("%")[0]).is_global
    except ValueError:
        return False
