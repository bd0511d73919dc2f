"""The newspaper of the demo's town: pages for whoever pastes an address, and a feed that brings a story by itself."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import formatdate

from bot.demo import samples
from bot.sandbox import Sandbox
from bot.sandbox.page import Sample

SITE = "https://town.example.org"
NAME = "Міська газета"
FEED = f"{SITE}/feed.xml"
#: The key of the feed, in newsroom.toml and in chat.
KEY = "town"
#: Stories with a page, by language: their addresses can be pasted.
PAGES = {"uk": "park", "en": "lighthouse"}
#: The stories that come by the feed, in their order.
NEWS = ("library", "observatory")


@dataclass(frozen=True, slots=True)
class Story:
    key: str
    headline: str
    paragraphs: tuple[str, ...]

    @property
    def address(self) -> str:
        return f"{SITE}/{self.key}"

    @property
    def text(self) -> str:
        return "".join(f"<p>{html.escape(paragraph)}</p>\n" for paragraph in self.paragraphs)

    @property
    def page(self) -> str:
        """Return the page as a site has it, with what surrounds an article."""
        title = html.escape(self.headline)
        return (
            f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title} | {NAME}</title>'
            f'<meta property="og:site_name" content="{NAME}"><link rel="canonical" href="{self.address}"></head>'
            f'<body><nav><a href="/">{NAME}</a> <a href="/news">Новини</a> <a href="/sport">Спорт</a></nav>'
            f"<main><article><h1>{title}</h1>\n{self.text}</article></main><footer>© {NAME}</footer></body></html>"
        )


def story(key: str) -> Story:
    headline, *paragraphs = samples.text_of(key).split("\n\n")
    return Story(key, headline, tuple(paragraphs))


def feed(stories: Sequence[tuple[Story, float]]) -> str:
    """Return the feed with these stories and the seconds at which each came out, the newest first."""
    items = "".join(
        f"<item><title>{html.escape(each.headline)}</title><link>{each.address}</link><guid>{each.address}</guid>"
        f"<pubDate>{formatdate(at)}</pubDate><description>{html.escape(each.text)}</description></item>"
        for each, at in reversed(stories)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f'{head}<rss version="2.0"><channel><title>{NAME}</title>{items}</channel></rss>'


class Site:
    """The newspaper on the sandbox's internet, and the newspaper's next story."""

    def __init__(self, sandbox: Sandbox, now: Callable[[], float]) -> None:
        self._internet = sandbox.internet
        self._now = now
        self._out: list[tuple[Story, float]] = []
        for key in (*PAGES.values(), *NEWS):
            each = story(key)
            self._internet.put(each.address, each.page.encode(), kind="text/html; charset=utf-8")
        for address, film in samples.films().items():
            self._internet.put(address, film, kind="video/mp4")
        # A feed without items would be a fault of the site, and the desk would be told of it.
        self._internet.put(FEED, status=304)

    async def brings_news(self) -> None:
        """Publish the next story, if there is one left: the newsroom's next look at the feed finds it."""
        if len(self._out) < len(NEWS):
            self._out.append((story(NEWS[len(self._out)]), self._now()))
            self._internet.put(FEED, feed(self._out).encode(), kind="application/rss+xml")


def offers() -> list[Sample]:
    """Return the buttons under the owner's chat: an address in each language, and the feed."""
    titles = {"uk": "Посилання", "en": "Link"}
    links = [Sample(f"link-{each}", titles[each], each, story(key).address) for each, key in PAGES.items()]
    return [*links, Sample("feed", "Стрічка · Feed", "uk", "", does="news")]
