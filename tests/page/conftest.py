"""The demo as a newcomer has it: a browser on the page, the bot in a process of its own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Locator, Page, async_playwright, expect

from bot.demo.stage import Stage, set_up
from tests.helpers.nest import hatch
from tests.page.browser import chromium

OWNER = "Олена"
EDITOR = "Тарас"
READERS = ("Іван", "Марія", "Оксана", "Петро")
CHANNELS = ("Вісник", "Вісник у Viber")
#: Names and labels in English, where the page or the phones are turned to it.
IN_ENGLISH = {
    "Олена": "Olena",
    "Тарас": "Taras",
    "Іван": "Ivan",
    "Марія": "Mariia",
    "Оксана": "Oksana",
    "Петро": "Petro",
    "Підробка": "A fake",
    "📨 Надіслати на погодження": "📨 Submit for approval",
    "Погодити": "Approve",
    "Опублікувати зараз": "Publish now",
    "#1 · чернетка": "#1 · draft",
    "#2 · чернетка": "#2 · draft",
    "#1 погоджено: ": "#1 is approved by ",
    "Невідомо, чи з’явився допис": "We don't know whether the post appeared",
}
HEADLINE = "Новий парк відкрили на Подолі"
ARTICLE = f"""/queue {HEADLINE}

Двісті дерев і ставок замість старого складу.

Парк відкритий цілодобово, вхід вільний.

статус: підтверджено
джерело: Міська рада https://example.org/park"""
#: Longest time for one step through bot, platforms and page, in ms.
PATIENCE = 60_000


def either_way(text: str) -> str | re.Pattern[str]:
    """Return what fits a text in both languages, where the English one is known."""
    english = IN_ENGLISH.get(text)
    return text if english is None else re.compile(f"{re.escape(text)}|{re.escape(english)}")


@dataclass
class Visit:
    """One browser that looks at the page, and what went wrong in it."""

    page: Page
    stage: Stage
    complaints: list[str] = field(default_factory=list)
    zone = ZoneInfo("Europe/Kyiv")

    def phone(self, name: str) -> Locator:
        either = re.compile(f"^({name}|{IN_ENGLISH.get(name, name)})$")
        named = self.page.locator(".name").get_by_text(either)
        return self.page.locator("section.phone").filter(has=named)

    async def says(self, name: str, text: str) -> None:
        box = self.phone(name).locator("textarea")
        await box.fill(text)
        await box.press("Enter")

    async def presses(self, name: str, label: str) -> None:
        await self.phone(name).get_by_role("button", name=either_way(label)).last.click()

    async def writes(self, article: str = ARTICLE) -> None:
        """The owner, and has the card."""
        await self.says(OWNER, article)
        await self.shows(OWNER, "#1 · чернетка")

    async def prepares(self, article: str = ARTICLE) -> None:
        await self.writes(article)
        await self.approves()
        # The card follows the notice: what a test breaks next must not stop it on its way.
        await expect(
            self.phone(OWNER).get_by_role("button", name=either_way("Опублікувати зараз")).last
        ).to_be_visible()

    async def approves(self) -> None:
        """The owner submits what she wrote last, the editor approves it on the other platform."""
        await self.presses(OWNER, "📨 Надіслати на погодження")
        await self.presses(EDITOR, "Погодити")
        await self.shows(OWNER, "#1 погоджено: ")

    async def publishes(self) -> None:
        """The owner, what is approved; nobody stops it."""
        await self.presses(OWNER, "Опублікувати зараз")
        await self.countdown_ends()

    async def countdown_ends(self) -> None:
        keeper = self.stage.keeper
        await self.stage.sandbox.until(lambda: keeper.leaving is not None)
        assert keeper.leaving is not None
        await keeper.move_clock(keeper.leaving - self.stage.clock.seconds())

    async def picks(self, sample: str) -> None:
        await self.phone(OWNER).get_by_role("button", name=sample).click()

    async def moves_the_clock(self) -> None:
        """Move to the next posting time."""
        await self.page.locator("[data-action=skip]").click()

    async def shows(self, name: str, text: str, times: int = 1) -> None:
        await expect(self.phone(name).locator(".bubble").filter(has_text=either_way(text))).to_have_count(times)

    async def switches(self, platform: str, fault: str, *, on: bool) -> None:
        switch = self.page.locator(f"[data-fault='{platform} {fault}']")
        await (switch.check(force=True) if on else switch.uncheck(force=True))


def watch(page: Page, visit: Visit) -> None:
    """Whatever a console complains of, and every request that is not for this machine."""
    page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))
    page.on(
        "console",
        lambda said: visit.complaints.append(f"console: {said.text}") if said.type in ("error", "warning") else None,
    )
    page.on("request", lambda asked: _check_address(asked.url, visit))


def _check_address(url: str, visit: Visit) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
        visit.complaints.append(f"left the machine: {url}")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_browser() -> AsyncIterator[Browser]:
    """One for each process of the tests: to start it takes longer than most of what is looked at with it."""
    path = chromium()
    if path is None:
        pytest.skip("No Chromium on this machine: the page is not tested. On Debian: apt install chromium")
    async with async_playwright() as playwright:
        # As root, in CI, Chromium's own sandbox can't start.
        started = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        await started.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever looks at the page lives in the loop in which the browser was started."""
    for item in items:
        if "shared_browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(loop_scope="session")
async def browser(shared_browser: Browser) -> AsyncIterator[Browser]:
    """A browser with no page open, which has never been here."""
    yield shared_browser
    for context in shared_browser.contexts:
        await context.close()


@asynccontextmanager
async def visiting(browser: Browser, stage: Stage, **options: object) -> AsyncIterator[Visit]:
    settings = {"locale": "uk-UA", "viewport": {"width": 1440, "height": 900}, **options}
    context: BrowserContext = await browser.new_context(**settings)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    visit = Visit(await context.new_page(), stage)
    watch(visit.page, visit)
    await visit.page.goto(f"{stage.sandbox.url}/")
    await visit.page.wait_for_selector("body[data-ready]")
    yield visit
    await context.close()
    assert visit.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def stage(tmp_path: Path, browser: Browser) -> AsyncIterator[Stage]:
    expect.set_options(timeout=PATIENCE)
    async with set_up(tmp_path, 0, start=hatch) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, stage: Stage) -> AsyncIterator[Visit]:
    async with visiting(browser, stage) as visitor:
        yield visitor
