"""Pictures of the page's main scenes, for the README. `make screenshots`"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright, expect

from bot.demo.stage import Stage, set_up
from tests.page.browser import chromium
from tests.page.conftest import CHANNELS, OWNER, PATIENCE, READERS, Visit, visiting

WINDOW = {"width": 1340, "height": 800}
TARGET = Path(__file__).parents[2] / "docs"


async def main() -> None:
    path = chromium()
    if path is None:
        raise SystemExit("No Chromium on this machine. On Debian: apt install chromium fonts-noto-color-emoji")
    expect.set_options(timeout=PATIENCE)
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with async_playwright() as playwright, set_up(Path(folder), 0) as stage:
            browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
            await scenes(browser, stage)
            await browser.close()


async def scenes(browser: Browser, stage: Stage) -> None:
    async with visiting(browser, stage, viewport=WINDOW) as visit:
        await publish(visit, "Міст, з фото", "Міст через Сулу")
        await take(visit, "everywhere")
    async with visiting(browser, stage, locale="en-US", color_scheme="dark", viewport=WINDOW) as visit:
        await trouble(visit)
        await take(visit, "doubt")
    async with visiting(browser, stage, viewport={"width": 390, "height": 844}) as visit:
        await visit.phone(OWNER).scroll_into_view_if_needed()
        await take(visit, "phone")


async def publish(visit: Visit, sample: str, headline: str) -> None:
    await visit.picks(sample)
    await visit.approves()
    await visit.publishes()
    for phone in CHANNELS + READERS:
        await visit.shows(phone, headline)
    await visit.shows(OWNER, "вийшов")


async def trouble(visit: Visit) -> None:
    """Viber takes the post and hangs up: the desk is asked."""
    await visit.picks("Ferry")
    await visit.shows(OWNER, "#2 · чернетка")
    await visit.approves()
    await visit.switches("viber", "drop", on=True)
    await visit.publishes()
    await visit.shows(OWNER, "Невідомо, чи з’явився допис")
    for phone in CHANNELS + READERS:
        await visit.shows(phone, "Ferry to the island")


async def take(visit: Visit, name: str) -> None:
    """Take a picture of the page once all its images are loaded and nothing moves."""
    await visit.page.evaluate(
        "Promise.allSettled([...document.images].map((image) => ((image.loading = 'eager'), image.decode())))"
    )
    await expect(visit.page.locator(".toast:visible")).to_have_count(0)
    await visit.page.mouse.move(0, 0)
    await visit.page.evaluate("name => name === 'phone' || scrollTo(0, 0)", name)
    file = TARGET / f"{name}.png"
    await visit.page.screenshot(path=file, animations="disabled")
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    asyncio.run(main())
