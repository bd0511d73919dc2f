"""The public record at our own doors: its files, the verification page, and what trust.txt tells of the newsroom."""

from __future__ import annotations

import re
from collections.abc import Sequence

import structlog
from aiohttp import web

from bot.domain.codes import article_code, article_of, code_of, index_of
from bot.errors import NotStored
from bot.record.signing import Fork
from bot.record.site import ROOT, File, Site

log = structlog.get_logger(__name__)

#: Files that change which are kept in memory until the record grows.
KEPT = 200
_FOREVER, _NEVER = "max-age=31536000, immutable", "no-cache"
NO_CODE = "There is nothing of ours under this code.\n"
NO_RECORD = "This newsroom keeps no public record yet.\n"


class RecordDoor:
    """The paths below which people and programs look for the record. `trust`: lines of trust.txt.

    `site`: None where the newsroom has no key for its record; each path says so then.
    """

    def __init__(self, site: Site | None, trust: Sequence[str] = ()) -> None:
        self._site = site
        self._trust = trust
        self._kept: dict[str, File] = {}
        self._note = ""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(ROOT + "{path:.*}", self._file),
            web.get("/v/{code}", self._page),
            web.get("/.well-known/trust.txt", self._trust_txt),
            web.get("/trust.txt", self._trust_txt),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        file = await self._found(request.match_info["path"])
        headers = {"Cache-Control": _FOREVER if file.is_final else _NEVER, "X-Content-Type-Options": "nosniff"}
        # Anybody's page may check us.
        headers["Access-Control-Allow-Origin"] = "*"
        charset = None if file.kind == "application/octet-stream" else "utf-8"
        return web.Response(body=file.content, content_type=file.kind, charset=charset, headers=headers)

    def _open(self) -> Site:
        if self._site is None:
            raise web.HTTPNotFound(text=NO_RECORD)
        return self._site

    async def _found(self, path: str, otherwise: str = "") -> File:
        site = self._open()
        if not re.fullmatch(r"[\w./-]{1,100}", path, re.ASCII):
            raise web.HTTPNotFound
        try:
            file = await self._looked_up(site, path)
        except Fork as error:
            log.critical("record_not_signed", why=str(error))  # a fork must be seen by somebody
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "600"}) from error
        except (NotStored, OSError) as error:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"}) from error
        if file is None:
            raise web.HTTPNotFound(text=otherwise or None)
        return file

    async def _looked_up(self, site: Site, path: str) -> File | None:
        note = (await site.checkpoint())[1]
        if note != self._note or len(self._kept) >= KEPT:
            self._kept, self._note = {}, note
        file = self._kept.get(path) or await site.file(path)
        if file is not None and not file.is_final:
            self._kept[path] = file
        return file

    async def _page(self, request: web.Request) -> web.Response:
        """Send a code to the page, which shows our text first. Nobody learns here of what is not published."""
        self._open()
        code = _canonical(request.match_info["code"])
        if not code:
            raise web.HTTPNotFound(text=NO_CODE)
        await self._found(f"codes/{code}", NO_CODE)
        raise web.HTTPFound(f"{ROOT}verify.html#{code}")

    async def _trust_txt(self, _request: web.Request) -> web.Response:
        self._open()
        return web.Response(text="".join(f"{line}\n" for line in self._trust))


def _canonical(typed: str) -> str:
    """Return a code as the record spells it; empty if it is none."""
    if number := article_of(typed):
        return article_code(number)
    return code_of(index) if (index := index_of(typed)) is not None else ""
