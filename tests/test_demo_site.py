"""The demo's own newspaper: its pages and its feed are read whole, and its buttons lead to them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.site import FEED, NEWS, PAGES, Site, feed, offers, story
from bot.demo.stage import set_up
from bot.demo.town import OWNER
from bot.domain import plain
from bot.ingest.drafting import article_of
from bot.ingest.feed import read_feed
from bot.ingest.reader import read
from bot.sandbox import Sandbox
from tests.helpers.nest import hatch

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize("key", [*PAGES.values(), *NEWS])
def test_a_page_of_the_newspaper_is_read_whole(key: str) -> None:
    told = story(key)

    article = article_of(read(told.page.encode(), told.address, "utf-8")).article

    assert article.headline == told.headline
    assert tuple(each for each in (article.lead, *map(plain, article.body)) if each) == told.paragraphs


def test_the_feed_has_the_whole_text_of_each_story() -> None:
    out = [(story(key), NOW.timestamp()) for key in NEWS]

    items = read_feed(feed(out).encode(), FEED, now=NOW)

    assert [item.key for item in items] == [story(key).address for key in reversed(NEWS)]


async def test_the_newspaper_has_nothing_new_until_somebody_asks() -> None:
    async with Sandbox() as sandbox:
        site = Site(sandbox, NOW.timestamp)
        page = sandbox.internet.page(FEED)
        assert page is not None and page.status == 304
        for _ in range(len(NEWS) + 1):
            await site.brings_news()

        page = sandbox.internet.page(FEED)
        assert page is not None
        assert len(read_feed(page.content, FEED, now=NOW)) == len(NEWS)


async def test_the_demos_link_becomes_a_draft_of_the_page(tmp_path: Path) -> None:
    link = next(each for each in offers() if each.key == "link-uk")
    async with set_up(tmp_path, 0, start=hatch) as stage:
        await stage.sandbox.telegram.say(OWNER, f"/queue {link.text}")
        shown = stage.sandbox.telegram
        headline = story(PAGES["uk"]).headline
        await stage.sandbox.until(
            lambda: any("#1" in each.text and headline in each.text for each in shown.phone(OWNER))
        )

    assert [each.does for each in offers()] == ["", "", "news"]
