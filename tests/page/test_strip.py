"""The strip on top: the clock, the request log, the faults, the bot; and what the page does when the demo ends."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.demo.stage import set_up
from tests.page.conftest import CHANNELS, HEADLINE, OWNER, READERS, Visit, visiting

#: The method by which an article goes to readers, by platform.
BROADCASTS = {"telegram": "sendMessage", "viber": "broadcast_message"}
ONE = {"telegram": "Іван", "viber": "Оксана"}


@pytest.mark.parametrize("platform", ["telegram", "viber"])
async def test_too_many_requests_are_counted_in_the_log_and_the_post_waits(visit: Visit, platform: str) -> None:
    await visit.prepares()
    sums = visit.page.locator("#log-sum")
    await expect(sums).to_contain_text("«забагато запитів»: 0")
    await visit.switches(platform, "refuse", on=True)
    await visit.publishes()
    await logged(visit, "limited", "429", BROADCASTS[platform])
    await expect(sums).not_to_contain_text("«забагато запитів»: 0")
    await visit.shows(ONE[platform], HEADLINE, 0)

    await visit.switches(platform, "refuse", on=False)

    for name in CHANNELS + READERS:
        await visit.shows(name, HEADLINE)


async def test_a_502_to_a_post_is_a_doubt_that_the_desk_settles(visit: Visit) -> None:
    """The platform may have executed what it could not answer."""
    # Only the channel is written to: after a failure elsewhere nothing would be risked there.
    for name in READERS[:2]:
        await visit.phone(name).locator(".block").click()
        await expect(visit.phone(name).locator(".talk")).to_be_visible()
    await visit.prepares()
    await visit.switches("telegram", "5xx", on=True)
    await visit.publishes()
    await logged(visit, "failed", "502", "sendMessage")
    await visit.switches("telegram", "5xx", on=False)
    await visit.shows(OWNER, "Невідомо, чи з’явився допис")
    await visit.shows("Вісник", HEADLINE, 0)

    await visit.presses(OWNER, "Опублікувати ще раз")

    await visit.shows("Вісник", HEADLINE)


async def test_viber_answers_502_to_a_question_so_no_post_is_risked(visit: Visit) -> None:
    await visit.prepares()
    await visit.switches("viber", "5xx", on=True)
    await visit.publishes()
    await visit.shows("Іван", HEADLINE)
    await logged(visit, "failed", "502", "get_account_info")

    await visit.switches("viber", "5xx", on=False)

    await visit.shows("Вісник у Viber", HEADLINE)


async def logged(visit: Visit, look: str, status: str, method: str) -> None:
    row = visit.page.locator(f"#log .{look}").filter(has_text=method)
    await expect(row.first.locator(".status")).to_have_text(status)
    await expect(row.first.locator(".ms")).to_have_text(re.compile(r"^[\d.]+ ms$"))


async def test_the_clock_goes_an_hour_on_at_each_press(visit: Visit) -> None:
    before = visit.stage.clock()
    await visit.page.get_by_role("button", name="+1 год").click()
    await visit.page.get_by_role("button", name="+1 год").click()

    await visit.stage.sandbox.until(lambda: (visit.stage.clock() - before).total_seconds() >= 7200)
    shown = visit.stage.clock().astimezone(visit.zone)
    await expect(visit.page.locator("#time")).to_contain_text(f"{shown:%H}:")


async def test_a_demo_that_is_started_again_is_found_by_the_page(browser: Browser, tmp_path: Path) -> None:
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder in folders:
        folder.mkdir()
    async with AsyncExitStack() as after, AsyncExitStack() as first:
        stage = await first.enter_async_context(set_up(folders[0], 0))
        visit = await after.enter_async_context(visiting(browser, stage))
        await visit.says("Іван", "Ще раз")
        await visit.shows("Іван", "Ще раз")
        await visit.phone("Марія").locator("textarea").fill("Недописане")
        await first.aclose()
        lost = visit.page.get_by_role("alert")
        await expect(lost).to_contain_text("make demo")

        async with set_up(folders[1], stage.sandbox.port):
            await expect(lost).to_be_hidden()
            await visit.shows("Іван", "Ще раз", 0)
            await expect(visit.phone("Марія").locator("textarea")).to_have_value("Недописане")
            await visit.page.goto("about:blank")
        # A browser writes this about a server that is gone.
        visit.complaints[:] = [complaint for complaint in visit.complaints if "net::ERR_" not in complaint]
