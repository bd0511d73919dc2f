"""Reading a call's body: never unpacked, never larger than a call of a platform, never too many at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

#: Largest body of a call, in bytes; the platforms' own have a few kilobytes.
LARGEST = 1024 * 1024
#: Bytes of bodies in memory together.
TOGETHER = 32 * 1024 * 1024


class Bodies:
    """Reads bodies within bounds. The time for one is that of its connection."""

    def __init__(self) -> None:
        self._room = TOGETHER

    async def read(self, request: web.Request) -> bytes:
        """Raises an `HTTPException` when the body is packed, too large, or one too many."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise refusal(web.HTTPUnsupportedMediaType())
        size = request.content_length if request.content_length is not None else LARGEST
        if size > LARGEST:
            raise refusal(web.HTTPRequestEntityTooLarge(LARGEST, size))
        with self._reserved(size):
            try:
                return await request.read()
            except ConnectionError:
                raise refusal(web.HTTPRequestTimeout()) from None

    @contextmanager
    def _reserved(self, size: int) -> Iterator[None]:
        if size > self._room:
            raise refusal(web.HTTPServiceUnavailable(headers={"Retry-After": "1"}))
        self._room -= size
        try:
            yield
        finally:
            self._room += size


def refusal(answer: web.HTTPException) -> web.HTTPException:
    """The answer to a call whose body is not read: the connection ends with it."""
    answer.force_close()
    return answer
