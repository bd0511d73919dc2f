"""A wire to a PostgreSQL server that can be cut at a word: before it arrives, or after and before the answer."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from types import TracebackType


class Wire:
    def __init__(self, socket: Path, address: str) -> None:
        self._socket = socket
        self._folder = tempfile.TemporaryDirectory(prefix="wire-")
        self.address = f"{address.partition('?')[0]}?host={self._folder.name}"
        self._word = b""
        self._after = False
        self._carried: set[asyncio.Task[None]] = set()
        self.cuts = 0
        #: Words of the server, and those of the same length that arrive instead.
        self.heard_as: tuple[bytes, bytes] = (b"", b"")

    def cut_at(self, word: bytes, *, after: bool) -> None:
        """Cut the connection that says `word` next. `after`: the server hears it, and its answer is lost."""
        self._word, self._after = word, after

    async def __aenter__(self) -> Wire:
        await self.join()
        return self

    async def part(self) -> None:
        """Break every connection, and let none be made until `join`."""
        self._server.close()
        carried = list(self._carried)
        for each in carried:
            each.cancel()
        await asyncio.gather(*carried, return_exceptions=True)

    async def join(self) -> None:
        at = Path(self._folder.name) / self._socket.name
        at.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._joined, at)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for carried in self._carried:
            carried.cancel()
        await asyncio.gather(*self._carried, return_exceptions=True)
        self._folder.cleanup()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        answers = asyncio.create_task(self._carry(there, writer))
        self._carried.add(asyncio.create_task(self._say(reader, back, there, answers, writer)))

    async def _say(
        self,
        reader: asyncio.StreamReader,
        back: asyncio.StreamWriter,
        there: asyncio.StreamReader,
        answers: asyncio.Task[None],
        writer: asyncio.StreamWriter,
    ) -> None:
        try:
            while said := await reader.read(65536):
                if self._word and self._word in said:
                    self.cuts += 1
                    self._word = b""
                    answers.cancel()
                    await asyncio.gather(answers, return_exceptions=True)
                    if self._after:
                        back.write(said)
                        # Until the server is through with it.
                        await there.read(65536)
                    break
                back.write(said)
        finally:
            answers.cancel()
            for end in (back, writer):
                end.close()
            await asyncio.gather(answers, back.wait_closed(), writer.wait_closed(), return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(65536):
            writer.write(said.replace(*self.heard_as) if self.heard_as[0] else said)
        writer.close()
