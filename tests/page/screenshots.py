"""Pictures of the page's main scenes, for the README and the pages of docs/. `make screenshots`"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from bot.demo import town
from bot.demo.stage import Stage, set_up
from bot.record.site import ROOT
from tests.conftest import a_scene
from tests.helpers.recorded import ALTERED, KEY, goes_out
from tests.page.browser import chromium
from tests.page.conftest import CHANNELS, EDITOR, OWNER, PATIENCE, READERS, Visit, visiting
from tests.page.film import Film, still

#: What is played for a picture, on a stage of its own.
Play = Callable[[Browser, Stage], Awaitable[None]]
MINUTE = 60.0
WINDOW = {"width": 1340, "height": 800}
#: The window of whoever checks a text.
SMALL = ViewportSize(width=640, height=840)
#: So high that a chat shows a whole card with what leads to it.
TALL = {"width": 1340, "height": 1120}
#: Widths of the pictures of one phone, and of the moving picture, in dots.
PHONE, MOVING = 460, 1000
TARGET = Path(__file__).parents[2] / "docs"


async def main() -> None:
    path = chromium()
    if path is None:
        raise SystemExit("No Chromium on this machine. On Debian: apt install chromium fonts-noto-color-emoji")
    expect.set_options(timeout=PATIENCE)
    TARGET.mkdir(exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        ways = [partial(three_ways, way=way) for way in WAYS.values()]
        plays: list[Play] = [everywhere, doubt, *ways, moving]
        for play in plays:
            with tempfile.TemporaryDirectory() as folder:
                async with set_up(Path(folder), 0) as stage:
                    await play(browser, stage)
        await found_out(browser)
        await browser.close()


async def found_out(browser: Browser) -> None:
    """A reader pastes a post with one digit changed into the verification page."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_scene(Path(folder), RECORD_KEY=KEY.written) as scene:
            await goes_out(scene)
            for locale, name in (("en-GB", "check"), ("uk-UA", "check.uk")):
                page = await browser.new_page(locale=locale, viewport=SMALL)
                await page.goto(f"{scene.app.url}{ROOT}verify.html")
                await page.locator("#given").fill(ALTERED)
                await page.locator("#form button").first.click()
                await expect(page.locator("#answer del")).to_be_visible()
                file = TARGET / f"{name}.png"
                await page.screenshot(path=file, animations="disabled")
                print(f"{file.name}: {file.stat().st_size // 1024} KB")
                await page.close()


async def everywhere(browser: Browser, stage: Stage) -> None:
    async with visiting(browser, stage, viewport=WINDOW) as visit:
        await publish(visit, "Міст, з фото", "Міст через Сулу")
        await take(visit, "everywhere")


async def doubt(browser: Browser, stage: Stage) -> None:
    async with visiting(browser, stage, locale="en-US", color_scheme="dark", viewport=WINDOW) as visit:
        await trouble(visit)
        await take(visit, "doubt")


@dataclass(frozen=True)
class Way:
    """The three ways to bring an article, in one language. `text` is a page as a mouse copies it."""

    language: str
    locale: str
    suffix: str
    text: str
    link: str
    card: str


WAYS = {
    "uk": Way(
        "uk",
        "uk-UA",
        ".uk",
        """Суспільство

Трамвай повернувся на площу

28 листопада, 10:40
318 переглядів

Перший вагон проїхав повз ринок о шостій ранку.

Колію ремонтували з травня. Квиток коштує вісім гривень.

Поділитися: Facebook · Telegram
статус: підтверджено
джерело: Міська рада""",
        "Посилання",
        "чернетка",
    ),
    "en": Way(
        "en",
        "en-US",
        "",
        """Home / City
The tram is back on the square
28 November, 10:40 am
318 views

The first car passed the market at six in the morning.

The track was under repair since May. A ticket costs eight hryvnias.

Share: Facebook · Telegram
status: confirmed
source: City council""",
        "Link",
        "draft",
    ),
}


async def three_ways(browser: Browser, stage: Stage, *, way: Way) -> None:
    """A pasted text, a pasted address, and what the feed brings: each with its card."""
    async with visiting(browser, stage, locale=way.locale, viewport=TALL) as visit:
        stage.sandbox.telegram.world.people[town.OWNER].language = way.language
        await visit.says(OWNER, way.text)
        await _card(visit, 1, way, "text")
        await visit.picks(way.link)
        await _card(visit, 2, way, "link")
        await visit.picks("Стрічка")
        await stage.keeper.move_clock(MINUTE)
        await _card(visit, 3, way, "feed")


async def _card(visit: Visit, number: int, way: Way, name: str) -> None:
    await visit.shows(OWNER, f"#{number} · {way.card}")
    phone = visit.phone(OWNER)
    await phone.locator(".bubbles").evaluate("chat => chat.scrollTo(0, chat.scrollHeight)")
    file = TARGET / f"editors-{name}{way.suffix}.webp"
    await still(phone, file, PHONE)
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


async def moving(browser: Browser, stage: Stage) -> None:
    """From the article in the editor's chat to every phone."""
    async with visiting(browser, stage, viewport=WINDOW) as visit:
        film = Film(visit.page, MOVING)
        await film.shoot(1.5)
        await visit.picks("Міст, з фото")
        await visit.shows(OWNER, "#1 · чернетка")
        await film.shoot(3)
        await visit.presses(OWNER, "📨 Надіслати на погодження")
        await expect(visit.phone(EDITOR).get_by_role("button", name="Погодити").last).to_be_visible()
        await film.shoot(3)
        await visit.presses(EDITOR, "Погодити")
        await visit.shows(OWNER, "#1 погоджено: ")
        await film.shoot(2.5)
        await visit.presses(OWNER, "Опублікувати зараз")
        await stage.sandbox.until(lambda: stage.keeper.leaving is not None)
        await film.shoot(1.5)
        await visit.countdown_ends()
        for phone in CHANNELS + READERS:
            await visit.shows(phone, "Міст через Сулу")
        await visit.shows(OWNER, "вийшов")
        await _settled(visit)
        await film.shoot(5)
        film.save(TARGET / "demo.webp")
        print(f"demo.webp: {(TARGET / 'demo.webp').stat().st_size // 1024} KB")


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
    await visit.shows(OWNER, "#1 · чернетка")
    await visit.approves()
    await visit.switches("viber", "drop", on=True)
    await visit.publishes()
    await visit.shows(OWNER, "Невідомо, чи з’явився допис")
    for phone in CHANNELS + READERS:
        await visit.shows(phone, "Ferry to the island")


async def take(visit: Visit, name: str) -> None:
    """Take a picture of the page once all its images are loaded and nothing moves."""
    await _settled(visit)
    await visit.page.evaluate("scrollTo(0, 0)")
    file = TARGET / f"{name}.png"
    await visit.page.screenshot(path=file, animations="disabled")
    print(f"{file.name}: {file.stat().st_size // 1024} KB")


async def _settled(visit: Visit) -> None:
    await visit.page.evaluate(
        "Promise.allSettled([...document.images].map((image) => ((image.loading = 'eager'), image.decode())))"
    )
    await expect(visit.page.locator(".toast:visible")).to_have_count(0)
    await visit.page.mouse.move(0, 0)


if __name__ == "__main__":
    asyncio.run(main())
