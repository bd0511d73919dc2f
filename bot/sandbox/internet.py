"""The sandbox's internet: what stands at addresses that people name, for as long as it stands there."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from aiohttp import web

#: Seconds for which an address lives that Viber gives to what somebody sends (docs/platforms/viber.md#media).
BORROWED = 3600.0


@dataclass(slots=True)
class Page:
    """`until`: when it dies, by the sandbox's clock; None: never. `to`: where it sends whoever asks.

    `delay`: seconds until it answers. `status`, `headers`: of the answer; one with the `ETag` that is asked about says
    only that nothing changed.
    """

    content: bytes
    kind: str = "image/jpeg"
    until: float | None = None
    to: str = ""
    delay: float = 0.0
    is_dead: bool = False
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class Internet:
    """Pages by their addresses. An address that nobody put there answers 404."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._pages: dict[str, Page] = {}
        #: The addresses that were asked for, in their order.
        self.asked: list[str] = []
        #: Those of them whose answer was that nothing changed.
        self.unchanged: list[str] = []

    def put(
        self,
        url: str,
        content: bytes = b"",
        *,
        kind: str = "image/jpeg",
        lives: float | None = None,
        to: str = "",
        delay: float = 0.0,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Let `content` stand at `url`, for `lives` seconds if that is given, or a redirect `to` another address."""
        until = self._now() + lives if lives is not None else None
        self._pages[url] = Page(content, kind, until, to, delay, status=status, headers=headers or {})

    def kill(self, url: str) -> None:
        """Let the address die."""
        self._pages.setdefault(url, Page(b"")).is_dead = True

    def knows(self, url: str) -> bool:
        return url in self._pages

    def page(self, url: str) -> Page | None:
        """Return what stands there; None if it is dead, or never was."""
        page = self._pages.get(url)
        if page is None or page.is_dead or (page.until is not None and page.until <= self._now()):
            return None
        return page

    async def serve(self, request: web.Request) -> web.Response:
        """Answer for the address in the query."""
        url = request.query.get("url", "")
        self.asked.append(url)
        page = self.page(url)
        if page is None:
            return web.Response(status=404)
        await asyncio.sleep(page.delay)
        if page.to:
            return web.Response(status=302, headers={"Location": page.to})
        if page.headers.get("ETag", "") == request.headers.get("If-None-Match", "-"):
            self.unchanged.append(url)
            return web.Response(status=304, headers=page.headers)
        headers = {"Content-Type": page.kind, **page.headers}
        return web.Response(status=page.status, body=page.content, headers=headers)
