"""Looks at one page from the command line: what would be taken of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain.sheet import Value
from bot.errors import CannotStart, Refused
from bot.ingest.drafting import sheet
from bot.ingest.fetching import PAGE, Fetched, Fetcher, NotFetched
from bot.ingest.page import NoArticle
from bot.ingest.reader import read
from bot.ingest.reasons import explained
from config.newsroom import load_newsroom
from config.settings import Settings


async def look(url: str, html: Path | None, settings: Settings) -> dict[str, Value]:
    """Return what is taken of the page at `url`, or of its bytes in a file. Raises `CannotStart` with the reason."""
    file = load_newsroom(settings.newsroom)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise CannotStart(f"“{url}” is no address of a page; it begins with https://.")
    try:
        found = _saved(url, html) if html is not None else await _fetched(url, settings)
        page = await asyncio.to_thread(read, found.content, found.url, found.charset)
        return sheet(page, homes=[file.links.site], language=file.languages[0])
    except (NotFetched, NoArticle) as error:
        text, values = explained(error.reason)
        raise CannotStart(text.format_map(values)) from None
    except Refused as refusal:
        raise CannotStart(refusal.text.format_map(dict(refusal.values))) from None


def _saved(url: str, path: Path) -> Fetched:
    try:
        return Fetched(url, path.read_bytes())
    except OSError as error:
        raise CannotStart(f"Can't read {path}: {error.strerror}.") from None


async def _fetched(url: str, settings: Settings) -> Fetched:
    fetcher = Fetcher(settings.pictures_through)
    try:
        return await fetcher.get(url, PAGE)
    finally:
        await fetcher.close()
