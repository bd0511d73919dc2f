"""A small proxy of a newsroom's network, for HTTP and for SOCKS 5: leads every name to one place on this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Proxy:
    """`asked`: the places to which it was asked to lead; `heard`: the bytes that it could read on their way there."""

    to: str = ""
    password: bytes = b""
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)

    def url(self, kind: str, who: str = "") -> str:
        return f"{kind}://{who}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            first = await reader.readexactly(1)
            await (self._socks(reader, writer) if first == b"\x05" else self._connect(reader, writer))
        writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """As an HTTP proxy: after CONNECT it hears what follows, and refuses where nothing is led to."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split()[1])
        if not self.to:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self.heard += await reader.read(65_536)
            return
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async def _socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly((await reader.readexactly(1))[0])
        writer.write(b"\x05\x02" if self.password else b"\x05\x00")
        if self.password and not await self._knows(reader, writer):
            return
        kind = (await reader.readexactly(4))[3]
        length = (await reader.readexactly(1))[0] if kind == 3 else 4
        name = await reader.readexactly(length)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{name.decode() if kind == 3 else '.'.join(map(str, name))}:{port}")
        if not self.to:
            writer.write(b"\x05\x05\x00\x01" + bytes(6))
            await writer.drain()
            return
        writer.write(b"\x05\x00\x00\x01" + bytes(6))
        await self._lead(reader, writer)

    async def _knows(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        user = await reader.readexactly((await reader.readexactly(2))[1])
        password = await reader.readexactly((await reader.readexactly(1))[0])
        known = user == b"desk" and password == self.password
        writer.write(b"\x01\x00" if known else b"\x01\x01")
        await writer.drain()
        return known

    async def _lead(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        place = urlsplit(self.to)
        inner, outer = await asyncio.open_connection(place.hostname, place.port)
        try:
            await asyncio.gather(_pass_on(reader, outer), _pass_on(inner, writer))
        finally:
            outer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
    if writer.can_write_eof():
        writer.write_eof()


@asynccontextmanager
async def a_proxy(to: str = "", password: bytes = b"") -> AsyncIterator[Proxy]:
    """Run a proxy that leads to the address `to`; without one it refuses (SOCKS) or only listens (CONNECT)."""
    proxy = Proxy(to, password)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    async with server:
        proxy.port = server.sockets[0].getsockname()[1]
        yield proxy
