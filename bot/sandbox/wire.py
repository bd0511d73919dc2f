"""The wire between a bot and a platform: while it is cut, neither hears from the other."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

#: Most bytes that are read from one end at a time.
CHUNK = 65_536
#: The names of this machine, as they stand in addresses.
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")


class Wire:
    """A relay whose `port` outlives a cut. A request that is under way at a cut is lost, executed or not."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = 0
        self._target = port
        self._server: asyncio.Server | None = None
        self._ends: set[asyncio.StreamWriter] = set()
        self._whole = asyncio.Event()
        self._deliveries: set[asyncio.Timeout] = set()

    @property
    def whole(self) -> bool:
        return self._server is not None

    async def repair(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._join, self.host, self.port)
            self.port = self._server.sockets[0].getsockname()[1]
            self._whole.set()

    def cut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._whole.clear()
        for end in tuple(self._ends):
            end.transport.abort()
        while self._deliveries:
            self._deliveries.pop().reschedule(0)

    @asynccontextmanager
    async def delivery(self) -> AsyncIterator[None]:
        """A context for one call of the platform to a bot: it waits for a whole wire; a cut raises `TimeoutError`."""
        await self._whole.wait()
        async with asyncio.timeout(None) as under_way:
            self._deliveries.add(under_way)
            try:
                yield
            finally:
                self._deliveries.discard(under_way)

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        far = writer
        try:
            far_reader, far = await asyncio.open_connection(self.host, self._target)
            self._ends.add(far)
            await asyncio.gather(_pump(reader, far), _pump(far_reader, writer))
        except OSError:
            pass
        finally:
            for end in (writer, far):
                self._ends.discard(end)
                end.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass bytes on until this end is closed, then close the other one."""
    try:
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
