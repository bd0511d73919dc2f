"""Serves pictures that one platform holds, for the other one to fetch from us."""

from __future__ import annotations

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


class Pictures:
    """`address` makes public addresses and `serve` answers them. They are signed, so nobody can make up another."""

    def __init__(self, public_url: str, secret: bytes) -> None:
        self._base = public_url
        self._secret = secret
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def address(self, file: str) -> str:
        return f"{self._base}/media/{self._sign(file)}/{file}.jpg"

    async def serve(self, request: web.Request, holder: Messenger) -> web.Response:
        file, sign = request.match_info["file"], request.match_info["sign"]
        if not hmac.compare_digest(sign.encode(), self._sign(file).encode()):
            raise web.HTTPNotFound
        if file not in self._kept:
            try:
                self._keep(file, await holder.fetch(file))
            except SendError as error:
                log.warning("picture_not_fetched", reason=error.reason)
                raise web.HTTPServiceUnavailable(headers={"Retry-After": "10"}) from error
        return web.Response(
            body=self._kept[file], content_type="image/jpeg", headers={"Cache-Control": "max-age=86400"}
        )

    def _keep(self, file: str, content: bytes) -> None:
        self._kept[file] = content
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _sign(self, file: str) -> str:
        return hmac.new(self._secret, file.encode(), hashlib.sha256).hexdigest()[:32]
