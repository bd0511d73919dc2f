"""Serves pictures and films that one platform holds, or that are kept, for the other one to fetch from us."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import OrderedDict
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.adapters.base import Messenger
from bot.domain.picture import TYPES, form_of
from bot.errors import NotStored, SendError

log = structlog.get_logger(__name__)

#: Bytes kept in memory, since every phone of a Viber audience may ask for the same picture or film: one or two films.
KEPT = 64 * 1024 * 1024
#: Bytes that are handed on at once: no more of a film waits for a slow phone.
PIECE = 256 * 1024
#: Seconds for which a picture that could not be fetched is not asked for again.
MISSED = 60.0
#: First bytes of a JPEG file.
JPEG = b"\xff\xd8\xff"


async def none_kept(_digest: str) -> bytes | None:
    """Return the content of a picture where none is kept."""
    return None


class Pictures:
    """`address` makes public addresses and `serve` answers them. They are signed, so nobody can make up another.

    Kept pictures are named by their digest and signed too: whoever has the same bytes must not learn by asking that
    they wait here. `kept` returns the bytes of a digest.
    """

    def __init__(
        self, public_url: str, secret: bytes, kept: Callable[[str], Awaitable[bytes | None]] = none_kept
    ) -> None:
        self._base = public_url
        self._secret = secret
        self._content = kept
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        #: Loop times until which a missing file is not asked for.
        self._missed: dict[str, float] = {}
        self._fetching = asyncio.Lock()
        #: Apart, since a platform may be slow, and the store is not.
        self._reading = asyncio.Lock()

    def address(self, file: str) -> str:
        return f"{self._base}/media/{self._sign(file)}/{file}.jpg"

    def kept_at(self, digest: str, form: str) -> str:
        return f"{self._base}/media/{self._sign(digest)}/{digest}.{form}"

    async def serve_kept(self, request: web.Request) -> web.StreamResponse:
        digest, form = request.match_info["digest"], request.match_info["form"]
        self._check(request, digest)
        content = self._kept.get(digest)
        if content is None:
            async with self._reading:
                content = self._kept.get(digest) or await self._read(digest)
        if content is None or form_of(content) != form:
            raise web.HTTPNotFound
        self._keep(digest, content)
        return await handed_out(request, content, TYPES[form])

    async def serve(self, request: web.Request, holder: Messenger) -> web.Response:
        file = request.match_info["file"]
        self._check(request, file)
        content = self._kept.get(file)
        if content is None:
            # One after the other: a hundred phones that ask for the same picture cost one request.
            async with self._fetching:
                content = self._kept.get(file) or await self._fetch(file, holder)
        headers = {"Cache-Control": "max-age=86400", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content, content_type="image/jpeg", headers=headers)

    def _check(self, request: web.Request, name: str) -> None:
        if not hmac.compare_digest(request.match_info["sign"].encode(), self._sign(name).encode()):
            raise web.HTTPNotFound

    async def _read(self, digest: str) -> bytes | None:
        try:
            return await self._content(digest)
        except NotStored as error:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"}) from error

    async def _fetch(self, file: str, holder: Messenger) -> bytes:
        now = asyncio.get_running_loop().time()
        if self._missed.get(file, now) > now:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"})
        try:
            content = await holder.fetch(file)
        except SendError as error:
            log.warning("picture_not_fetched", reason=error.reason)
            self._miss(file, now)
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"}) from error
        if not content.startswith(JPEG):
            self._miss(file, now)
            raise web.HTTPNotFound
        self._keep(file, content)
        return content

    def _keep(self, name: str, content: bytes) -> None:
        self._kept[name] = content
        self._kept.move_to_end(name)
        while sum(map(len, self._kept.values())) > KEPT:
            self._kept.popitem(last=False)

    def _miss(self, file: str, now: float) -> None:
        self._missed = {each: until for each, until in self._missed.items() if until > now}
        self._missed[file] = now + MISSED

    def _sign(self, file: str) -> str:
        return hmac.new(self._secret, file.encode(), hashlib.sha256).hexdigest()[:32]


async def handed_out(request: web.Request, content: bytes, kind: str) -> web.StreamResponse:
    """Hand out bytes that never change, or the stretch of them that is asked for: phones show no film otherwise."""
    stretch = _stretch(request, len(content))
    answer = web.StreamResponse(status=200 if stretch is None else 206)
    stretch = range(len(content)) if stretch is None else stretch
    answer.content_type, answer.content_length = kind, len(stretch)
    answer.headers.update({"Cache-Control": "max-age=86400, immutable", "X-Content-Type-Options": "nosniff"})
    answer.headers["Accept-Ranges"] = "bytes"
    if answer.status == 206:
        answer.headers["Content-Range"] = f"bytes {stretch.start}-{stretch.stop - 1}/{len(content)}"
    await answer.prepare(request)
    view = memoryview(content)
    if request.method != "HEAD":
        for at in range(stretch.start, stretch.stop, PIECE):
            await answer.write(view[at : min(at + PIECE, stretch.stop)])
    await answer.write_eof()
    return answer


def _stretch(request: web.Request, length: int) -> range | None:
    """Return the bytes that a request names; None if none, or not so that one could understand (RFC 9110, 14.2)."""
    try:
        asked = request.http_range
    except ValueError:
        return None
    if asked == slice(None, None, 1):
        return None
    stretch = range(length)[asked]
    if not stretch:
        raise web.HTTPRequestRangeNotSatisfiable(headers={"Content-Range": f"bytes */{length}"})
    return stretch
