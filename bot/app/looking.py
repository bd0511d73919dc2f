"""Looks at one page, or one feed, from the command line: what would be taken of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from bot.domain import Address, Platform
from bot.domain.sheet import Value
from bot.errors import CannotStart, Refused
from bot.ingest.drafting import sheet
from bot.ingest.feed import read_feed
from bot.ingest.fetching import FEED, PAGE, Fetched, Fetcher, NotFetched, Want
from bot.ingest.page import Item, NoArticle, NoFeed
from bot.ingest.reader import read
from bot.ingest.reasons import explained
from bot.ingest.subscription import Feed
from config.newsroom import Newsroom, load_newsroom
from config.settings import Settings


async def look(url: str, html: Path | None, settings: Settings) -> dict[str, Value]:
    """Return what is taken of the page at `url`, or of its bytes in a file. Raises `CannotStart` with the reason."""
    file = load_newsroom(settings.newsroom)
    _check(url)
    try:
        found = _saved(url, html) if html is not None else await _fetched(url, settings, PAGE)
        page = await asyncio.to_thread(read, found.content, found.url, found.charset)
        return sheet(page, homes=[file.links.site], language=file.languages[0])
    except (NotFetched, NoArticle) as error:
        text, values = explained(error.reason)
        raise CannotStart(text.format_map(values)) from None
    except Refused as refusal:
        raise CannotStart(refusal.text.format_map(dict(refusal.values))) from None


async def look_at_feed(url: str, path: Path | None, settings: Settings) -> list[dict[str, Value]]:
    """Return what is taken of each item of a feed, or of its bytes in a file. Raises `CannotStart` with the reason."""
    file = load_newsroom(settings.newsroom)
    _check(url)
    feed = Feed("", url, Address(Platform.TELEGRAM, ""))
    try:
        found = _saved(url, path) if path is not None else await _fetched(feed.address, settings, FEED)
        items = await asyncio.to_thread(read_feed, found.content, found.url, found.charset, now=datetime.now(UTC))
    except NotFetched as error:
        text, values = explained(error.reason)
        raise CannotStart(text.format_map(values)) from None
    except NoFeed as error:
        raise CannotStart(f"This is no feed that can be read: {error}.") from None
    return [_taken(item, file) for item in items]


def _taken(item: Item, file: Newsroom) -> dict[str, Value]:
    """Return what is taken of an item; of one that has too little text only what the feed says of it."""
    try:
        taken = sheet(item.page, homes=[file.links.site], language=file.languages[0])
    except Refused as refusal:
        taken = {"headline": item.page.headline, "notices": [refusal.text.format_map(dict(refusal.values))]}
    return {**taken, "link": item.page.address, "whole": "yes" if item.is_whole else "no"}


def _check(url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise CannotStart(f"“{url}” is no web address; it begins with https://.")


def _saved(url: str, path: Path) -> Fetched:
    try:
        return Fetched(url, path.read_bytes())
    except OSError as error:
        raise CannotStart(f"Can't read {path}: {error.strerror}.") from None


async def _fetched(url: str, settings: Settings, want: Want) -> Fetched:
    fetcher = Fetcher(settings.pictures_through)
    try:
        return await fetcher.get(url, want)
    finally:
        await fetcher.close()
