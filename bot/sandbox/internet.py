"""The sandbox's internet: what stands at addresses that people name, for as long as it stands there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

#: Seconds for which an address lives that Viber gives to what somebody sends (docs/platforms/viber.md#media).
BORROWED = 3600.0


@dataclass(slots=True)
class Page:
    """`until`: when it dies, by the sandbox's clock; None: never. `to`: where it sends whoever asks.

    `delay`: seconds until it answers.
    """

    content: bytes
    kind: str = "image/jpeg"
    until: float | None = None
    to: str = ""
    delay: float = 0.0
    is_dead: bool = False


class Internet:
    """Pages by their addresses. An address that nobody put there answers 404."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._pages: dict[str, Page] = {}
        #: The addresses that were asked for, in their order.
        self.asked: list[str] = []

    def put(
        self,
        url: str,
        content: bytes = b"",
        *,
        kind: str = "image/jpeg",
        lives: float | None = None,
        to: str = "",
        delay: float = 0.0,
    ) -> None:
        """Let `content` stand at `url`, for `lives` seconds if that is given, or a redirect `to` another address."""
        until = self._now() + lives if lives is not None else None
        self._pages[url] = Page(content, kind, until, to, delay)

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
        return web.Response(body=page.content, headers={"Content-Type": page.kind})
