"""Serves pictures that one platform holds, for the other one to fetch from us."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections import OrderedDict

import structlog
from aiohttp import web

from bot.adapters.base import Messenger
from bot.errors import SendError

log = structlog.get_logger(__name__)

#: Pictures kept in memory, since every phone of a Viber audience may ask for the same one.
KEPT = 16
#: Seconds for which a picture that could not be fetched is not asked for again.
MISSED = 60.0
#: First bytes of a JPEG file.
JPEG = b"\xff\xd8\xff"


class Pictures:
    """`address` makes public addresses and `serve` answers them. They are signed, so nobody can make up another."""

    def __init__(self, public_url: str, secret: bytes) -> None:
        self._base = public_url
        self._secret = secret
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        #: Loop times until which a missing file is not asked for.
        self._missed: dict[str, float] = {}
        self._fetching = asyncio.Lock()

    def address(self, file: str) -> str:
        return f"{self._base}/media/{self._sign(file)}/{file}.jpg"

    async def serve(self, request: web.Request, holder: Messenger) -> web.Response:
        file, sign = request.match_info["file"], request.match_info["sign"]
        if not hmac.compare_digest(sign.encode(), self._sign(file).encode()):
            raise web.HTTPNotFound
        content = self._kept.get(file)
        if content is None:
            # One after the other: a hundred phones that ask for the same picture cost one request.
            async with self._fetching:
                content = self._kept.get(file) or await self._fetch(file, holder)
        headers = {"Cache-Control": "max-age=86400", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=content, content_type="image/jpeg", headers=headers)

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
        self._kept[file] = content
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return content

    def _miss(self, file: str, now: float) -> None:
        self._missed = {each: until for each, until in self._missed.items() if until > now}
        self._missed[file] = now + MISSED

    def _sign(self, file: str) -> str:
        return hmac.new(self._secret, file.encode(), hashlib.sha256).hexdigest()[:32]
